/* readable.h: addresses in the program's memory, and what is known of it. Only peek.h reads there. */
#ifndef SC_READABLE_H
#define SC_READABLE_H

#include <stdint.h>

typedef uint64_t sc_addr;

/*
 * A piece of memory found readable, so that the kernel is asked once a page. A thread's own stack is no exception:
 * frames may lead beyond it, or to no frame at all. Valid only while no memory is unmapped.
 */
struct sc_readable {
    sc_addr low, high; /* whole pages; none: high is 0 and low the last address */
};

static inline struct sc_readable sc_readable_nothing(void)
{
    return (struct sc_readable){UINT64_MAX, 0};
}

#endif
