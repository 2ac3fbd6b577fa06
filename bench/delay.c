/*
 * delay.c: how long the slowest of many calls takes. Each is timed by itself.
 *
 *   delay seek|data N
 *
 * Prints nanoseconds: the median, the 99.99th percentile, the median of the 20 slowest, the slowest; and how many took
 * more than a millisecond. A recorder's rare work (another piece of its file) is among the slowest calls; so is what
 * the kernel does meanwhile, which a run without recorder shows.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

enum { BYTES = 4096, SLOWEST = 20, MILLISECOND = 1000000 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    static char buffer[BYTES] = "x";
    char name[] = "delay.XXXXXX";
    long n = argc == 3 ? atol(argv[2]) : 0, late = 0;
    int data = argc == 3 && strcmp(argv[1], "data") == 0, fd = mkstemp(name);
    uint64_t *ticks = n < 1000 ? NULL : malloc((size_t)n * sizeof *ticks);
    if (!ticks || fd < 0 || unlink(name) != 0) {
        fprintf(stderr, "usage: delay seek|data N\n");
        free(ticks);
        return 2;
    }
    memset(ticks, 1, (size_t)n * sizeof *ticks); /* its pages are there */
    double begin = now();
    uint64_t first = __rdtsc();
    for (long i = 0; i < n; i++) {
        uint64_t start = __rdtsc();
        if (data ? pwrite(fd, buffer, BYTES, 0) != BYTES : lseek(fd, i & 0xfff, SEEK_SET) != (i & 0xfff)) {
            free(ticks);
            return 1;
        }
        ticks[i] = __rdtsc() - start;
    }
    double tick = (now() - begin) / (double)(__rdtsc() - first);
    qsort(ticks, (size_t)n, sizeof *ticks, by_size);
    for (long i = n; i-- && (double)ticks[i] * tick > MILLISECOND;)
        late++;
    const long ranks[] = {n / 2, n - 1 - n / 10000, n - SLOWEST / 2, n - 1};
    for (int i = 0; i < 4; i++)
        printf("%.0f ", (double)ticks[ranks[i]] * tick);
    printf("%ld\n", late);
    free(ticks);
    return 0;
}
