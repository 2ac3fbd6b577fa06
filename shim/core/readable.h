/*
 * readable.h: addresses in the program's memory, and what is known of it. Looking there is peek.h's alone.
 */
#ifndef SC_READABLE_H
#define SC_READABLE_H

#include <stdint.h>

typedef uint64_t sc_addr;

/*
 * A piece of memory that was found readable, so that the kernel is asked once a page. A thread's stack: what it runs on
 * is not taken from it, but frames may lead beyond what was asked for, or to no frame at all. To be kept only while no
 * memory is unmapped.
 */
struct sc_readable {
    sc_addr low, high; /* whole pages; none: high is 0 and low the last address */
};

static inline struct sc_readable sc_readable_nothing(void)
{
    return (struct sc_readable){UINT64_MAX, 0};
}

#endif
