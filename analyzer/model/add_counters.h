/*
 * add_counters.h: structures that are nothing but counters, added as a whole: what is added field by field forgets one.
 */
#ifndef SC_ADD_COUNTERS_H
#define SC_ADD_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

static inline void sc_add_counters(uint64_t *to, const uint64_t *more, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += more[i];
}

/* to and more: pointers to structures of one type, which hold uint64_t alone. */
#define SC_ADD_COUNTERS(to, more)                                                                                      \
    do {                                                                                                               \
        _Static_assert(sizeof *(to) % sizeof(uint64_t) == 0 && sizeof *(to) == sizeof *(more), "counters only");       \
        sc_add_counters((uint64_t *)(to), (const uint64_t *)(more), sizeof *(to) / sizeof(uint64_t));                  \
    } while (0)

#endif
