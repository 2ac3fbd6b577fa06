/*
 * causes_inner.h: the rows of two runs as causes are made of them; private to analyzer/stages/causes*.c.
 */
#ifndef SC_CAUSES_INNER_H
#define SC_CAUSES_INNER_H

#include "causes.h"

/* One row of one run, by what it is summed under. */
struct sc_cell {
    const char *role;
    const char *pattern; /* interned: equal where they are the same pointer */
    const char *site;    /* likewise, of sc_divide_by_site */
    const struct sc_row *row;
    unsigned run;
};

/* By how much two values differ, without its sign. */
int64_t sc_differ_by(const uint64_t values[2]);

/* The sites of the cause that these cells make. times: whether a difference in time alone makes one. 0 or -ENOMEM. */
int sc_divide_by_site(const struct sc_groups groups[2], bool times, struct sc_cell *cells, size_t count,
                      struct sc_cause *cause);

#endif
