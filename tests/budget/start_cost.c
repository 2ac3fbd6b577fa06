/*
 * What the start of a program costs, counted: the same every time, as addresses are not drawn.
 *
 *   start_cost steps|calls EXECS PROGRAM [ARGUMENT]...
 *
 * Counted is from the end of the EXECS-th exec on (env PROGRAM has two) to the end of the process: its instructions,
 * one by one, or its system calls and its page faults. It is traced, which the library must not mind.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void begin(char **argv)
{
    cpu_set_t one; /* two that take turns at every instruction are faster on one processor */
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    child = fork();
    if (child)
        return;
    personality(ADDR_NO_RANDOMIZE);
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    execvp(argv[0], argv);
    _exit(127);
}

/* Goes on until the next stop. False: there is none, the process has ended. */
static int go(int how, int *ret_status)
{
    if (ptrace(how, child, NULL, NULL) != 0 || waitpid(child, ret_status, 0) != child)
        exit(3);
    return WIFSTOPPED(*ret_status);
}

static long faults(void)
{
    char path[64], text[1024] = "";
    long count = -1;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    FILE *file = fopen(path, "r");
    char *at = file && fgets(text, sizeof text, file) ? strrchr(text, ')') : NULL;
    if (!at || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %ld", &count) != 1)
        exit(3);
    fclose(file);
    return count;
}

int main(int argc, char **argv)
{
    int status, steps = argc > 3 && strcmp(argv[1], "steps") == 0;
    long stops = 0, before, after = 0;
    if (argc < 4)
        return 2;
    begin(argv + 3);
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
        return 3;
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL);
    for (int execs = atoi(argv[2]); execs; execs -= status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
        if (!go(PTRACE_CONT, &status))
            return 4;
    before = faults();
    while (go(steps ? PTRACE_SINGLESTEP : PTRACE_SYSCALL, &status)) {
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
            after = faults();
        stops++;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return 4;
    /* The exit has a stop of its own, and its call has no end; a call has two. */
    if (steps)
        printf("%ld steps\n", stops - 1);
    else
        printf("%ld calls %ld faults\n", stops / 2, after - before);
    return 0;
}
