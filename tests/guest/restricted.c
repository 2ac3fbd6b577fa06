/*
 * Programs that give something up which a recorder needs, after it has begun.
 *
 *   counter     the time stamp counter: reading it is SIGSEGV from then on; and back
 *   counters    the same, then threads and a fork; the threads never get it back
 *   strict      all system calls but four
 *   filtered    a filter that allows little; a fork afterwards writes a lot
 *   failing     attempts that fail: nothing is given up
 *   dispatch    calls that do not come from the C library's text are handed back as SIGSYS
 *   dispatched  the same with another thread that writes meanwhile
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_some(const char *path, int count)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (int i = 0; i < count; i++)
        write(fd, "12345678", 8);
    close(fd);
}

static void say(const char *text)
{
    write(1, text, strlen(text));
}

static int forbid_counter(void)
{
    return prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0);
}

static void counter(void)
{
    write_some("before", 100);
    if (forbid_counter() != 0)
        say("cannot forbid\n");
    write_some("without", 5000);
    prctl(PR_SET_TSC, PR_TSC_ENABLE, 0, 0, 0);
    write_some("again", 5000);
}

static void *in_thread(void *path)
{
    write_some(path, 1000);
    return NULL;
}

static void counters(void)
{
    pthread_t threads[2];
    forbid_counter();
    pthread_create(&threads[0], NULL, in_thread, "thread0");
    pthread_create(&threads[1], NULL, in_thread, "thread1");
    prctl(PR_SET_TSC, PR_TSC_ENABLE, 0, 0, 0); /* of this thread only */
    write_some("main", 1000);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    forbid_counter();
    if (fork() == 0) {
        write_some("child", 1000);
        _exit(0); /* an exec would not do: the loader reads the counter */
    }
    int status;
    wait(&status);
    if (status)
        say("the child did not end well\n");
}

static void strict(void)
{
    int fd = open("strict", O_WRONLY | O_CREAT, 0600);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) {
        say("cannot be strict\n");
        exit(0);
    }
    for (int i = 0; i < 300; i++)
        write(fd, "12345678", 8);
    say("strict done\n");
    syscall(SYS_exit, 0); /* exit_group is not among the four */
}

/* Everything else is EPERM, and what this library could want is death. */
static int install(void)
{
#define ALLOW(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(SYS_write),
        ALLOW(SYS_exit_group),
        ALLOW(SYS_exit),
        ALLOW(SYS_clone),
        ALLOW(SYS_wait4),
        ALLOW(SYS_set_robust_list),
        ALLOW(SYS_rt_sigprocmask),
        KILL(SYS_mremap),
        KILL(SYS_process_vm_readv),
        KILL(SYS_fstat),
        KILL(SYS_madvise),
        KILL(SYS_futex),
        KILL(SYS_getpid),
        KILL(SYS_gettid),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void filtered(void)
{
    int fd = open("filtered", O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (install() != 0) {
        say("cannot filter\n");
        return;
    }
    for (int i = 0; i < 100; i++)
        write(fd, "12345678", 8);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 2000; i++)
            write(fd, "12345678", 8);
        _exit(0);
    }
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    say(status == 0 ? "the child ended well\n" : "the child did not end well\n");
}

static void failing(void)
{
    struct sock_fprog none = {0, NULL};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &none) == 0 || prctl(PR_SET_SECCOMP, 17, 0) == 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (void *)8) == 0 || prctl(PR_SET_TSC, 17, 0, 0, 0) == 0)
        say("did not fail\n");
    write_some("after", 20000);
}

/* Syscall user dispatch: linux/prctl.h has the names from 5.11. */
enum { SET_DISPATCH = 59, DISPATCH_OFF = 0, DISPATCH_ON = 1, CALL = 400 /* nobody's */ };

static volatile char selector = 1; /* SYSCALL_DISPATCH_FILTER_BLOCK */
static volatile int handed_back;
static uint64_t text[2];        /* of the C library */
extern const char call_there[]; /* behind the instruction */

static int find_text(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X && strstr(info->dlpi_name, "libc.so")) {
            text[0] = info->dlpi_addr + segment->p_vaddr;
            text[1] = segment->p_memsz;
        }
    }
    return 0;
}

static void take_back(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    if (info->si_code == 2 /* SYS_USER_DISPATCH */ && info->si_syscall == CALL && info->si_call_addr == call_there)
        handed_back++;
}

static __attribute__((noinline, noclone)) void call_from_here(void)
{
    long result = CALL;
    __asm__ volatile("syscall\n.globl call_there\ncall_there:" : "+a"(result) : : "rcx", "r11", "memory");
}

static void dispatch(void)
{
    struct sigaction action = {.sa_sigaction = take_back, .sa_flags = SA_SIGINFO};
    sigaction(SIGSYS, &action, NULL);
    dl_iterate_phdr(find_text, NULL);
    write_some("before", 50);
    if (prctl(SET_DISPATCH, DISPATCH_ON, text[0], text[1], &selector) != 0) {
        say("cannot dispatch\n");
        return;
    }
    write_some("during", 2000);
    for (int i = 0; i < 3; i++)
        call_from_here();
    if (fork() == 0) { /* what it has is not its maker's */
        write_some("child", 1000);
        _exit(0);
    }
    int status;
    wait(&status);
    prctl(SET_DISPATCH, DISPATCH_OFF, 0, 0, 0);
    write_some("after", 50);
    printf("%d handed back, child %d\n", handed_back, status);
    fflush(stdout);
}

static void *write_on(void *stop)
{
    int fd = open("/dev/null", O_WRONLY);
    while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED))
        write(fd, "12345678", 8);
    close(fd);
    return NULL;
}

static void dispatched(void)
{
    static int stop;
    pthread_t thread;
    pthread_create(&thread, NULL, write_on, &stop);
    for (int i = 0; i < 100; i++)
        dispatch();
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "counter") == 0)
        counter();
    else if (strcmp(what, "counters") == 0)
        counters();
    else if (strcmp(what, "strict") == 0)
        strict();
    else if (strcmp(what, "filtered") == 0)
        filtered();
    else if (strcmp(what, "failing") == 0)
        failing();
    else if (strcmp(what, "dispatch") == 0)
        dispatch();
    else if (strcmp(what, "dispatched") == 0)
        dispatched();
    else
        return 2;
    say(what);
    say(" done\n");
    return 0;
}
