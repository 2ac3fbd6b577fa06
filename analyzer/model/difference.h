/* By how much two values differ: those of two runs, mostly, the first run's before the second's. */
#ifndef SC_DIFFERENCE_H
#define SC_DIFFERENCE_H

#include <stdint.h>

/* Of the first run's value minus the second's. */
static inline int64_t sc_difference(const uint64_t values[2])
{
    return (int64_t)(values[0] - values[1]);
}

static inline uint64_t sc_absolute(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static inline uint64_t sc_distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* The pair that differs more comes first: below 0 where that is a. */
static inline int sc_by_difference(const uint64_t a[2], const uint64_t b[2])
{
    uint64_t of_a = sc_distance(a[0], a[1]), of_b = sc_distance(b[0], b[1]);
    return (of_a < of_b) - (of_a > of_b);
}

#endif
