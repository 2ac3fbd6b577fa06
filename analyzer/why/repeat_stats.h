/*
 * repeat_stats.h: runs are added one by one, each from a report of a pair, so that the files of both sides have one
 * role.
 */
#ifndef SC_REPEAT_STATS_H
#define SC_REPEAT_STATS_H

#include "../model/report.h"
#include "../model/report_repeat.h"

struct sc_repeat;

/* run_counts: of each side, at least 1. NULL where memory is short. */
struct sc_repeat *sc_repeat_new(const size_t run_counts[2]);
void sc_repeat_free(struct sc_repeat *repeat);

/* The run of that side is the next one of it. 0, or -ENOMEM. */
int sc_repeat_add(struct sc_repeat *repeat, unsigned side, const struct sc_report_run *run);

/*
 * All are added; differences: of the first of each side. Once: the report is the caller's then, to be freed with
 * sc_report_repeat_free. 0, or -ENOMEM.
 */
int sc_repeat_report(struct sc_repeat *repeat, const struct sc_strings *differences,
                     struct sc_report_repeat *ret_report);

#endif
