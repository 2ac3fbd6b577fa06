/*
 * growth.c: a program with N of something, to see what grows with it.
 *
 *   growth calls N          N lseeks
 *   growth threads N        N threads that live at once, 1000 lseeks each
 *   growth processes N      N processes that live at once, 1000 lseeks each
 *   growth files N          N files one after the other, with 100 lseeks and 100 writes each
 *   growth descriptors N    100000 lseeks over N descriptors that are open at once
 *
 * Prints nanoseconds of processor time per such call, and how many there were. It works in the current directory.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EACH = 1000, PER_FILE = 100, ROUND = 100000, STACK = 65536 };

static int file;
static pthread_barrier_t barrier;

static void must(int good)
{
    if (!good) {
        perror("growth");
        exit(1);
    }
}

static double used(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

static void seek(long n)
{
    for (long i = 0; i < n; i++)
        lseek(file, i & 0xfff, SEEK_SET);
}

static long calls(long n)
{
    seek(n);
    return n;
}

static void *one_thread(void *unused)
{
    seek(EACH);
    pthread_barrier_wait(&barrier);
    return unused;
}

static long threads(long n)
{
    pthread_t *ids = calloc((size_t)n, sizeof *ids);
    pthread_attr_t small;
    must(ids && pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, STACK) == 0);
    pthread_barrier_init(&barrier, NULL, (unsigned)n);
    for (long i = 0; i < n; i++)
        must(pthread_create(&ids[i], &small, one_thread, NULL) == 0);
    for (long i = 0; i < n; i++)
        pthread_join(ids[i], NULL);
    free(ids);
    return n * EACH;
}

/* They live until the pipe's last end for writing, the parent's, is closed. */
static long processes(long n)
{
    int ends[2], status, bad = 0;
    char byte;
    must(pipe(ends) == 0);
    for (long i = 0; i < n; i++) {
        pid_t pid = fork();
        must(pid >= 0);
        if (pid == 0) {
            close(ends[1]);
            seek(EACH);
            _exit(read(ends[0], &byte, 1) != 0);
        }
    }
    close(ends[1]);
    for (long i = 0; i < n; i++)
        bad |= wait(&status) < 0 || status != 0;
    must(!bad);
    return n * EACH;
}

static long files(long n)
{
    char name[32], bytes[64] = "x";
    for (long i = 0; i < n; i++) {
        snprintf(name, sizeof name, "growth.%ld", i);
        int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
        must(fd >= 0);
        for (long k = 0; k < PER_FILE; k++) {
            lseek(fd, k * 100, SEEK_SET);
            must(write(fd, bytes, sizeof bytes) == sizeof bytes);
        }
        close(fd);
        unlink(name);
    }
    return n * PER_FILE * 2;
}

static long descriptors(long n)
{
    struct rlimit limit;
    int *fds = calloc((size_t)n, sizeof *fds);
    must(fds && getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (long i = 0; i < n; i++)
        must((fds[i] = dup(file)) >= 0);
    for (long i = 0; i < ROUND; i++)
        lseek(fds[i % n], i & 0xfff, SEEK_SET);
    for (long i = 0; i < n; i++)
        close(fds[i]);
    free(fds);
    return ROUND;
}

static const struct what {
    const char *name;
    long (*run)(long);
} whats[] = {
    {"calls", calls}, {"threads", threads}, {"processes", processes}, {"files", files}, {"descriptors", descriptors}};

int main(int argc, char **argv)
{
    long n = argc == 3 ? atol(argv[2]) : 0;
    file = open("growth.data", O_RDWR | O_CREAT, 0600);
    must(file >= 0);
    for (size_t i = 0; n > 0 && i < sizeof whats / sizeof *whats; i++)
        if (strcmp(argv[1], whats[i].name) == 0) {
            double begin = used(RUSAGE_SELF) + used(RUSAGE_CHILDREN);
            long done = whats[i].run(n);
            printf("%.1f %ld\n", (used(RUSAGE_SELF) + used(RUSAGE_CHILDREN) - begin) / (double)done, done);
            return 0;
        }
    fprintf(stderr, "usage: growth calls|threads|processes|files|descriptors N\n");
    return 2;
}
