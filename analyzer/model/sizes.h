/*
 * sizes.h: how many bytes the calls of one kind moved: the smallest, the middle and the largest of them, exactly.
 *
 * Each distinct size is kept with its number of calls; programs use a handful. Where there are many, a size up to a
 * page is a place in an array, which takes no more memory than a table of them and is found at once. Past SC_SIZES_MAX
 * distinct ones the middle is not known any more.
 */
#ifndef SC_SIZES_H
#define SC_SIZES_H

#include <stdbool.h>

#include "index.h"

enum {
    SC_SIZES_MAX = 1 << 16,
    SC_SIZES_SMALL = 4097, /* sizes below it have a place in small, */
    SC_SIZES_MANY = 1024,  /* where there are more distinct ones than that */
};

struct sc_size {
    uint64_t bytes, calls;
};

/* All zero is empty and ready. */
struct sc_sizes {
    struct sc_size *items;
    uint32_t count, capacity;
    uint32_t last;          /* the item that was counted last: most calls are of the size of the one before */
    bool lost;              /* there were more than are kept */
    struct sc_index places; /* by bytes: numbers in items; empty where there are a few only */
    uint64_t *small;        /* calls by their bytes; what is here is not in items. NULL: there are not many */
    uint32_t small_count;   /* those of small that are not 0 */
    uint64_t least, most;
};

struct sc_size_summary {
    bool known, middle_known; /* known is false: no call moved a byte */
    uint64_t least, middle, most;
};

/* Makes *sizes where it is NULL: most places that could count sizes never do. 0 or -ENOMEM. */
int sc_sizes_add(struct sc_sizes **sizes, uint64_t bytes);
/* Adds all of more, which may be NULL. */
int sc_sizes_join(struct sc_sizes **sizes, const struct sc_sizes *more);
void sc_sizes_free(struct sc_sizes *sizes);

/* Of all parts together; each may be NULL. The middle is the size of which half of the calls are no larger. 0 or
 * -ENOMEM. */
int sc_sizes_summary(const struct sc_sizes *const *parts, size_t count, struct sc_size_summary *ret_summary);

#endif
