/*
 * calls.c: what one system call costs, as seen from inside the program.
 *
 *   calls seek N     N times lseek
 *   calls zeros N    N times pwrite of 4096 zeros
 *   calls data N     N times pwrite of 4096 bytes, the first of which is not zero
 *   calls mix N      N times lseek, write of 512 bytes, lseek, read of 512 bytes
 *
 * Prints nanoseconds of processor time per call, or with "wall" as a third argument of time passed: what another process
 * does (a tracer) is only in that. The file has no name and lies in the working folder.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BYTES = 4096, SMALL = 512, WARM_UP = 1000 };

static char buffer[BYTES];

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int open_unnamed(void)
{
    char name[] = "calls.XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0 || unlink(name) != 0 || pwrite(fd, buffer, BYTES, 0) != BYTES) {
        perror("calls: the file");
        exit(1);
    }
    return fd;
}

static void seek(int fd, long n)
{
    for (long i = 0; i < n; i++)
        lseek(fd, i & 0xfff, SEEK_SET);
}

static void write_whole(int fd, long n)
{
    for (long i = 0; i < n; i++)
        if (pwrite(fd, buffer, BYTES, 0) != BYTES)
            exit(1);
}

static void mix(int fd, long n)
{
    for (long i = 0; i < n; i++) {
        off_t at = i % 7 * SMALL;
        lseek(fd, at, SEEK_SET);
        if (write(fd, buffer, SMALL) != SMALL)
            exit(1);
        lseek(fd, at, SEEK_SET);
        if (read(fd, buffer, SMALL) != SMALL)
            exit(1);
    }
}

int main(int argc, char **argv)
{
    long n = argc >= 3 ? atol(argv[2]) : 0;
    const char *what = argc >= 3 ? argv[1] : "";
    clockid_t clock = argc == 4 && strcmp(argv[3], "wall") == 0 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
    void (*run)(int, long) = strcmp(what, "seek") == 0 ? seek : strcmp(what, "mix") == 0 ? mix : write_whole;
    if (n <= 0 || (run == write_whole && strcmp(what, "zeros") != 0 && strcmp(what, "data") != 0)) {
        fprintf(stderr, "usage: calls seek|zeros|data|mix N [wall]\n");
        return 2;
    }
    int fd = open_unnamed();
    if (strcmp(what, "data") == 0)
        buffer[0] = 1;
    run(fd, n < WARM_UP ? n : WARM_UP);
    double begin = now(clock);
    run(fd, n);
    printf("%.1f\n", (now(clock) - begin) / (double)n / (run == mix ? 4 : 1));
    return 0;
}
