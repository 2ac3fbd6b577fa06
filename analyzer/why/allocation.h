/*
 * ways.h: how a run goes about its files: what its seeks are for, how it makes room in them, whether it maps them.
 */
#ifndef SC_WAYS_H
#define SC_WAYS_H

#include "../model/report.h"
#include "row_sums.h"
#include "thresholds.h"

/* How room is made in a file; the later, the cheaper. */
enum sc_way { SC_WAY_NONE, SC_WAY_ZEROS, SC_WAY_GROWING, SC_WAY_TRUNCATE, SC_WAY_FALLOCATE, SC_WAYS };

/* "writes zeros into it" */
const char *sc_way_text(enum sc_way way);

/* The cheapest one that the run takes with this file: that one it knows. ret_sum: the calls of it; may be NULL. */
enum sc_way sc_way_of(const struct sc_group *group, const struct sc_thresholds *thresholds, struct sc_sum *ret_sum);

/* Fills in what the report says of it. 0 or -ENOMEM. */
int sc_find_ways(const struct sc_groups *groups, const struct sc_thresholds *thresholds, struct sc_report_run *run);

#endif
