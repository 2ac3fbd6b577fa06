/*
 * breakdown_internal.h: the rows of two runs as causes are made of them; private to analyzer/why/breakdown*.c.
 */
#ifndef SC_BREAKDOWN_INTERNAL_H
#define SC_BREAKDOWN_INTERNAL_H

#include "breakdown.h"

/* One row of one run, by what it is summed under. */
struct sc_cell {
    const char *role;
    const char *group;                          /* of files: interned, or the role itself */
    const struct sc_cause_processes *processes; /* of the program that one run starts more often; or NULL */
    bool moves;                                 /* calls or bytes of that role and pattern differ, not time alone */
    const char *pattern;                        /* interned: equal where they are the same pointer */
    const char *shown;                          /* likewise: the pattern with the name of this very call */
    const char *site;                           /* likewise, of sc_divide_by_site */
    const struct sc_row *row;
    unsigned run;
};

/* All processes of one program. */
struct sc_program_sum {
    struct sc_cause_processes processes;
    uint64_t calls[2];
};

/* The cells of both runs. */
struct sc_cells {
    const struct sc_file_groups *groups;
    const bool *with_startup;
    struct sc_cell *items; /* in the order of causes: those of one stand together */
    size_t count;
    struct sc_intern texts;      /* patterns and groups */
    struct sc_intern programs;   /* names of those that are no run's root */
    struct sc_program_sum *sums; /* by number in programs */
    size_t sums_capacity;
    uint64_t calls[2]; /* of each run */
    bool by_subcommand;
    bool failed;
};

/* 0 or -ENOMEM; sc_cells_free in both cases. */
int sc_cells_make(const struct sc_file_groups groups[2], const bool with_startup[2], struct sc_cells *ret_cells);
void sc_cells_free(struct sc_cells *cells);

bool sc_same_cause(const struct sc_cell *a, const struct sc_cell *b);

/* Adds what the cells come to in each run. Is there a difference? times: one in time alone counts as well. */
bool sc_sum_cells(const struct sc_cell *cells, size_t count, bool times, uint64_t calls[2], uint64_t bytes[2],
                  uint64_t time_ns[2]);

/* Below 0 where a differs by more than b, in calls and then in bytes; 0 where by as much. */
int sc_compare_param_diff(const uint64_t calls_a[2], const uint64_t bytes_a[2], const uint64_t calls_b[2],
                          const uint64_t bytes_b[2]);

/* The sites of the cause that these cells make. times: whether a difference in time alone makes one. 0 or -ENOMEM. */
int sc_divide_by_site(const struct sc_file_groups groups[2], bool times, struct sc_cell *cells, size_t count,
                      struct sc_cause *cause);

#endif
