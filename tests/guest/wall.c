/*
 * Programs that are right and do what a recorder could trip over: memory that is gone as soon as the kernel has taken
 * it, pointers that the kernel refuses, stacks that are small.
 *
 *   handed         a page is written to a pipe; who reads it unmaps it before the writer is back
 *   reused         the same, and who reads it fills it with something else: first zeros, then not
 *   lent           as handed, by a descriptor whose number a vfork child had for a file of its own
 *   left           a handler leaves a call by siglongjmp and unmaps the name that it was given
 *   refused        exec, posix_spawn and clone3 with pointers that lead nowhere
 *   names          calls that fail for other reasons than their names
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, ROUNDS = 400 };

static char *map_page(void)
{
    return mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

struct handing {
    int from;
    char *volatile pages[ROUNDS]; /* as they are sent */
    int unmap;
};

/* Takes whole pages, and then does with the sender's what only the sender's being done with it allows. */
static void *take(void *argument)
{
    struct handing *handing = argument;
    char got[PAGE];
    for (int i = 0; i < ROUNDS; i++) {
        for (size_t have = 0; have < PAGE;) {
            ssize_t part = read(handing->from, got + have, PAGE - have);
            if (part <= 0)
                return NULL;
            have += (size_t)part;
        }
        char *page = handing->pages[i];
        if (handing->unmap)
            munmap(page, PAGE);
        else
            memset(page, got[0] ? 0 : 1, PAGE);
    }
    return NULL;
}

/* The child's table of descriptors is its own, its memory is not. */
static void lend(int fd)
{
    int status = 0;
    pid_t pid = vfork();
    if (pid == 0) {
        dup2(open("mine", O_CREAT | O_WRONLY | O_TRUNC, 0600), fd);
        write(fd, "x", 1);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    printf("lent: %d\n", status);
}

/* One by a pipe and one by a socket, in turn plain and in two parts. */
static void hand(int unmap, int lent)
{
    for (int way = 0; way < 2; way++) {
        int ends[2];
        pthread_t taker;
        struct handing handing = {.unmap = unmap};
        if (way == 0 ? pipe(ends) : socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
            exit(1);
        handing.from = ends[0];
        if (lent)
            lend(ends[1]);
        char *page = map_page();
        size_t taken = 0;
        pthread_create(&taker, NULL, take, &handing);
        for (int i = 0; i < ROUNDS; i++) {
            if (unmap && i)
                page = map_page();
            memset(page, i & 1, PAGE);
            handing.pages[i] = page;
            struct iovec parts[2] = {{page, 100}, {page + 100, PAGE - 100}};
            taken += (size_t)(i % 4 < 2 ? write(ends[1], page, PAGE) : writev(ends[1], parts, 2));
            /* The next page only when this one has been dealt with: an empty pipe is not enough to know that. */
            if (!unmap)
                while (__atomic_load_n((volatile char *)page + PAGE - 1, __ATOMIC_ACQUIRE) == (i & 1))
                    sched_yield();
        }
        pthread_join(taker, NULL);
        printf("%s: %zu bytes taken\n", way ? "socket" : "pipe", taken);
        close(ends[0]);
        close(ends[1]);
    }
}

static sigjmp_buf back;
static char *volatile name;

static void leave(int signal)
{
    (void)signal;
    munmap(name, PAGE);
    siglongjmp(back, 1);
}

/* open of a pipe without a writer waits. */
static void leave_calls(void)
{
    struct itimerval soon = {.it_value = {.tv_usec = 2000}};
    signal(SIGALRM, leave);
    mkfifo("nobody", 0600);
    volatile int left = 0;
    for (volatile int i = 0; i < 50; i++) {
        if (sigsetjmp(back, 1)) {
            left++;
            continue;
        }
        name = map_page();
        strcpy(name, "nobody");
        setitimer(ITIMER_REAL, &soon, NULL);
        open(name, O_RDONLY);
    }
    printf("left %d calls\n", left);
}

static int try_clone3(void *arguments, size_t bytes)
{
    long result = syscall(SYS_clone3, arguments, bytes);
    return result < 0 ? errno : 0;
}

static void say_exec(const char *what, char *const *argv, char *const *environment)
{
    errno = 0;
    execve("/bin/true", argv, environment);
    printf("execve with %s: %s\n", what, strerror(errno));
    pid_t pid;
    printf("posix_spawn with %s: %s\n", what, strerror(posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environment)));
}

static void refused(void)
{
    char *const argv[] = {"true", NULL};
    char *const bad_string[] = {"A=b", (char *)8, NULL};
    char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + PAGE, PAGE);
    char **cut = (char **)(page + PAGE - sizeof(char *));
    *cut = "A=b"; /* and behind it nothing */
    memset(page, 'x', PAGE - sizeof(char *));
    char *const unended[] = {page, NULL};
    say_exec("an environment that is none", argv, (char **)8);
    say_exec("a string that is none", argv, bad_string);
    say_exec("an array without an end", argv, cut);
    memset(page, 'x', PAGE);
    say_exec("a string without an end", argv, unended);
    errno = 0;
    execve("/bin/true", (char **)8, NULL); /* libc itself looks at posix_spawn's */
    printf("execve with arguments that are none: %s\n", strerror(errno));
    errno = 0;
    execve((char *)8, argv, NULL);
    printf("execve of no name: %s\n", strerror(errno));
    printf("clone3: %s\n", strerror(try_clone3((void *)8, 88)));
    printf("clone3 of nothing: %s\n", strerror(try_clone3(NULL, 0)));
    char *edge = page + PAGE - 16;
    printf("clone3 over the edge: %s\n", strerror(try_clone3(edge, 88)));
}

static void names(void)
{
    char longer[300];
    struct stat st;
    memset(longer, 'n', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    close(open("mine", O_CREAT | O_WRONLY, 0600));
    printf("too long: %s\n", stat(longer, &st) == 0 ? "there" : strerror(errno));
    printf("bad buffer: %s\n", syscall(SYS_newfstatat, AT_FDCWD, "mine", (void *)8, 0) == 0 ? "?" : strerror(errno));
    printf("name that is none: %s\n",
           syscall(SYS_newfstatat, AT_FDCWD, (char *)8, &st, 0) == 0 ? "?" : strerror(errno));
    printf("rename, the second none: %s\n", syscall(SYS_rename, "missing", (char *)8) == 0 ? "?" : strerror(errno));
    printf("set time: %s\n", syscall(SYS_chmod, "mine/below", 0600) == 0 ? "?" : strerror(errno));
    printf("mount: %s\n", syscall(SYS_chroot, "mine") == 0     ? "?"
                          : errno == EPERM || errno == ENOTDIR ? "refused"
                                                               : "?");
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(what, "handed") == 0)
        hand(1, 0);
    else if (strcmp(what, "reused") == 0)
        hand(0, 0);
    else if (strcmp(what, "lent") == 0)
        hand(1, 1);
    else if (strcmp(what, "left") == 0)
        leave_calls();
    else if (strcmp(what, "refused") == 0)
        refused();
    else if (strcmp(what, "names") == 0)
        names();
    else
        return 2;
    printf("%s done\n", what);
    return 0;
}
