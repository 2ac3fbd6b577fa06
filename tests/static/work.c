/* Files, threads, handlers, children of each kind: what they did is printed, and is the same in each run. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 10, WRITES = 50 };

extern char **environ;
static volatile sig_atomic_t handled;

static void handler(int number)
{
    (void)number;
    handled++;
    if (write(1, "", 0) != 0)
        _exit(9);
}

static void *write_file(void *index)
{
    char name[32];
    snprintf(name, sizeof name, "of_thread_%ld", (long)index);
    int fd = open(name, O_CREAT | O_RDWR | O_APPEND, 0644);
    for (int i = 0; i < WRITES; i++)
        if (write(fd, "zeile", 5) != 5)
            abort();
    lseek(fd, 0, SEEK_SET);
    char first[5];
    if (read(fd, first, sizeof first) != sizeof first || memcmp(first, "zeile", 5) != 0)
        abort();
    close(fd);
    return index;
}

static void threads(void)
{
    pthread_t made[THREADS];
    void *result;
    long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (long i = 0; i < THREADS; i++)
            pthread_create(&made[i], NULL, write_file, (void *)i);
        for (long i = 0; i < THREADS; i++) {
            pthread_join(made[i], &result);
            sum += (long)result;
        }
    }
    printf("threads %ld\n", sum);
}

static void handlers(void)
{
    enum { EACH = 100 };
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < EACH; i++)
        raise(SIGUSR1);
    sigaltstack(&stack, NULL);
    action.sa_flags |= SA_ONSTACK;
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < EACH; i++)
        raise(SIGUSR1);
    printf("handled %d\n", (int)handled);
}

static void ended(const char *how, pid_t pid)
{
    int status = -1;
    if (waitpid(pid, &status, 0) != pid)
        abort();
    printf("%s: %d\n", how, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    fflush(stdout);
}

static void children(char **argv)
{
    char *again[] = {argv[0], (char *)"child", NULL}, *echo[] = {(char *)"echo", (char *)"dynamic", NULL};
    char *back[] = {(char *)"sh", (char *)"-c", (char *)"\"$0\" child; \"$0\" child", argv[0], NULL};
    pid_t pid;
    fflush(stdout);
    if ((pid = fork()) == 0)
        _exit(3);
    ended("fork", pid);
    if ((pid = vfork()) == 0) {
        execve("/proc/self/exe", again, environ);
        _exit(127);
    }
    ended("vfork and exec of itself", pid);
    posix_spawn(&pid, argv[0], NULL, NULL, again, environ);
    ended("spawn of itself", pid);
    posix_spawn(&pid, "/bin/echo", NULL, NULL, echo, environ);
    ended("spawn of a dynamic one", pid);
    if ((pid = fork()) == 0) {
        execv("/nonesuch", again);
        execve("/bin/sh", back, environ);
    }
    ended("exec of a dynamic one, and back", pid);
    printf("by a shell: %d\n", system("exit 4") >> 8);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "child") == 0) {
        dprintf(1, "a child\n");
        return 5;
    }
    threads();
    handlers();
    children(argv);
    return 0;
}
