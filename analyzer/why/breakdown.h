/*
 * breakdown.h: where the difference between two runs comes from: all of it, divided by file, by what was done to the
 * file and by call site.
 */
#ifndef SC_BREAKDOWN_H
#define SC_BREAKDOWN_H

#include "../model/counts.h"
#include "../model/finding.h"
#include "file_groups.h"

struct sc_cause_list {
    struct sc_cause *items; /* those that differ, in the order of the rank; in time alone and not much: last */
    size_t count;
};

/*
 * with_startup: whether the calls before main count, for each run. times: both runs know them, and what differs in
 * nothing else is a cause too. The differences of all causes add up to that of the runs, and those of a cause's sites
 * to the cause's: in calls, in bytes read and written, and in time. 0 or -ENOMEM.
 */
int sc_find_breakdown(const struct sc_file_groups groups[2], const bool with_startup[2], bool times, enum sc_rank rank,
                      struct sc_cause_list *ret_list);

/* The same by names of calls alone, where one of the runs holds nothing else: no bytes, no sites. */
int sc_find_breakdown_by_name(const struct sc_counts *const counts[2], bool times, enum sc_rank rank,
                              struct sc_cause_list *ret_list);

#endif
