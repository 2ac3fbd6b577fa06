/*
 * strace_mix: threads, children, signals and odd paths, with the same number of calls in each run.
 *
 * Started under strace with many option sets: what is counted must not depend on how strace was told to print. Takes a
 * folder to work in.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 25 };

static char folder[512];
static pthread_barrier_t all_there; /* so that no thread gets the stack of one that ended: mmap would differ */

static void check(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        _exit(99);
    }
}

static void on_signal(int number)
{
    (void)number;
    check(write(STDERR_FILENO, "", 0) == 0, "write of nothing");
}

/* Each thread works on a file of its own, so that the threads' calls overlap in time but not in effect. */
static void *work(void *argument)
{
    char path[600], buffer[512];
    pthread_barrier_wait(&all_there);
    snprintf(path, sizeof path, "%s/thread, (%d) \"q\" <x>", folder, (int)(intptr_t)argument);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    check(fd >= 0, "open");
    for (int round = 0; round < ROUNDS; round++) {
        memset(buffer, round % 3 ? 0 : 'x', sizeof buffer);
        check(write(fd, buffer, sizeof buffer) == (ssize_t)sizeof buffer, "write");
        check(lseek(fd, -512, SEEK_CUR) >= 0, "lseek");
        check(read(fd, buffer, sizeof buffer) == (ssize_t)sizeof buffer, "read");
        struct iovec parts[2] = {{buffer, 0}, {buffer, 100}};
        check(pwritev(fd, parts, 2, 0) == 100, "pwritev");
    }
    check(close(fd) == 0, "close");
    return NULL;
}

static void child(int with_exec)
{
    pid_t pid = fork();
    check(pid >= 0, "fork");
    if (pid == 0) {
        check(write(STDERR_FILENO, "", 0) == 0, "write of nothing");
        if (with_exec) {
            execl("/proc/self/exe", "strace_mix", "--leaf", (char *)NULL);
            _exit(98);
        }
        _exit(3);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        ;
    check(WIFEXITED(status) && WEXITSTATUS(status) == (with_exec ? 0 : 3), "status of a child");
}

static void odd_calls(void)
{
    int ends[2];
    check(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
    check(write(ends[1], "a\0b\n\"\\\1779", 8) == 8, "write to a pipe");
    char buffer[16];
    check(read(ends[0], buffer, sizeof buffer) == 8, "read from a pipe");
    close(ends[0]);
    close(ends[1]);
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
    close(ends[0]);
    close(ends[1]);
    check(close(-1) < 0, "close of nothing");
    check(open("/nonexistent/file", O_RDONLY) < 0, "open of nothing");
    struct stat about;
    check(stat(folder, &about) == 0 && stat("/dev/null", &about) == 0, "stat");
    char path[600];
    snprintf(path, sizeof path, "%s/gone", folder);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    check(fd >= 0 && unlink(path) == 0, "a deleted file");
    check(ftruncate(fd, 8192) == 0, "ftruncate");
    void *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    check(map != MAP_FAILED && munmap(map, 8192) == 0, "mmap");
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1, .l_len = 2};
    check(fcntl(fd, F_SETLK, &lock) == 0, "fcntl");
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--leaf") == 0)
        return 0;
    snprintf(folder, sizeof folder, "%s", argc > 1 ? argv[1] : "/tmp");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    odd_calls();
    pthread_t threads[THREADS];
    pthread_barrier_init(&all_there, NULL, THREADS);
    for (intptr_t i = 0; i < THREADS; i++)
        check(pthread_create(&threads[i], NULL, work, (void *)i) == 0, "pthread_create");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    child(0);
    child(1);
    return 0;
}
