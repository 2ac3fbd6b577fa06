/*
 * Children by other ways than fork. By argument: clone (libc's, with memory of its own), raw (by number, likewise),
 * vfork (each child writes and ends, or execs), handler (a raw clone in a signal handler)
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int file;
static char stack[64 * 1024] __attribute__((aligned(16)));

static int child(void *unused)
{
    (void)unused;
    for (int i = 0; i < 5; i++)
        if (write(file, "child", 5) != 5)
            _exit(90);
    _exit(3);
}

static void reap(pid_t pid)
{
    int status = -1;
    if (pid < 0 || waitpid(pid, &status, __WALL) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 3) {
        printf("child: %d %x\n", pid > 0, status);
        exit(1);
    }
}

static void raw(void)
{
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        child(NULL);
    reap(pid);
}

static void on_signal(int signal)
{
    (void)signal;
    raw();
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "clone";
    file = open("written", O_WRONLY | O_CREAT | O_APPEND, 0600);
    signal(SIGUSR1, on_signal);
    for (int i = 0; i < 50; i++) {
        if (strcmp(how, "clone") == 0)
            reap(clone(child, stack + sizeof stack, SIGCHLD | CLONE_FS, NULL));
        else if (strcmp(how, "raw") == 0)
            raw();
        else if (strcmp(how, "handler") == 0)
            raise(SIGUSR1);
        else if (strcmp(how, "vfork") == 0) {
            pid_t pid = vfork();
            if (pid == 0) {
                if (write(file, "child", 5) != 5)
                    _exit(90);
                if (i % 2)
                    execl("/bin/sh", "sh", "-c", "exit 3", NULL);
                _exit(3);
            }
            reap(pid);
        }
        if (write(file, "parent", 6) != 6)
            return 91;
    }
    printf("%s done\n", how);
    return 0;
}
