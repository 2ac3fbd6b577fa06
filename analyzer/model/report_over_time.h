/*
 * report_over_time.h: how a run went on: what it did in each interval of its time; and how large and how long its calls
 * were.
 */
#ifndef SC_REPORT_OVER_TIME_H
#define SC_REPORT_OVER_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SC_INTERVALS_MOST = 50,
    SC_POWERS = 65, /* 0; from there on number n is of the values from 2^(n-1) up to below 2^n */
};

/* Calls, and the bytes of calls and of requests that are none, where they begin; waiting where it passes. */
struct sc_interval {
    uint64_t calls, bytes_read, bytes_written, waiting_ns;
};

static inline void sc_interval_add(struct sc_interval *to, const struct sc_interval *more)
{
    to->calls += more->calls;
    to->bytes_read += more->bytes_read;
    to->bytes_written += more->bytes_written;
    to->waiting_ns += more->waiting_ns;
}

struct sc_report_over_time {
    bool times_known;
    uint64_t interval_ns; /* 1, 2 or 5 and zeros; of two runs the same */
    struct sc_interval intervals[SC_INTERVALS_MOST];
    size_t count;
    struct sc_interval untimed; /* the calls of which it is not known when they began */
    /* How many calls there are of each power of two: */
    uint64_t read_sizes[SC_POWERS], write_sizes[SC_POWERS]; /* in bytes, of those that did not fail */
    uint64_t took[SC_POWERS], waited[SC_POWERS];            /* in ns, those that wait for others apart */
};

#endif
