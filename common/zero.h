/*
 * zero.h: is this buffer all zeros.
 *
 * The usual answer is no and stands in the first word, so that is looked at alone before the loop. The loop ORs 64
 * bytes a turn, which the compiler turns into vector instructions where its flags allow them. Reads exactly the bytes
 * given: what lies beside them may be unmapped.
 */
#ifndef SC_ZERO_H
#define SC_ZERO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t sc_load64(const unsigned char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

static inline bool sc_is_zero(const void *buffer, size_t bytes)
{
    const unsigned char *p = buffer;
    if (bytes < 8) {
        for (size_t i = 0; i < bytes; i++)
            if (p[i])
                return false;
        return true;
    }
    if (sc_load64(p) | sc_load64(p + bytes - 8))
        return false;
    size_t i = 8;
    for (; i + 64 <= bytes; i += 64) { /* written out: at -O2 a loop over the eight words stays a loop */
        uint64_t any = sc_load64(p + i) | sc_load64(p + i + 8);
        uint64_t more = sc_load64(p + i + 16) | sc_load64(p + i + 24);
        any |= sc_load64(p + i + 32) | sc_load64(p + i + 40);
        more |= sc_load64(p + i + 48) | sc_load64(p + i + 56);
        if (any | more)
            return false;
    }
    for (; i + 8 <= bytes; i += 8)
        if (sc_load64(p + i))
            return false;
    return true; /* the last, possibly overlapping, word was looked at first */
}

#endif
