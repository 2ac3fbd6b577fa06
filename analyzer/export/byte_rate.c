#include "byte_rate.h"

#include <string.h>

#define SHORTEST_NS UINT64_C(1000000) /* in less time single calls would be all that shows */

void sc_byte_rate_begin(struct sc_byte_rate *rate, uint64_t wall_ns)
{
    memset(rate, 0, sizeof *rate);
    rate->step_ns = wall_ns / SC_RATE_STEPS + 1;
    if (rate->step_ns < SHORTEST_NS)
        rate->step_ns = SHORTEST_NS;
}

static uint64_t step_of(const struct sc_byte_rate *rate, uint64_t at_ns)
{
    uint64_t step = at_ns / rate->step_ns;
    return step < SC_RATE_STEPS ? step : SC_RATE_STEPS - 1;
}

void sc_byte_rate_add(struct sc_byte_rate *rate, uint64_t begin_ns, uint64_t took_ns, uint64_t bytes)
{
    uint64_t last = step_of(rate, begin_ns + took_ns), at = begin_ns, left = bytes;
    for (uint64_t step = step_of(rate, begin_ns); step < last; step++) {
        uint64_t until = (step + 1) * rate->step_ns;
        uint64_t part = (uint64_t)((double)bytes * ((double)(until - at) / (double)took_ns));
        part = part < left ? part : left;
        rate->bytes[step] += part;
        left -= part;
        at = until;
    }
    rate->bytes[last] += left;
}

double sc_byte_rate_at(const struct sc_byte_rate *rate, unsigned step)
{
    return (double)rate->bytes[step] * 1e9 / (double)rate->step_ns;
}
