/*
 * For each wrapped function: errno is a sentinel before a call that succeeds and before one that fails. Printed: the
 * result and errno after it. Without us the same must come out.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SENTINEL = 4242 };
static int out; /* a copy of standard output above the numbers in use here */

#define SHOW(call)                                                                                                     \
    do {                                                                                                               \
        errno = SENTINEL;                                                                                              \
        long long value_ = (long long)(call);                                                                          \
        int error_ = errno;                                                                                            \
        dprintf(out, "%s: %lld errno %d\n", #call, value_, error_);                                                    \
    } while (0)
/* For results that are addresses: only whether it is the bad one. */
#define SHOW_ADDRESS(call, bad) SHOW(((call) == (bad)) ? -1 : 0)

static void offsets(int fd, struct iovec *iov, char *buffer)
{
    off_t at = 0;
    SHOW(write(fd, "0123456789", 10));
    SHOW(write(99, "x", 1));
    SHOW(write(fd, NULL, 0));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(lseek(fd, -1, SEEK_SET));
    SHOW(lseek(fd, 0, 77));
    SHOW(lseek(99, 0, SEEK_CUR));
    SHOW(read(fd, buffer, 4));
    SHOW(read(99, buffer, 4));
    SHOW(pread(fd, buffer, 4, 100));
    SHOW(pread(fd, buffer, 4, -1));
    SHOW(pwrite(fd, "ab", 2, 20));
    SHOW(pwrite(fd, "ab", 2, -5));
    SHOW(readv(fd, iov, 2));
    SHOW(readv(fd, iov, -1));
    SHOW(writev(fd, iov, 2));
    SHOW(writev(99, iov, 2));
    SHOW(preadv(fd, iov, 2, 0));
    SHOW(preadv(fd, iov, 2, -2));
    SHOW(pwritev(fd, iov, 2, 40));
    SHOW(pwritev(99, iov, 2, 40));
    SHOW(preadv2(fd, iov, 2, 0, 0));
    SHOW(preadv2(fd, iov, 2, 0, 0x40000000));
    SHOW(pwritev2(fd, iov, 2, -1, 0));
    SHOW(pwritev2(fd, iov, 2, 0, 0x40000000));
    SHOW(sendfile(fd, 99, &at, 1));
    SHOW(copy_file_range(99, NULL, fd, NULL, 1, 0));
    at = 0;
    int other = open("other", O_RDWR | O_CREAT, 0600);
    SHOW(copy_file_range(fd, &at, other, NULL, 8, 0));
    SHOW(at);
    at = 0;
    SHOW(sendfile(other, fd, &at, 8));
    SHOW(close(other));
}

static void sizes(int fd)
{
    SHOW(ftruncate(fd, 100));
    SHOW(ftruncate(fd, -1));
    SHOW(ftruncate(99, 1));
    SHOW(truncate("file", 200));
    SHOW(truncate("missing", 200));
    SHOW(fallocate(fd, 0, 0, 4096));
    SHOW(fallocate(fd, 0, 0, 0));
    SHOW(posix_fallocate(fd, 0, 8192)); /* answers with the number, errno is not its business */
    SHOW(posix_fallocate(fd, -1, 8192));
    SHOW(posix_fallocate(99, 0, 1));
    SHOW(fsync(fd));
    SHOW(fsync(99));
    SHOW(fdatasync(fd));
    SHOW(fdatasync(99));
    SHOW(flock(fd, LOCK_EX));
    SHOW(flock(99, LOCK_EX));
    SHOW(lockf(fd, F_LOCK, 0));
    SHOW(lockf(fd, F_TEST, 0));
    SHOW(lockf(fd, 99, 0));
    SHOW(lockf(99, F_ULOCK, 0));
}

static void descriptors(int fd)
{
    SHOW(dup(fd));
    SHOW(dup(99));
    SHOW(dup2(fd, 20));
    SHOW(dup2(99, 20));
    SHOW(dup2(fd, fd));
    SHOW(dup3(fd, 21, O_CLOEXEC));
    SHOW(dup3(fd, fd, 0));
    SHOW(fcntl(fd, F_GETFL) & O_ACCMODE);
    SHOW(fcntl(fd, F_GETFD));
    SHOW(fcntl(99, F_GETFD));
    SHOW(fcntl(fd, F_DUPFD, 30));
    SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 30));
    SHOW(fcntl(fd, 9999, 0));
    SHOW(close(20));
    SHOW(close(20));
    SHOW(close_range(21, 40, 0));
    SHOW(close_range(40, 21, 0));
}

static void names(char *buffer)
{
    struct stat st;
    struct statx stx;
    SHOW(open("missing", O_RDONLY));
    SHOW(open("file", O_RDONLY | O_CREAT | O_EXCL, 0600));
    SHOW(close(open("file", O_RDONLY)));
    SHOW(openat(99, "file", O_RDONLY));
    SHOW(creat("missing/file", 0600));
    SHOW(close(creat("made", 0600)));
    SHOW(stat("file", &st));
    SHOW(stat("missing", &st));
    SHOW(lstat("file", &st));
    SHOW(lstat("missing", &st));
    SHOW(fstat(0, &st));
    SHOW(fstat(99, &st));
    SHOW(fstatat(AT_FDCWD, "file", &st, 0));
    SHOW(fstatat(AT_FDCWD, "file", &st, 0x40000000));
    SHOW(statx(AT_FDCWD, "file", 0, STATX_BASIC_STATS, &stx));
    SHOW(statx(AT_FDCWD, "missing", 0, STATX_BASIC_STATS, &stx));
    SHOW(access("file", R_OK));
    SHOW(access("missing", R_OK));
    SHOW(faccessat(AT_FDCWD, "file", R_OK, 0));
    SHOW(faccessat(AT_FDCWD, "file", 99, 0));
    SHOW(symlink("file", "link"));
    SHOW(readlink("link", buffer, 10));
    SHOW(readlink("file", buffer, 10));
    SHOW(readlinkat(AT_FDCWD, "link", buffer, 2));
    SHOW(readlinkat(99, "link", buffer, 2));
    SHOW(rename("made", "renamed"));
    SHOW(rename("made", "renamed"));
    SHOW(renameat(AT_FDCWD, "renamed", AT_FDCWD, "made"));
    SHOW(renameat2(AT_FDCWD, "made", AT_FDCWD, "file", RENAME_NOREPLACE));
    SHOW(mkdir("folder", 0700));
    SHOW(mkdir("folder", 0700));
    SHOW(mkdirat(AT_FDCWD, "folder/inner", 0700));
    SHOW(mkdirat(99, "inner", 0700));
    SHOW(rmdir("folder"));
    SHOW(rmdir("folder/inner"));
    SHOW(unlink("folder"));
    SHOW(unlink("made"));
    SHOW(unlink("made"));
    SHOW(unlinkat(AT_FDCWD, "folder", AT_REMOVEDIR));
    SHOW(unlinkat(AT_FDCWD, "folder", AT_REMOVEDIR));
    SHOW_ADDRESS(getcwd(buffer, 4096), NULL);
    SHOW_ADDRESS(getcwd(buffer, 1), NULL);
    char *own = getcwd(NULL, 0);
    SHOW_ADDRESS(own, NULL);
    free(own);
}

static void memory(int fd)
{
    char *map = NULL;
    SHOW_ADDRESS(map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
    SHOW_ADDRESS(mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0), MAP_FAILED);
    SHOW_ADDRESS(mmap(NULL, 4096, PROT_READ, MAP_SHARED, 99, 0), MAP_FAILED);
    SHOW(mprotect(map, 4096, PROT_READ));
    SHOW(mprotect(map + 1, 4096, PROT_READ));
    SHOW(msync(map, 8192, MS_SYNC));
    SHOW(msync(map, 8192, MS_SYNC | MS_ASYNC));
    SHOW(madvise(map, 8192, MADV_NORMAL));
    SHOW(madvise(map, 8192, 9999));
    SHOW_ADDRESS(mremap(map, 8192, 4096, 0), MAP_FAILED);
    SHOW_ADDRESS(mremap(map + 1, 4096, 4096, 0), MAP_FAILED);
    SHOW(munmap(map, 4096));
    SHOW(munmap(map + 1, 4096));
    SHOW_ADDRESS(sbrk(0), (void *)-1);
    SHOW_ADDRESS(sbrk(4096), (void *)-1);
    SHOW_ADDRESS(sbrk((intptr_t)1 << 60), (void *)-1);
    SHOW(brk((void *)((intptr_t)1 << 60)));
    void *end = sbrk(0);
    SHOW(brk(end));
}

static void streams(void)
{
    SHOW_ADDRESS(fopen("missing", "r"), NULL);
    SHOW_ADDRESS(fopen("file", "nonsense"), NULL);
    SHOW_ADDRESS(fdopen(99, "r"), NULL);
    FILE *stream = NULL;
    SHOW_ADDRESS(stream = fopen("file", "r+"), NULL);
    SHOW_ADDRESS(stream = freopen("other", "w", stream), NULL);
    SHOW(fputs("text", stream) >= 0);
    SHOW(fclose(stream));
    SHOW_ADDRESS(stream = fopen("/dev/full", "w"), NULL);
    fputs("text", stream);
    SHOW(fclose(stream));
    SHOW_ADDRESS(stream = fopen("file", "r"), NULL);
    SHOW_ADDRESS(freopen("missing", "r", stream), NULL);
}

static void processes(void)
{
    int status = 0;
    SHOW(waitpid(-1, &status, 0));
    pid_t child = fork();
    if (child == 0) {
        errno = SENTINEL;
        execl("/missing/program", "program", (char *)NULL);
        dprintf(out, "execl: errno %d\n", errno);
        execlp("missing-program", "program", (char *)NULL);
        dprintf(out, "execlp: errno %d\n", errno);
        char *argv[] = {"file", NULL};
        execve("./file", argv, argv + 1);
        dprintf(out, "execve: errno %d\n", errno);
        _exit(7);
    }
    SHOW(waitpid(child, &status, 0) == child);
    SHOW(WEXITSTATUS(status));
    SHOW(syscall(SYS_lseek, 99, 0, SEEK_SET));
    SHOW(syscall(SYS_getpid) == getpid());
    SHOW(syscall(9999));
    SHOW(syscall(-1));
    SHOW(system("exit 3"));
    SHOW(wait(&status));
}

int main(void)
{
    char buffer[8192];
    struct iovec iov[2] = {{buffer, 3}, {buffer + 10, 2}};
    memset(buffer, 'b', sizeof buffer);
    out = fcntl(1, F_DUPFD, 50);
    close(0);
    open("/dev/null", O_RDONLY);
    int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
    offsets(fd, iov, buffer);
    sizes(fd);
    descriptors(fd);
    names(buffer);
    memory(fd);
    streams();
    processes();
    dprintf(out, "done\n");
    return 0;
}
