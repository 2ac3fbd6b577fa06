/*
 * allocation.h: how a run goes about its files: what its seeks are for, how it makes room in them, whether it maps
 * them.
 */
#ifndef SC_ALLOCATION_H
#define SC_ALLOCATION_H

#include "../model/report.h"
#include "row_sums.h"
#include "thresholds.h"

/* How room is made in a file; the later, the cheaper. */
enum sc_allocation {
    SC_ALLOCATION_NONE,
    SC_ALLOCATION_ZEROS,
    SC_ALLOCATION_GROWING,
    SC_ALLOCATION_TRUNCATE,
    SC_ALLOCATION_FALLOCATE,
    SC_ALLOCATIONS
};

/* "writes zeros into it" */
const char *sc_allocation_text(enum sc_allocation way);

/* The cheapest one that the run takes with this file: that one it knows. ret_sum: the calls of it; may be NULL. */
enum sc_allocation sc_allocation_of(const struct sc_file_group *group, const struct sc_thresholds *thresholds,
                                    struct sc_sum *ret_sum);

/* Fills in what the report says of it. 0 or -ENOMEM. */
int sc_find_allocation(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                       struct sc_report_run *run);

#endif
