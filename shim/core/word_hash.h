/*
 * word_hash.h: a 64-bit hash to tell things apart within a session, or on one machine; no protection against who wants
 * two to be alike. FNV-1a's constants (Fowler, Noll, Vo), eight bytes at a time, and a shift, since its low bits alone
 * would never learn of the high ones.
 */
#ifndef SC_WORD_HASH_H
#define SC_WORD_HASH_H

#include <stddef.h>
#include <stdint.h>

#define SC_HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* sum: SC_HASH_BEGIN, or what came out for the bytes before. */
static inline uint64_t sc_hash(uint64_t sum, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;
    for (; count; from += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t part = count < sizeof word ? count : sizeof word;
        __builtin_memcpy(&word, from, part);
        sum = (sum ^ word ^ (uint64_t)part << 56) * UINT64_C(0x100000001b3);
        sum ^= sum >> 29;
        count -= part;
    }
    return sum;
}

#endif
