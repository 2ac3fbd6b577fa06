/*
 * The irregular forms, each once, with everything that can be seen of the result. Built three times: as it is, with
 * 64-bit offsets, and fortified.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Not constants, so that the compiler can't look through them and the checking forms are called. */
static volatile size_t four = 4;
static volatile int read_only = O_RDONLY;

static unsigned mode_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_mode & 07777 : 0xffff;
}

static void opens(void)
{
    int fd = open("plain", O_RDWR | O_CREAT, 0640);
    printf("open O_CREAT mode %o\n", mode_of(fd));
    close(fd);
    fd = open(".", O_TMPFILE | O_RDWR, 0604);
    if (fd < 0)
        printf("O_TMPFILE errno %d\n", errno);
    else
        printf("O_TMPFILE mode %o write %d\n", mode_of(fd), (int)write(fd, "tmp", 3));
    close(fd);
    fd = open(".", O_DIRECTORY | read_only);
    printf("O_DIRECTORY %d\n", fd >= 0);
    int at = openat(fd, "below", O_WRONLY | O_CREAT | O_EXCL, 0611);
    printf("openat mode %o\n", mode_of(at));
    close(at);
    at = openat(fd, "plain", read_only);
    printf("openat %d\n", at >= 0);
    close(at);
    close(fd);
    fd = creat("created", 0601);
    printf("creat mode %o\n", mode_of(fd));
    close(fd);
    fd = open64("plain", O_RDWR | O_APPEND);
    printf("open64 flags %x\n", (unsigned)fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND));
    close(fd);
    fd = open("plain", read_only | O_CLOEXEC);
    printf("open cloexec %d\n", fcntl(fd, F_GETFD));
    close(fd);
    fd = open("missing", read_only);
    printf("missing %d\n", fd);
}

static void reads(void)
{
    char buffer[16] = {0};
    int fd = open("plain", O_RDWR);
    write(fd, "0123456789", 10);
    printf("pread %zd\n", pread(fd, buffer, four, 2));
    lseek(fd, 1, SEEK_SET);
    printf("read %zd", read(fd, buffer + 4, four));
    printf(" %.8s\n", buffer);
    printf("lseek %lld\n", (long long)lseek(fd, -2, SEEK_END));
    printf("lseek data %lld\n", (long long)lseek(fd, 0, SEEK_DATA));
    symlink("plain", "link");
    memset(buffer, 0, sizeof buffer);
    printf("readlink %zd", readlink("link", buffer, four));
    printf(" %s\n", buffer);
    printf("readlinkat %zd", readlinkat(AT_FDCWD, "link", buffer, four));
    printf(" %s\n", buffer);
    char folder[4096];
    printf("getcwd %s\n", getcwd(folder, sizeof folder) == folder ? strrchr(folder, '/') : "other");
    char *own = getcwd(NULL, 0);
    printf("getcwd NULL %d\n", own && strcmp(own, folder) == 0);
    free(own);
    close(fd);
}

static void sizes(void)
{
    struct stat st;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 3, .l_len = 5};
    int fd = open("sized", O_RDWR | O_CREAT, 0600);
    printf("ftruncate %d\n", ftruncate(fd, (off_t)5 << 32));
    printf("truncate %d\n", truncate("sized", 100));
    fstat(fd, &st);
    printf("size %lld\n", (long long)st.st_size);
    printf("posix_fallocate %d\n", posix_fallocate(fd, 0, 5000));
    stat("sized", &st);
    printf("size %lld\n", (long long)st.st_size);
    printf("lockf %d\n", lockf(fd, F_LOCK, 10));
    printf("lockf %d\n", lockf(fd, F_ULOCK, 0));
    printf("F_SETLK %d\n", fcntl(fd, F_SETLK, &lock));
    printf("F_GETLK %d", fcntl(fd, F_GETLK, &lock));
    printf(" type %d\n", lock.l_type);
    printf("F_SETFL %d\n", fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK));
    printf("F_GETFL %x\n", (unsigned)fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
    printf("F_DUPFD %d\n", fcntl(fd, F_DUPFD, 40));
    close(40);
    close(fd);
}

static void streams(void)
{
    static const char *const modes[] = {"r", "r+", "w", "w+", "a", "a+", "rb", "wx", "re", "r,ccs=UTF-8", "q", ""};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        FILE *stream = fopen("plain", modes[i]);
        if (!stream) {
            printf("fopen %s errno %d\n", modes[i], errno);
            continue;
        }
        int fd = fileno(stream);
        printf("fopen %s fd %d flags %x cloexec %d\n", modes[i], fd,
               (unsigned)fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND), fcntl(fd, F_GETFD));
        fclose(stream);
    }
    int fd = open("streamed", O_RDWR | O_CREAT, 0600);
    FILE *stream = fdopen(fd, "r+");
    fputs("by fdopen\n", stream);
    stream = freopen("reopened", "w+", stream);
    fputs("by freopen\n", stream);
    printf("freopen fd same %d\n", fileno(stream) == fd);
    FILE *same = freopen(NULL, "r", stream);
    printf("freopen NULL %d\n", same != NULL);
    if (same)
        fclose(same);
    printf("fdopen wrong mode %d", fdopen(0, "q") == NULL);
    printf(" errno %d\n", errno);
    char memory[16] = "";
    stream = fmemopen(memory, sizeof memory, "w");
    fputs("memory", stream);
    printf("fclose of memory %d", fclose(stream));
    printf(" %s\n", memory);
}

static void by_number(void)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, "numbered", O_RDWR | O_CREAT, 0622);
    printf("SYS_openat mode %o\n", mode_of(fd));
    printf("SYS_write %ld\n", syscall(SYS_write, fd, "by number", 9));
    printf("SYS_lseek %ld\n", syscall(SYS_lseek, fd, 3, SEEK_SET));
    char buffer[16] = "";
    printf("SYS_read %ld", syscall(SYS_read, fd, buffer, 9));
    printf(" %s\n", buffer);
    long map = syscall(SYS_mmap, 0, 4096, PROT_READ, MAP_SHARED, fd, 0);
    printf("SYS_mmap %d %.9s\n", map != -1, (char *)map);
    printf("SYS_munmap %ld\n", syscall(SYS_munmap, map, 4096));
    printf("SYS_fsync %ld\n", syscall(SYS_fsync, fd));
    printf("SYS_close %ld\n", syscall(SYS_close, fd));
    printf("SYS_close %ld", syscall(SYS_close, fd));
    printf(" errno %d\n", errno);
    printf("SYS_gettid %d\n", syscall(SYS_gettid) == getpid());
}

static void heap(void)
{
    char *before = sbrk(0);
    printf("sbrk %d\n", sbrk(8192) == before);
    before[8191] = 1;
    printf("sbrk 0 %ld\n", (long)((char *)sbrk(0) - before));
    printf("sbrk back %ld\n", (long)((char *)sbrk(-8192) - before));
    printf("brk %d", brk(before + 4096));
    printf(" %ld\n", (long)((char *)sbrk(0) - before));
}

int main(void)
{
    umask(0);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16); /* stdio's own memory is there before the heap is looked at */
    printf("begin\n");
    opens();
    reads();
    sizes();
    streams();
    by_number();
    heap();
    return 0;
}
