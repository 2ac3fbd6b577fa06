/*
 * Calls every symbol that the shim wraps, once, by name (dlsym), so that no header chooses another one. Before each
 * call close(-1000 - N) marks the place in the capture; at the end "N symbol what" tells what is expected there: names
 * of calls, joined by + where there are several, by | where it depends on the C library. "-" stands for a call that is
 * made for the program by libc itself and that wrappers can't see; "absent" for a symbol that this libc does not have.
 * The calls themselves are in every_symbol.def.
 *
 * With the argument "cancel" each is called twice: first by a thread that is to be cancelled and finds that out in this
 * call, if it is a cancellation point, then as ever. What the first came to is told.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utime.h>

typedef long function(long, ...);

enum { MARK = 1000, LIST_BYTES = 1 << 16 };

static char list[LIST_BYTES];
static size_t listed;
static int number;
static long made; /* what the last call returned */

static function *find(const char *symbol)
{
    function *found = (function *)dlsym(RTLD_DEFAULT, symbol);
    return found ? found : (function *)dlvsym(RTLD_DEFAULT, symbol, "GLIBC_2.2.5");
}

static function *announce(const char *symbol, const char *what)
{
    function *call = find(symbol);
    number++;
    listed +=
        (size_t)snprintf(list + listed, LIST_BYTES - listed, "%d %s %s\n", number, symbol, call ? what : "absent");
    return call;
}

static void mark(void)
{
    syscall(SYS_close, -MARK - number);
}

static bool cancelling;

struct cancelled {
    function *call;
    const long *a;
};

static void *call_cancelled(void *argument)
{
    const struct cancelled *one = argument;
    const long *a = one->a;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_cancel(pthread_self());
    mark();
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    made = one->call(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    return NULL;
}

/* True if it was: then it has not been made. */
static bool was_cancelled(const char *symbol, function *call, const long *a)
{
    struct cancelled one = {call, a};
    pthread_t thread;
    void *result = NULL;
    if (pthread_create(&thread, NULL, call_cancelled, &one) != 0 || pthread_join(thread, &result) != 0)
        _exit(90);
    bool by_chance = strcmp(symbol, "mkdtemp") == 0; /* libc asks for more randomness in one case of twenty */
    printf("%s %s\n", symbol, by_chance ? "either" : result == PTHREAD_CANCELED ? "cancelled" : "returned");
    return result == PTHREAD_CANCELED;
}

static void run(const char *symbol, const char *what, const long *a)
{
    function *call = announce(symbol, what);
    made = -1;
    if (!call)
        return;
    if (cancelling && !was_cancelled(symbol, call, a))
        return;
    mark();
    made = call(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
}

/* In a child of its own: calls that end the process or replace it. */
static void run_child(const char *symbol, const char *what, const long *a)
{
    function *call = announce(symbol, what);
    int status;
    if (!call)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        if (cancelling)
            was_cancelled(symbol, call, a);
        mark();
        call(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
        syscall(SYS_exit_group, 1);
    }
    waitpid(pid, &status, 0);
}

/* The child ends without a call that could be seen. */
static void run_vfork(const char *symbol)
{
    typedef pid_t twice(void) __attribute__((returns_twice));
    int status;
    twice *call = (twice *)announce(symbol, "-");
    mark();
    if (call && call() == 0)
        for (;;)
            __asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(0) : "rcx", "r11", "memory");
    wait(&status);
}

#define CALL(symbol, what, ...) run(#symbol, what, (const long[7]){__VA_ARGS__});
#define CHILD(symbol, what, ...) run_child(#symbol, what, (const long[7]){__VA_ARGS__});
#define P(pointer) (long)(pointer)

/* A child that has ended, to be waited for. */
static long ended_child(void)
{
    pid_t pid = fork();
    if (pid == 0)
        syscall(SYS_exit_group, 3);
    return pid;
}

/* A name to be completed by mkstemp and its kind, in the current folder. */
static char *template_of(const char *text)
{
    static char templates[32][32];
    static unsigned used;
    char *name = templates[used++ % 32];
    strcpy(name, text);
    return name;
}

static void *nothing(void *unused)
{
    return unused;
}

static char buffer[8192];
static struct iovec iov[2] = {{buffer, 4}, {buffer + 4, 4}};
static struct stat st;
static struct timeval tv[2] = {{1, 2}, {3, 4}};
static struct timespec ts[2] = {{1, 2}, {3, 4}};
static struct utimbuf ut = {1, 2};
static struct timeval no_time;
static struct timespec no_wait;
static struct flock lock = {.l_type = F_RDLCK, .l_len = 1};
static char *const echo[] = {"true", NULL};
extern char **environ;

#include "every_symbol.def"

int main(int argc, char **argv)
{
    cancelling = argc > 1 && strcmp(argv[1], "cancel") == 0;
    files();
    names();
    memory();
    descriptors();
    sockets();
    terminals();
    processes();
    fwrite(list, 1, listed, stdout);
    return 0;
}
