/*
 * stacks PATH [LIBRARY]: does one thing on a stack of its own, which was filled with a pattern, and prints how many
 * bytes of it were written to. Without an argument: the names of all paths. What is more of them with the library than
 * without it is what the library takes below the program's own use.
 *
 * Linked with -z now: to bind a function at its first call takes ld.so more than all that is measured here.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "uring_ring.h"

enum {
    STACK_BYTES = 256 * 1024,
    FRAMES = 20,         /* of ours, for SYSCAP_STACK to go through */
    RENEWALS = 60 * 100, /* calls with a path: more than the first four chunks hold */
};
static const unsigned long PATTERN = 0x5ca1ab1e0ddba11u;

static char *const true_command[] = {"true", NULL};
static const char *library;
static int file, sockets[2];
static int child_status;
static char shared_name[32];

static void fail(const char *what)
{
    printf("failed: %s: %s\n", what, strerror(errno));
    fflush(stdout);
    _exit(2);
}

static void nothing(void)
{
}

static void plain(void)
{
    lseek(file, 0, SEEK_CUR);
}

static void renewal(void)
{
    struct stat st;
    char name[] = "/nowhere/aaaa";
    for (int i = 0; i < RENEWALS; i++) {
        lseek(file, 0, SEEK_CUR);
        for (size_t digit = 0, rest = (size_t)i; digit < 4; digit++, rest /= 16)
            name[9 + digit] = (char)('a' + rest % 16);
        stat(name, &st);
    }
}

static void write_file(void)
{
    if (write(file, "data", 4) != 4)
        fail("write");
}

/* A socket: its bytes are looked at before the call. */
static void write_socket(void)
{
    static char zeros[10000];
    if (write(sockets[0], zeros, sizeof zeros) != sizeof zeros)
        fail("write to a socket");
}

static void vectors(void)
{
    struct iovec three[3] = {{"one", 3}, {"two", 3}, {"three", 5}};
    if (writev(file, three, 3) != 11 || pwritev(file, three, 3, 0) != 11)
        fail("writev");
}

static void names(void)
{
    struct stat st;
    stat("/nowhere/at/all", &st);
    access("/nowhere/at/all", R_OK);
    rename("/nowhere/at/all", "/nowhere/else");
}

static void opens(void)
{
    int fd = open("opened", O_RDWR | O_CREAT, 0600), other = dup(fd);
    dup2(fd, other);
    if (close(other) != 0 || close(fd) != 0)
        fail("open");
    FILE *stream = fopen("opened", "w");
    fputs("text", stream);
    fclose(stream);
}

static void messages(void)
{
    char bytes[16], control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec out[2] = {{"mess", 4}, {"age", 3}}, in[2] = {{bytes, 8}, {bytes + 8, 8}};
    struct msghdr message = {.msg_iov = out, .msg_iovlen = 2, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *descriptor = CMSG_FIRSTHDR(&message);
    descriptor->cmsg_level = SOL_SOCKET;
    descriptor->cmsg_type = SCM_RIGHTS;
    descriptor->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(descriptor), &file, sizeof file);
    if (sendmsg(sockets[0], &message, 0) != 7)
        fail("sendmsg");
    message.msg_iov = in;
    if (recvmsg(sockets[1], &message, 0) != 7)
        fail("recvmsg");
}

static void shared_memory(void)
{
    if (close(shm_open(shared_name, O_RDWR | O_CREAT, 0600)) != 0 || shm_unlink(shared_name) != 0)
        fail("shm_open");
}

static void rings(void)
{
    struct ring ring;
    if (!ring_open(&ring, 8, 0) || !ring_rw(&ring, IORING_OP_WRITE, file, "text", 4, 0) || ring_run(&ring) != 4)
        fail("io_uring");
    ring_close(&ring);
}

static void on_signal(int number)
{
    (void)number;
    plain();
}

static void signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
}

static void map_file(void)
{
    char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    *memory = (char)ftruncate(file, 4096);
    munmap(memory, 4096);
}

static void load(void)
{
    void *handle = dlopen(library, RTLD_NOW);
    if (!handle || dlclose(handle) != 0)
        fail("dlopen");
}

static void *no_call(void *unused)
{
    return unused;
}

static void *one_call(void *unused)
{
    plain();
    return unused;
}

static void create_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, no_call, NULL) != 0)
        fail("pthread_create");
    pthread_join(thread, NULL);
}

static void with_vfork(void)
{
    pid_t child = vfork();
    if (child == 0) {
        plain();
        _exit(0);
    }
    waitpid(child, &child_status, 0);
}

static void vfork_exec(void)
{
    pid_t child = vfork();
    if (child == 0) {
        execv("/bin/true", true_command);
        _exit(127);
    }
    waitpid(child, &child_status, 0);
}

static void spawn(void)
{
    pid_t child;
    if (posix_spawn(&child, "/bin/true", NULL, NULL, true_command, environ) != 0)
        fail("posix_spawn");
    waitpid(child, &child_status, 0);
}

static void spawnp(void)
{
    pid_t child;
    if (posix_spawnp(&child, "true", NULL, NULL, true_command, environ) != 0)
        fail("posix_spawnp");
    waitpid(child, &child_status, 0);
}

static void shell(void)
{
    child_status = system("exit 0");
}

static void exec(void)
{
    execv("/bin/true", true_command);
}

static void execp(void)
{
    execvp("true", true_command);
}

static void leave(void)
{
    exit(0);
}

static void leave_now(void)
{
    _exit(0);
}

static void fork_parent(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, &child_status, 0);
}

/* Where the path runs. */
enum place {
    HERE,
    CHILD,      /* in a forked child that has made a call before; the stack is memory of both */
    FORK_CHILD, /* forks on the stack; the child's copy of it is looked at */
    THREAD,     /* as a thread with that stack, of which libc takes its part */
};

static const struct {
    const char *name;
    enum place place;
    void (*run)(void);
    void *(*start)(void *);
} paths[] = {
    {"nothing", HERE, nothing, NULL},
    {"a call with numbers only", HERE, plain, NULL},
    {"new chunks", HERE, renewal, NULL},
    {"write to a file", HERE, write_file, NULL},
    {"write to a socket", HERE, write_socket, NULL},
    {"writev, pwritev", HERE, vectors, NULL},
    {"stat, access, rename", HERE, names, NULL},
    {"open, dup, close, fopen", HERE, opens, NULL},
    {"sendmsg, recvmsg", HERE, messages, NULL},
    {"shm_open, shm_unlink", HERE, shared_memory, NULL},
    {"io_uring", HERE, rings, NULL},
    {"sigaction, a handler's call", HERE, signals, NULL},
    {"a mapped file", HERE, map_file, NULL},
    {"dlopen, dlclose", HERE, load, NULL},
    {"pthread_create", HERE, create_thread, NULL},
    {"a thread without calls", THREAD, NULL, no_call},
    {"a thread's first call and end", THREAD, NULL, one_call},
    {"fork, in the parent", HERE, fork_parent, NULL},
    {"fork, a child's first call", FORK_CHILD, NULL, NULL},
    {"vfork, a child's call and end", HERE, with_vfork, NULL},
    {"vfork, execv", HERE, vfork_exec, NULL},
    {"posix_spawn", HERE, spawn, NULL},
    {"posix_spawnp", HERE, spawnp, NULL},
    {"system", HERE, shell, NULL},
    {"execv", CHILD, exec, NULL},
    {"execvp", CHILD, execp, NULL},
    {"exit", CHILD, leave, NULL},
    {"_exit", CHILD, leave_now, NULL},
};

static __attribute__((noinline)) void go_deep(void (*run)(void), int frames)
{
    if (frames)
        go_deep(run, frames - 1);
    else
        run();
    __asm__ volatile("" ::: "memory"); /* no jump at the end in place of the call */
}

static void run_deep(void (*run)(void))
{
    go_deep(run, FRAMES);
}

/* By hand: libc's way to change stacks is a call itself. */
static void run_on(char *top, void (*run)(void))
{
    register char *stack __asm__("rbx") = top;
    register void (*to)(void (*)(void)) __asm__("r12") = run_deep;
    register void (*with)(void) __asm__("rdi") = run;
    __asm__ volatile("xchg %%rsp, %%rbx\n\tcall *%%r12\n\tmov %%rbx, %%rsp"
                     : "+r"(stack), "+r"(to), "+r"(with)
                     :
                     : "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "cc", "memory");
}

static void fill(unsigned long *stack)
{
    for (size_t i = 0; i < STACK_BYTES / sizeof *stack; i++)
        stack[i] = PATTERN;
}

static size_t written_to(const unsigned long *stack)
{
    size_t i = 0;
    while (i < STACK_BYTES / sizeof *stack && stack[i] == PATTERN)
        i++;
    return STACK_BYTES - i * sizeof *stack;
}

static pid_t forked;

static void fork_and_call(void)
{
    forked = fork();
    if (forked == 0)
        plain();
}

/* The child's copy of the stack is looked at by the child. */
static void run_fork(unsigned long *stack, size_t *ret_shared)
{
    run_on((char *)stack + STACK_BYTES, fork_and_call);
    if (forked == 0) {
        *ret_shared = written_to(stack);
        _exit(0);
    }
    waitpid(forked, &child_status, 0);
}

static void run_thread(unsigned long *stack, void *(*start)(void *))
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, STACK_BYTES);
    if (pthread_create(&thread, &attributes, start, NULL) != 0)
        fail("pthread_create");
    pthread_join(thread, NULL);
}

static void run_child(char *top, void (*run)(void))
{
    pid_t child = fork();
    if (child == 0) {
        plain();
        run_on(top, run);
        _exit(126);
    }
    waitpid(child, &child_status, 0);
}

static size_t measure(size_t which)
{
    int sharing = paths[which].place == CHILD ? MAP_SHARED : MAP_PRIVATE;
    unsigned long *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    size_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *top = (char *)stack + STACK_BYTES;
    fill(stack);
    switch (paths[which].place) {
    case HERE: run_on(top, paths[which].run); break;
    case CHILD: run_child(top, paths[which].run); break;
    case FORK_CHILD: run_fork(stack, shared); return *shared;
    case THREAD: run_thread(stack, paths[which].start); break;
    }
    return written_to(stack);
}

int main(int argc, char **argv)
{
    library = argc > 2 ? argv[2] : NULL;
    sprintf(shared_name, "/stacks.%d", (int)getpid());
    file = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (argc > 1 && strcmp(argv[1], paths[i].name) == 0)
            printf("%zu\n", measure(i));
        else if (argc == 1)
            printf("%s\n", paths[i].name);
    }
    if (child_status != 0)
        printf("failed: a child ended with %x\n", child_status);
    return child_status != 0;
}
