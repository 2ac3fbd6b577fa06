/*
 * A signal handler that does I/O, at every single instruction of a call: the processor's trap flag raises SIGTRAP after
 * each. In the child number N the handler acts after instruction N, so that over all children each instruction of ours
 * is the one that was interrupted. By argument:
 *
 *   fill   it makes more records than a chunk holds, so that the interrupted one finds another chunk than it left
 *   jump   it leaves by siglongjmp, and ten writes follow
 *   fork   it forks a child that writes
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    TRAP_FLAG = 0x100,
    OPENS = 8, /* of names of 4,000 bytes: twice a first chunk */
    NOTHING_LEFT = 7,
    ENOUGH = 100000,
};

static volatile long steps, act_at;
static volatile int finished, acted;
static const char *how;
static int file, after;
static sigjmp_buf out;

static void fill(void)
{
    char name[4001];
    for (int i = 0; i < OPENS; i++) {
        memset(name, 'a' + i, sizeof name - 1);
        for (size_t at = 100; at < sizeof name - 1; at += 100)
            name[at] = '/';
        name[sizeof name - 1] = '\0';
        if (open(name, O_RDONLY) >= 0 || errno != ENOENT)
            _exit(90);
    }
}

static void act(void)
{
    acted = 1;
    if (strcmp(how, "fill") == 0) {
        fill();
    } else if (strcmp(how, "jump") == 0) {
        siglongjmp(out, 1);
    } else {
        int status;
        pid_t child = fork();
        if (child == 0)
            _exit(write(after, "forked", 6) != 6);
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            _exit(91);
    }
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
    ucontext_t *interrupted = context;
    int error = errno;
    (void)signal;
    (void)info;
    if (finished || ++steps >= act_at)
        interrupted->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
    if (steps == act_at && !finished)
        act();
    errno = error;
}

static void one_child(void)
{
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &action, NULL);
    write(file, "warm", 4); /* the function is bound and its descriptor known */
    if (sigsetjmp(out, 1) == 0) {
        __asm__ volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\torl $0x100, (%%rsp)\n\tpopfq\n\tlea 128(%%rsp), %%rsp" ::
                             : "memory", "cc");
        ssize_t wrote = write(file, "step", 4);
        finished = 1;
        if (wrote != 4)
            _exit(92);
    }
    if (strcmp(how, "jump") == 0)
        for (int i = 0; i < 10; i++)
            if (write(after, "after", 5) != 5)
                _exit(93);
    _exit(acted ? 0 : NOTHING_LEFT);
}

int main(int argc, char **argv)
{
    how = argc > 1 ? argv[1] : "fill";
    long stride = argc > 2 ? atol(argv[2]) : 1;
    int bad = 0, left = 1;
    file = open("/dev/null", O_WRONLY);
    after = open(strcmp(how, "jump") == 0 ? "after" : "/dev/zero", O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (act_at = 1; left && act_at < ENOUGH; act_at += stride) {
        int status;
        pid_t child = fork();
        if (child == 0)
            one_child();
        if (waitpid(child, &status, 0) != child)
            return 2;
        left = !(WIFEXITED(status) && WEXITSTATUS(status) == NOTHING_LEFT);
        if (left && status != 0 && !bad++)
            printf("step %ld: status %x\n", act_at, status);
    }
    if (strcmp(how, "jump") == 0) /* how many children there were differs: it is as long as the call */
        truncate("after", 0);
    printf("%s, %d children ended badly\n", left ? "never done" : "done", bad);
    return bad != 0 || left;
}
