/*
 * causes.h: where the difference between two runs comes from: all of it, divided by file, by what was done to the file
 * and by call site.
 */
#ifndef SC_CAUSES_H
#define SC_CAUSES_H

#include "../model/findings.h"
#include "../model/tally.h"
#include "groups.h"

struct sc_cause_list {
    struct sc_cause *items; /* those that differ in calls or bytes, the largest difference in calls first */
    size_t count;
};

/*
 * with_startup: whether the calls before main count, for each run. The differences in calls of all causes add up to
 * that of the runs. 0 or -ENOMEM.
 */
int sc_find_causes(const struct sc_groups groups[2], const bool with_startup[2], struct sc_cause_list *ret_list);

/* The same by names of calls alone, where one of the runs holds nothing else. */
int sc_find_causes_by_name(const struct sc_counts *const counts[2], struct sc_cause_list *ret_list);

#endif
