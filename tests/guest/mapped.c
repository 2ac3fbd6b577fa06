/* mapped.c: stores into files through memory, of which the program knows which pages they were. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, FILE_PAGES = 64 };

static int make_sized(const char *name, off_t bytes)
{
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || ftruncate(fd, bytes))
        exit(3);
    return fd;
}

static int make(const char *name)
{
    return make_sized(name, FILE_PAGES * PAGE);
}

static char *map(int fd, int protection, size_t pages, size_t from)
{
    char *memory = mmap(NULL, pages * PAGE, protection, MAP_SHARED, fd, (off_t)(from * PAGE));
    if (memory == MAP_FAILED)
        exit(4);
    return memory;
}

static char *map_whole(int fd)
{
    return map(fd, PROT_READ | PROT_WRITE, FILE_PAGES, 0);
}

/* Nothing is read, so that the kernel maps nothing around it. */
static void fill(char *memory, size_t from, size_t count, int value)
{
    for (size_t i = from; i < from + count; i++)
        memset(memory + i * PAGE, value, PAGE);
}

/* The lowest descriptor that is free: nothing may stand in its place. */
static void show_descriptor(const char *when)
{
    int fd = dup(0);
    printf("%s %d\n", when, fd);
    close(fd);
}

static int pages(void)
{
    char *memory = map_whole(make("pages"));
    fill(memory, 0, 5, 'x');
    fill(memory, 5, 5, 0);
    fill(memory, 50, 1, 'y');
    show_descriptor("before");
    printf("unmapped %d\n", munmap(memory, FILE_PAGES * PAGE));
    show_descriptor("after");
    errno = 17;
    munmap(map_whole(make("none")), FILE_PAGES * PAGE);
    printf("errno %d\n", errno);
    volatile char *read = map_whole(make("read"));
    printf("read %d\n", read[20 * PAGE]);
    return 0;
}

static int parts(void)
{
    int fd = make("parts");
    char *one = map_whole(fd), *other = map(fd, PROT_READ | PROT_WRITE, 16, 8);
    fill(one, 0, 10, 'a');
    fill(other, 0, 4, 'b'); /* pages 8 to 11 */
    fill(one, 20, 10, 'c');
    munmap(one + 22 * PAGE, 4 * PAGE);
    fill(one, 40, 2, 0);
    if (mmap(one + 40 * PAGE, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        return 1;
    close(fd);
    fill(one, 50, 3, 'd');
    munmap(other, 16 * PAGE);
    return 0; /* what is left of one is still mapped */
}

static int moves(void)
{
    char *memory = map(make("moves"), PROT_READ | PROT_WRITE, 8, 0);
    fill(memory, 0, 2, 'a');
    char *away = mmap(NULL, FILE_PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memory = mremap(memory, 8 * PAGE, 32 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, away);
    printf("moved %d\n", memory == away);
    fill(memory, 2, 2, 'b');
    fill(memory, 30, 1, 0);
    printf("shrunk %d\n", mremap(memory, 32 * PAGE, 16 * PAGE, 0) == memory);
    fill(memory, 10, 1, 'c');
    char *twin = mremap(memory + 4 * PAGE, 0, 8 * PAGE, MREMAP_MAYMOVE); /* the same file once more, from page 4 on */
    printf("twin %d\n", twin != MAP_FAILED && twin[6 * PAGE] == 'c');
    fill(twin, 3, 1, 'd');
    munmap(memory, 16 * PAGE);
    fill(twin, 1, 1, 'e');
    return 0;
}

static void child(char *memory, size_t page, const char *program)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        fill(memory, page, 1, (int)page);
        if (program)
            execl(program, program, (char *)NULL);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

static int forks(void)
{
    int fd = make("forks");
    char *memory = map_whole(fd);
    fill(memory, 0, 2, 'a');
    child(memory, 10, NULL);
    child(memory, 11, "/bin/true");
    child(memory, 12, "/does/not/exist");
    fill(memory, 20, 1, 0);
    printf("children %d %d %d\n", memory[10 * PAGE], memory[11 * PAGE], memory[12 * PAGE]);
    return 0;
}

static int syncs(void)
{
    char *memory = map_whole(make("syncs"));
    fill(memory, 0, 3, 'a');
    printf("synced %d\n", msync(memory, FILE_PAGES * PAGE, MS_SYNC));
    fill(memory, 2, 3, 0);
    printf("synced %d\n", msync(memory, FILE_PAGES * PAGE, MS_ASYNC));
    fill(memory, 40, 2, 'b');
    printf("advised %d\n", madvise(memory, FILE_PAGES * PAGE, MADV_DONTNEED));
    fill(memory, 2, 1, 'c');
    return 0;
}

/* Beyond the file's end nothing can be looked at. */
static int ends(void)
{
    int fd = make_sized("ends", PAGE + 100);
    char *memory = map_whole(fd);
    memory[0] = memory[PAGE] = 1;
    printf("unmapped %d\n", munmap(memory, FILE_PAGES * PAGE));
    memory = map_whole(make("cut"));
    fill(memory, 0, 4, 'a');
    printf("cut %d\n", truncate("cut", PAGE));
    printf("unmapped %d\n", munmap(memory, FILE_PAGES * PAGE));
    return 0;
}

static int kinds(void)
{
    int fd = make("kinds"), only = open("kinds", O_RDONLY);
    char *memory = map(fd, PROT_READ, FILE_PAGES, 0);
    printf("allowed %d\n", mprotect(memory, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE));
    fill(memory, 0, 3, 'a');
    volatile char *read = map(only, PROT_READ, FILE_PAGES, 0);
    printf("read %d %d\n", read[PAGE], map(make("looked"), PROT_READ, FILE_PAGES, 0)[PAGE]);
    memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    fill(memory, 10, 3, 'b');
    memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fill(memory, 20, 3, 'c');
    fd = memfd_create("kept", 0);
    if (ftruncate(fd, FILE_PAGES * PAGE))
        return 1;
    fill(map_whole(fd), 0, 4, 0);
    return 0;
}

/* On a file system that keeps its files in memory alone. */
static int memory(void)
{
    char name[64];
    snprintf(name, sizeof name, "/dev/shm/mapped-guest.%d", getppid());
    char *memory = map_whole(make(name));
    fill(memory, 0, 6, 0);
    fill(memory, 60, 4, 'z');
    printf("removed %d\n", unlink(name));
    return 0;
}

static int killed(void)
{
    char *memory = map_whole(make("killed"));
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        fill(memory, 0, 2, 'a');
        msync(memory, FILE_PAGES * PAGE, MS_SYNC);
        fill(memory, 10, 1, 'b');
        kill(getpid(), SIGKILL);
    }
    int status;
    waitpid(pid, &status, 0);
    printf("signal %d\n", WTERMSIG(status));
    fill(memory, 20, 1, 'c');
    return 0;
}

static void *work(void *argument)
{
    char name[32];
    snprintf(name, sizeof name, "thread%d", (int)(size_t)argument);
    int fd = make(name);
    for (size_t i = 0; i < 16; i++) {
        char *memory = map(fd, PROT_READ | PROT_WRITE, 2, i & ~1UL);
        fill(memory, i % 2, 1, i % 4 ? 'x' : 0);
        munmap(memory, 2 * PAGE);
    }
    close(fd);
    return NULL;
}

static int threads(void)
{
    enum { THREADS = 4 };
    pthread_t ids[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        pthread_create(&ids[i], NULL, work, (void *)i);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(ids[i], NULL);
    show_descriptor("descriptor");
    return 0;
}

/* A bit at a time, again and again. */
static int windows(void)
{
    int fd = make("windows");
    for (size_t i = 0; i < 1000; i++) {
        char *memory = map(fd, PROT_READ | PROT_WRITE, 2, i % 32 * 2);
        if (i % 2)
            fill(memory, 0, 1, 'w');
        munmap(memory, 2 * PAGE);
    }
    return 0;
}

/* More than are followed; what is not is said. */
static int many(void)
{
    int fd = make("many");
    for (int i = 0; i < 520; i++)
        fill(map(fd, PROT_READ | PROT_WRITE, 1, (size_t)i % FILE_PAGES), 0, 1, 'm');
    return 0;
}

/* The kernel copies nothing out of such a mapping where it is asked by process_vm_readv. */
static int only(void)
{
    char *memory = map(make("only"), PROT_WRITE, FILE_PAGES, 0);
    fill(memory, 0, 12, 0);
    fill(memory, 20, 3, 'o');
    show_descriptor("before");
    printf("unmapped %d\n", munmap(memory, FILE_PAGES * PAGE));
    show_descriptor("after");
    return 0;
}

static int filter(void)
{
    struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {1, allow};
    char *memory = map_whole(make("filter"));
    fill(memory, 0, 1, 'f');
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    printf("filter %d\n", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
    printf("unmapped %d\n", munmap(memory, FILE_PAGES * PAGE));
    return 0;
}

/* No descriptor is to be had for the look. */
static int full(void)
{
    char *memory = map_whole(make("full"));
    fill(memory, 0, 1, 'f');
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_NOFILE, &none);
    printf("unmapped %d\n", munmap(memory, FILE_PAGES * PAGE));
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } all[] = {{"pages", pages}, {"parts", parts},     {"moves", moves},   {"forks", forks},   {"syncs", syncs},
               {"ends", ends},   {"kinds", kinds},     {"memory", memory}, {"killed", killed}, {"threads", threads},
               {"many", many},   {"windows", windows}, {"filter", filter}, {"full", full},     {"only", only}};
    for (size_t i = 0; argc == 2 && i < sizeof all / sizeof *all; i++)
        if (strcmp(argv[1], all[i].name) == 0)
            return all[i].run();
    return 2;
}
