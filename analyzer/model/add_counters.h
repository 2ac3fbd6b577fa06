/*
 * add_counters.h: structures that are nothing but counters, added and subtracted as a whole: what is
 * done field by field forgets one.
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

static inline void sc_subtract_counters(uint64_t *from, const uint64_t *less, size_t count)
{
    for (size_t i = 0; i < count; i++)
        from[i] -= less[i];
}

/* to and more: pointers to structures of one type, which hold uint64_t alone. */
#define SC_ADD_COUNTERS(to, more)                                                                                      \
    do {                                                                                                               \
        _Static_assert(sizeof *(to) % sizeof(uint64_t) == 0 && sizeof *(to) == sizeof *(more), "counters only");       \
        sc_add_counters((uint64_t *)(to), (const uint64_t *)(more), sizeof *(to) / sizeof(uint64_t));                  \
    } while (0)
#define SC_SUBTRACT_COUNTERS(from, less)                                                                               \
    do {                                                                                                               \
        _Static_assert(sizeof *(from) % sizeof(uint64_t) == 0 && sizeof *(from) == sizeof *(less), "counters only");   \
        sc_subtract_counters((uint64_t *)(from), (const uint64_t *)(less), sizeof *(from) / sizeof(uint64_t));         \
    } while (0)

#endif
