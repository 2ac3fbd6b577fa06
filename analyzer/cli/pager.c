#include "pager.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process has one standard output. */
static struct {
    pid_t pid; /* 0: there is none */
    int terminal;
} pager;

static const char *pager_command(void)
{
    const char *command = getenv("PAGER");
    if (!command)
        return "if command -v less >/dev/null; then exec less; else exec cat; fi";
    return *command && strcmp(command, "cat") != 0 ? command : NULL;
}

static void become_pager(const char *command, const int ends[2])
{
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    close(pager.terminal);
    setenv("LESS", "FRX", 0); /* short output stays on the screen, colours are shown */
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

void sc_pager_begin(void)
{
    int ends[2];
    const char *command = pager_command();
    if (pager.pid || !command || !isatty(STDOUT_FILENO))
        return;
    fflush(stdout);
    if (pipe(ends))
        return;
    pager.terminal = dup(STDOUT_FILENO);
    pid_t pid = pager.terminal < 0 ? -1 : fork();
    if (pid == 0)
        become_pager(command, ends);
    if (pid > 0) {
        dup2(ends[1], STDOUT_FILENO);
        pager.pid = pid;
        signal(SIGPIPE, SIG_IGN);
        signal(SIGINT, SIG_IGN);
        signal(SIGQUIT, SIG_IGN);
    } else if (pager.terminal >= 0) {
        close(pager.terminal);
    }
    close(ends[0]);
    close(ends[1]);
}

void sc_pager_end(void)
{
    int status;
    if (!pager.pid)
        return;
    fflush(stdout);
    clearerr(stdout); /* a pipe fails in one way only: nobody reads it any more */
    dup2(pager.terminal, STDOUT_FILENO);
    close(pager.terminal);
    while (waitpid(pager.pid, &status, 0) < 0 && errno == EINTR)
        ;
    pager.pid = 0;
}
