/*
 * scan.c: what it takes to see that 4096 bytes are zeros. Compiled as the library is, with general registers only. One
 * line each: name and nanoseconds of the best of many rounds.
 *
 *   ours      sc_is_zero
 *   plain-8   ORs 8 words a turn
 *   plain-16  ORs 16 words a turn
 *   scas      repe scasq
 *   memcmp    libc's, of the buffer with itself a byte on: vector registers, which the library must not use
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../common/zero.h"

enum { BYTES = 4096, TIMES = 2000, ROUNDS = 200 };

static bool plain8(const void *buffer, size_t bytes)
{
    const uint64_t *p = buffer;
    for (size_t i = 0; i < bytes / 8; i += 8)
        if ((p[i] | p[i + 1]) | (p[i + 2] | p[i + 3]) | ((p[i + 4] | p[i + 5]) | (p[i + 6] | p[i + 7])))
            return false;
    return true;
}

static bool plain16(const void *buffer, size_t bytes)
{
    const uint64_t *p = buffer;
    for (size_t i = 0; i < bytes / 8; i += 16) {
        uint64_t a = (p[i] | p[i + 1]) | (p[i + 2] | p[i + 3]), b = (p[i + 4] | p[i + 5]) | (p[i + 6] | p[i + 7]);
        a |= (p[i + 8] | p[i + 9]) | (p[i + 10] | p[i + 11]);
        b |= (p[i + 12] | p[i + 13]) | (p[i + 14] | p[i + 15]);
        if (a | b)
            return false;
    }
    return true;
}

static bool scas(const void *buffer, size_t bytes)
{
    bool equal;
    size_t words = bytes / 8;
    __asm__("repe scasq" : "=@ccz"(equal), "+D"(buffer), "+c"(words) : "a"(0UL) : "memory");
    return equal;
}

static bool compared(const void *buffer, size_t bytes)
{
    return memcmp(buffer, (const char *)buffer + 1, bytes - 1) == 0;
}

static const struct way {
    const char *name;
    bool (*is_zero)(const void *, size_t);
} ways[] = {{"ours", sc_is_zero}, {"plain-8", plain8}, {"plain-16", plain16}, {"scas", scas}, {"memcmp", compared}};

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

int main(void)
{
    void *buffer = aligned_alloc(BYTES, BYTES);
    enum { WAYS = sizeof ways / sizeof *ways };
    long best[WAYS] = {0};
    if (!buffer)
        return 1;
    memset(buffer, 0, BYTES);
    for (int round = 0; round < ROUNDS; round++)
        for (int k = 0; k < WAYS; k++) {
            bool (*volatile is_zero)(const void *, size_t) = ways[k].is_zero;
            long begin = now();
            for (int i = 0; i < TIMES; i++)
                if (!is_zero(buffer, BYTES))
                    return 1;
            long took = now() - begin;
            if (round == 0 || took < best[k])
                best[k] = took;
        }
    for (int k = 0; k < WAYS; k++)
        printf("%s %ld.%ld\n", ways[k].name, best[k] / TIMES, best[k] % TIMES * 10 / TIMES);
    free(buffer);
    return 0;
}
