/*
 * report_repeat.h: several runs of one thing against several of another: what differs by more than chance.
 */
#ifndef SC_REPORT_REPEAT_H
#define SC_REPORT_REPEAT_H

#include "strings.h"

struct sc_repeat_range {
    uint64_t min, max, median;
};

struct sc_repeat_count {
    char *key; /* as in the JSON of a run: "writes.zero"; "files.ROLE.writes" */
    struct sc_repeat_range sides[2];
    bool stable;  /* the same in all runs of either side */
    bool differs; /* the medians lie further apart than either side's runs among themselves, and the ranges apart */
    int64_t difference; /* of the medians */
};

struct sc_repeat_run {
    char *source;
    struct sc_end end;
    uint64_t total;
    struct sc_strings problems; /* as in a report */
};

struct sc_report_repeat {
    char *labels[2];
    struct sc_repeat_run *runs[2];
    size_t run_counts[2];
    struct sc_repeat_count *counts; /* those that differ first, the furthest apart before others */
    size_t count;
    bool comparable;
    struct sc_strings why_not;     /* empty where comparable */
    struct sc_strings differences; /* of command line and environment of the first runs */
    struct sc_strings warnings;
};

void sc_report_repeat_free(struct sc_report_repeat *repeat);

#endif
