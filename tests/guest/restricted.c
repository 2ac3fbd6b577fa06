/*
 * Programs that give something up which a recorder needs, after it has begun.
 *
 *   counter     the time stamp counter: reading it is SIGSEGV from then on; and back
 *   counters    the same, then threads and a fork; the threads never get it back
 *   strict      all system calls but four
 *   filtered    a filter that allows little; a fork afterwards writes a lot
 *   failing     attempts that fail: nothing is given up
 */
#include <errno.h>
#include <fcntl.h>
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
    else
        return 2;
    say(what);
    say(" done\n");
    return 0;
}
