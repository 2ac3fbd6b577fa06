#include "hash.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

uint64_t sc_hash_keys[4];

/* SplitMix64's next number. */
static uint64_t next(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

void sc_hash_seed(uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++)
        sc_hash_keys[i] = next(&seed) | 1; /* a factor of 0 would forget everything */
}

/* Before whatever else begins by itself: a table that exists must not change its order. */
__attribute__((constructor(101))) static void draw(void)
{
    uint64_t keys[4];
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    sc_hash_seed((uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)&now);
    if (getrandom(keys, sizeof keys, GRND_NONBLOCK) == sizeof keys)
        for (unsigned i = 0; i < 4; i++)
            sc_hash_keys[i] = keys[i] | 1;
}

/* Eight bytes a step: lines are a hundred bytes long and there are millions. */
uint64_t sc_hash_bytes(const void *bytes, size_t count)
{
    const char *at = bytes;
    uint64_t hash = count ^ sc_hash_keys[0], word;
    for (; count >= sizeof word; at += sizeof word, count -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = sc_hash_fold(hash ^ word, sc_hash_keys[1]);
    }
    word = 0;
    if (count)
        memcpy(&word, at, count);
    return sc_hash_fold(hash ^ word ^ sc_hash_keys[2], sc_hash_keys[3]);
}
