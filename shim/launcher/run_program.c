/*
 * run_program.c: fork, wait, and the signals in between. The program keeps the terminal and the process group, so that
 * keys like ^C and ^Z reach it without us.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launcher.h"

static volatile sig_atomic_t child;

/* What the kernel sends, as when a terminal goes away, goes to the whole group: the program has it already. */
static void pass_on(int signal, siginfo_t *info, void *context)
{
    (void)context;
    int saved = errno;
    if (info->si_code != SI_KERNEL)
        kill(child, signal);
    errno = saved;
}

static const int passed[] = {SIGTERM, SIGHUP};
static const int ignored[] = {SIGINT, SIGQUIT};

static void take_signals(void)
{
    struct sigaction handle = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART}, old;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (sigaction(passed[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* as under nohup */
            sigaction(passed[i], &handle, NULL);
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        sigaction(ignored[i], &ignore, NULL);
}

static int say_failure(const struct sc_launch *launch, int error)
{
    sc_say("%s: %s", launch->program, strerror(error));
    return error == ENOENT ? SC_EXIT_NOT_FOUND : SC_EXIT_CANNOT_RUN;
}

/*
 * Waits for the child to end but leaves it unreaped while signals are still passed on: its pid can then not be another
 * process's.
 */
static int wait_for(pid_t pid, const sigset_t *all, int *ret_status)
{
    siginfo_t info;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0)
        if (errno != EINTR)
            return -errno;
    sigprocmask(SIG_BLOCK, all, NULL);
    return waitpid(pid, ret_status, 0) == pid ? 0 : -errno;
}

/* Returns only where the program could not be started; the error goes through the pipe, which exec closes. */
static void in_child(const struct sc_launch *launch, int report, const sigset_t *mask, const struct sigaction *on_child)
{
    sigaction(SIGCHLD, on_child, NULL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    int error = -sc_exec_program(launch);
    if (write(report, &error, sizeof error) != sizeof error)
        _exit(SC_EXIT_CANNOT_RUN);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int sc_launch_run(const struct sc_launch *launch)
{
    sigset_t all, mask;
    struct sigaction standard = {.sa_handler = SIG_DFL}, on_child;
    int report[2], error = 0, status = 0;
    char path[PATH_MAX];
    if (pipe2(report, O_CLOEXEC) != 0) {
        sc_say("no pipe to be had: %m");
        return SC_EXIT_REFUSED;
    }
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask);
    sigaction(SIGCHLD, &standard, &on_child); /* where it was ignored, children would vanish unwaited for */
    uint64_t began = now();
    pid_t pid = fork();
    if (pid == 0) {
        in_child(launch, report[1], &mask, &on_child);
        _exit(SC_EXIT_CANNOT_RUN);
    }
    if (pid < 0) {
        sc_say("no process to be had: %m");
        return SC_EXIT_REFUSED;
    }
    child = pid;
    close(report[1]);
    take_signals();
    sigprocmask(SIG_SETMASK, &mask, NULL);
    bool failed = read(report[0], &error, sizeof error) == sizeof error;
    close(report[0]);
    int result = wait_for(pid, &all, &status);
    if (failed)
        return say_failure(launch, error);
    if (result < 0) {
        sc_say("%s: waiting for it failed: %s", launch->program, strerror(-result));
        return SC_EXIT_REFUSED;
    }
    if (sc_capture_name(launch, pid, path) == 0)
        sc_capture_ended(launch, path, status, now() - began);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
