/*
 * byte_rate.h: how many bytes a second a run moves, over its time, in as many steps however long it is.
 */
#ifndef SC_BYTE_RATE_H
#define SC_BYTE_RATE_H

#include <stdint.h>

enum { SC_RATE_STEPS = 1000 };

struct sc_byte_rate {
    uint64_t step_ns;
    uint64_t bytes[SC_RATE_STEPS];
};

/* For a run of that length. */
void sc_byte_rate_begin(struct sc_byte_rate *rate, uint64_t wall_ns);
/* Bytes that a call moved, spread over its time. */
void sc_byte_rate_add(struct sc_byte_rate *rate, uint64_t begin_ns, uint64_t took_ns, uint64_t bytes);
double sc_byte_rate_at(const struct sc_byte_rate *rate, unsigned step);

#endif
