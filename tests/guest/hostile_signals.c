/*
 * Signals and what a program can observe of its own state. By argument:
 *
 *   state     dispositions, masks, timers, working folder, umask, locale: printed at the start, and again after work
 *   timer     a fast interval timer whose handler writes, over a loop that writes; ends after a fixed number of both
 *   jump      the same, and the handler leaves by siglongjmp every time
 *   altstack BYTES  the handler runs on an alternate stack of so many bytes beyond the least that the system allows,
 * and makes files there fork      the handler forks, in a process with two threads sigsys    the program installs a
 * filter that traps a call, and handles SIGSYS
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

enum { HANDLED = 2000 };

static int in_loop, in_handler;
static volatile int handled;
static sigjmp_buf out;

static void write_or_die(int fd, const char *bytes, size_t count)
{
    if (write(fd, bytes, count) != (ssize_t)count)
        _exit(90);
}

static void start_timer(int microseconds)
{
    struct itimerval every = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &every, NULL);
}

static void show_state(const char *when)
{
    char line[256], folder[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, status))
        if (strncmp(line, "Sig", 3) == 0 || strncmp(line, "Shd", 3) == 0 || strncmp(line, "Umask", 5) == 0 ||
            strncmp(line, "Threads", 7) == 0 || strncmp(line, "NoNewPrivs", 10) == 0 ||
            strncmp(line, "Seccomp:", 8) == 0 || strncmp(line, "CapEff", 6) == 0)
            if (strncmp(line, "SigQ", 4) != 0)
                printf("%s: %s", when, line);
    fclose(status);
    for (int i = 1; i < 65; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            printf("%s: signal %d has flags %x\n", when, i, action.sa_flags);
    }
    for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++) {
        struct itimerval timer;
        getitimer(which, &timer);
        printf("%s: timer %d %ld %ld\n", when, which, timer.it_value.tv_sec, timer.it_interval.tv_sec);
    }
    stack_t stack;
    sigaltstack(NULL, &stack);
    printf("%s: alternate stack %d %zu\n", when, stack.ss_flags, stack.ss_size);
    printf("%s: folder %s\n", when, getcwd(folder, sizeof folder) ? strrchr(folder, '/') : "?");
    printf("%s: locale %s\n", when, setlocale(LC_ALL, NULL));
    printf("%s: no child: %d %d\n", when, waitpid(-1, NULL, WNOHANG), errno);
    printf("%s: dumpable %d, death signal %d\n", when, prctl(PR_GET_DUMPABLE), prctl(PR_GET_KEEPCAPS));
    fflush(stdout);
}

static int errno_of_main;

static void *first_errno(void *unused)
{
    printf("a thread begins with errno %d\n", errno);
    return unused;
}

/* A thread can be joined a moment before the kernel counts it no more. */
static void until_alone(void)
{
    enum { LINKS_OF_ONE = 3 };
    struct stat task;
    while (stat("/proc/self/task", &task) == 0 && task.st_nlink != LINKS_OF_ONE)
        sched_yield();
}

static void state(void)
{
    pthread_t thread;
    printf("main begins with errno %d\n", errno_of_main);
    pthread_create(&thread, NULL, first_errno, NULL);
    pthread_join(thread, NULL);
    until_alone();
    show_state("start");
    signal(SIGCHLD, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < 40000; i++) /* several chunks */
        write_or_die(in_loop, "loop", 4);
    sigset_t pending;
    sigpending(&pending);
    printf("pending %d %d\n", sigismember(&pending, SIGCHLD), sigismember(&pending, SIGUSR2));
    show_state("end");
}

static void on_timer(int signal)
{
    int error = errno;
    (void)signal;
    write_or_die(in_handler, "handler", 7);
    handled++;
    errno = error;
}

static void timer(void)
{
    struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    start_timer(60);
    for (int i = 0; i < 300000; i++)
        write_or_die(in_loop, "loop", 4);
    while (handled < HANDLED)
        ;
    start_timer(0);
    /* How often it came differs from run to run: to a fixed number, so that the file is the same. */
    ftruncate(in_handler, 0);
    int record = open("times", O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < handled; i++)
        write_or_die(record, "", 1);
    ftruncate(record, 0);
    printf("timer done\n");
}

static void on_jump(int signal)
{
    (void)signal;
    if (handled == HANDLED)
        return; /* the timer's last tick, before it is stopped */
    write_or_die(in_handler, "handler", 7);
    handled++;
    siglongjmp(out, 1);
}

static void jump(void)
{
    struct sigaction action = {.sa_handler = on_jump};
    sigaction(SIGALRM, &action, NULL);
    sigsetjmp(out, 1);
    if (handled < HANDLED) {
        start_timer(40);
        for (;;)
            write(in_loop, "loop", 4);
    }
    start_timer(0);
    signal(SIGALRM, SIG_IGN);
    ftruncate(in_loop, 0);
    for (int i = 0; i < 1000; i++)
        write_or_die(in_handler, "after", 5);
    /* Not by stdio, whose write at exit interpose mode does not see: each write is to be accounted for. */
    write_or_die(1, "jump done\n", 10);
}

static void on_small_stack(int signal)
{
    (void)signal;
    int fd = open("small", O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (int i = 0; i < 10; i++)
        write_or_die(fd, "small", 5);
    struct stat st;
    fstat(fd, &st);
    close(fd);
    handled++;
}

static size_t beyond;

static void altstack(void)
{
    size_t least = getauxval(AT_MINSIGSTKSZ), page = 4096;
    /* What the kernel puts there, and what libc calls its minimum for the handler. */
    size_t size = least + beyond;
    size_t whole = (size + page - 1) / page * page;
    char *map = mmap(NULL, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(map, page, PROT_NONE); /* one byte too many is seen */
    stack_t stack = {.ss_sp = map + page, .ss_size = size};
    if (sigaltstack(&stack, NULL) != 0)
        printf("sigaltstack failed\n");
    struct sigaction action = {.sa_handler = on_small_stack, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    on_small_stack(0);             /* binding a function takes ld.so more stack than there is */
    for (int i = 1; i < 3000; i++) /* some of them change chunks */
        raise(SIGUSR1);
    printf("altstack %d\n", handled);
}

static void on_fork(int signal)
{
    int status;
    (void)signal;
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++)
            write_or_die(in_handler, "child", 5);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status)
        _exit(91);
    handled++;
}

static void *write_meanwhile(void *stop)
{
    while (!*(volatile int *)stop)
        write_or_die(in_loop, "loop", 4);
    return NULL;
}

static void fork_in_handler(void)
{
    int stop = 0;
    pthread_t thread;
    sigset_t set;
    struct sigaction action = {.sa_handler = on_fork, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_create(&thread, NULL, write_meanwhile, &stop);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    start_timer(1000);
    while (handled < 100)
        write_or_die(in_loop, "loop", 4);
    start_timer(0);
    signal(SIGALRM, SIG_IGN);
    stop = 1;
    pthread_join(thread, NULL);
    ftruncate(in_loop, 0);
    for (int i = handled; i < 110; i++)
        write_or_die(in_handler, "child", 5); /* not forked ones make up the number */
    ftruncate(in_handler, 0);
    printf("fork done\n");
}

static void on_sigsys(int signal, siginfo_t *info, void *context)
{
    ucontext_t *interrupted = context;
    (void)signal;
    interrupted->uc_mcontext.gregs[REG_RAX] = info->si_syscall == SYS_getpriority ? 77 : 99;
    handled++;
}

static void sigsys(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};
    sigaction(SIGSYS, &action, NULL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        printf("cannot install a filter\n");
    for (int i = 0; i < 100; i++)
        write_or_die(in_loop, "loop", 4);
    long result = syscall(SYS_getpriority, 0, 0);
    printf("getpriority %ld, handled %d\n", result, handled);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } ways[] = {{"state", state},       {"timer", timer},          {"jump", jump},
                {"altstack", altstack}, {"fork", fork_in_handler}, {"sigsys", sigsys}};
    errno_of_main = errno;
    beyond = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    in_loop = open("loop", O_WRONLY | O_CREAT, 0600);
    in_handler = open("handler", O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (argc > 1 && strcmp(argv[1], ways[i].name) == 0)
            ways[i].run();
    return 0;
}
