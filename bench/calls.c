/*
 * calls.c: what one system call costs, as seen from inside the program.
 *
 *   calls KIND N [THREADS]     N calls of a kind of the table below, by each thread on a file of its own
 *
 * Prints nanoseconds per call, twice: processor time of the program's threads; and time passed, in which a tracer in
 * another process shows, times the cores that the threads can share. The files have no names and lie in the current
 * directory.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BYTES = 4096, SMALL = 64, PIECE = 512, ITEM = 100, WARM_UP = 1000, MOST_THREADS = 64 };

struct task {
    const struct kind *kind;
    pthread_barrier_t *barrier;
    long n;
    int fd;
    FILE *stream;
    char buffer[BYTES];
    double cpu;
};

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int open_unnamed(void)
{
    char name[] = "calls.XXXXXX", zeros[BYTES] = {0};
    int fd = mkstemp(name);
    if (fd < 0 || unlink(name) != 0 || pwrite(fd, zeros, BYTES, 0) != BYTES) {
        perror("calls: the file");
        exit(1);
    }
    return fd;
}

static void must(int good)
{
    if (!good) {
        perror("calls");
        exit(1);
    }
}

static void seek(struct task *task, long n)
{
    for (long i = 0; i < n; i++)
        lseek(task->fd, i & 0xfff, SEEK_SET);
}

static void write_whole(struct task *task, long n)
{
    for (long i = 0; i < n; i++)
        must(pwrite(task->fd, task->buffer, BYTES, 0) == BYTES);
}

static void write_on(struct task *task, long n)
{
    for (long i = 0; i < n; i++)
        must(write(task->fd, task->buffer, SMALL) == SMALL);
}

static void read_whole(struct task *task, long n)
{
    for (long i = 0; i < n; i++)
        must(pread(task->fd, task->buffer, BYTES, 0) == BYTES);
}

static void open_close(struct task *task, long n)
{
    (void)task;
    for (long i = 0; i < n; i++)
        must(close(open("/", O_RDONLY | O_DIRECTORY)) == 0);
}

static void stream(struct task *task, long n)
{
    for (long i = 0; i < n; i++)
        must(fwrite(task->buffer, ITEM, 1, task->stream) == 1);
}

static void mix(struct task *task, long n)
{
    for (long i = 0; i < n; i++) {
        off_t at = i % 7 * PIECE;
        lseek(task->fd, at, SEEK_SET);
        must(write(task->fd, task->buffer, PIECE) == PIECE);
        lseek(task->fd, at, SEEK_SET);
        must(read(task->fd, task->buffer, PIECE) == PIECE);
    }
}

static const struct kind {
    const char *name;
    void (*run)(struct task *, long);
    char first; /* the buffer's first byte: 1 is data, 0 is all zeros */
} kinds[] = {
    {"seek", seek, 1},       {"data", write_whole, 1}, {"zeros", write_whole, 0}, {"small", write_on, 1},
    {"read", read_whole, 1}, {"open", open_close, 1},  {"stdio", stream, 1},      {"mix", mix, 0},
};

static void *work(void *argument)
{
    struct task *task = argument;
    task->buffer[0] = task->kind->first;
    task->kind->run(task, task->n < WARM_UP ? task->n : WARM_UP);
    pthread_barrier_wait(task->barrier); /* all are ready; the second: the clock runs */
    pthread_barrier_wait(task->barrier);
    double begin = now(CLOCK_THREAD_CPUTIME_ID);
    task->kind->run(task, task->n);
    task->cpu = now(CLOCK_THREAD_CPUTIME_ID) - begin;
    return NULL;
}

/* One thread is no thread: the program stays the plain one. */
static double run_one(struct task *task)
{
    task->buffer[0] = task->kind->first;
    task->kind->run(task, task->n < WARM_UP ? task->n : WARM_UP);
    double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_THREAD_CPUTIME_ID);
    task->kind->run(task, task->n);
    task->cpu = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
    return now(CLOCK_MONOTONIC) - wall;
}

static double run_threads(struct task *tasks, int threads)
{
    pthread_t ids[MOST_THREADS];
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, (unsigned)threads + 1);
    for (int i = 0; i < threads; i++) {
        tasks[i].barrier = &barrier;
        must(pthread_create(&ids[i], NULL, work, &tasks[i]) == 0);
    }
    pthread_barrier_wait(&barrier);
    double begin = now(CLOCK_MONOTONIC);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    return now(CLOCK_MONOTONIC) - begin;
}

int main(int argc, char **argv)
{
    static struct task tasks[MOST_THREADS];
    const struct kind *kind = NULL;
    long n = argc >= 3 ? atol(argv[2]) : 0, cores = sysconf(_SC_NPROCESSORS_ONLN);
    int threads = argc >= 4 ? atoi(argv[3]) : 1;
    for (size_t i = 0; argc >= 3 && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argv[1], kinds[i].name) == 0)
            kind = &kinds[i];
    if (!kind || n <= 0 || threads < 1 || threads > MOST_THREADS) {
        fprintf(stderr, "usage: calls seek|data|zeros|small|read|open|stdio|mix N [THREADS]\n");
        return 2;
    }
    for (int i = 0; i < threads; i++) {
        int fd = open_unnamed();
        tasks[i] = (struct task){.kind = kind, .n = n, .fd = fd, .stream = fdopen(dup(fd), "w")};
        must(tasks[i].stream != NULL);
    }
    double wall = threads == 1 ? run_one(tasks) : run_threads(tasks, threads), cpu = 0;
    double calls = (double)n * threads * (kind->run == mix ? 4 : 1);
    for (int i = 0; i < threads; i++)
        cpu += tasks[i].cpu;
    printf("%.1f %.1f\n", cpu / calls, wall * (double)(threads < cores ? threads : cores) / calls);
    return 0;
}
