/*
 * Processes whose numbers are not what they seem; needs the right to make namespaces.
 *
 *   first        unshare, then a child: it is the new namespace's first process; and a child of its own
 *   nested       the first process of one namespace makes the first of another: parent and child have the same number
 *   numbers      the numbers that processes get in a namespace of their own follow each other
 *   large        unshare, then so many writes that a recorder's file has to grow, then a child
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void wait_for(pid_t child, const char *who)
{
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child)
        printf("%s: %s\n", who, strerror(errno));
    else
        printf("%s ended with %d\n", who, status);
    fflush(stdout);
}

static pid_t fork_flushed(void)
{
    fflush(stdout);
    return fork();
}

static void leave_ours(void)
{
    if (unshare(CLONE_NEWPID) != 0) {
        printf("cannot unshare: %s\n", strerror(errno));
        exit(0);
    }
}

static void child(const char *path, int writes)
{
    printf("I am %d\n", (int)getpid());
    fflush(stdout);
    write_some(path, writes);
    _exit(0);
}

static void first(void)
{
    leave_ours();
    pid_t made = fork_flushed();
    if (made == 0) {
        pid_t inner = fork_flushed();
        if (inner == 0)
            child("second", 100);
        wait_for(inner, "the second");
        child("first", 100);
    }
    wait_for(made, "the first");
}

static void nested(void)
{
    leave_ours();
    pid_t outer = fork_flushed();
    if (outer == 0) {
        write_some("outer", 10);
        pid_t inner = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
        if (inner == 0)
            child("inner", 20000);
        wait_for(inner, "the inner");
        child("outer", 90);
    }
    wait_for(outer, "the outer");
}

static void numbers(void)
{
    leave_ours();
    pid_t made = fork_flushed();
    if (made == 0) {
        for (int i = 0; i < 5; i++) {
            pid_t next = fork_flushed();
            if (next == 0) {
                execl("/bin/sh", "sh", "-c", "echo I am $$; exit 3", NULL);
                _exit(9);
            }
            wait_for(next, "one");
        }
        write_some("numbers", 20000); /* the file grows meanwhile */
        for (int i = 0; i < 3; i++) {
            pid_t next = fork_flushed();
            if (next == 0)
                child("numbers", 10);
            wait_for(next, "one");
        }
        _exit(0);
    }
    wait_for(made, "the first");
}

static void large(void)
{
    leave_ours();
    write_some("large", 100000);
    pid_t made = fork_flushed();
    if (made == 0)
        child("child", 10);
    wait_for(made, "the first");
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "first") == 0)
        first();
    else if (strcmp(what, "nested") == 0)
        nested();
    else if (strcmp(what, "numbers") == 0)
        numbers();
    else if (strcmp(what, "large") == 0)
        large();
    else
        return 2;
    printf("%s done\n", what);
    return 0;
}
