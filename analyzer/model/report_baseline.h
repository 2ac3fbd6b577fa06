/*
 * report_baseline.h: a run held against a baseline: what grew, by how much, and whether it may.
 */
#ifndef SC_REPORT_BASELINE_H
#define SC_REPORT_BASELINE_H

#include <stdint.h>

#include "strings.h"

enum sc_verdict { SC_PASS, SC_SOFT, SC_HARD };

/* One count. */
struct sc_growth {
    char *key;                /* as in the JSON of a run: "writes.zero"; "files.ROLE.writes" */
    int64_t was_min, was_max; /* in the runs of the baseline */
    int64_t now;
    int64_t by;              /* above was_max, or negative below was_min; 0: as it was */
    char *limit;             /* "+2%:+10%"; NULL: it has none */
    enum sc_verdict verdict; /* of the limit */
};

struct sc_report_baseline {
    char *file, *source;        /* the baseline and the run, as they were named */
    int64_t runs;               /* of the baseline */
    enum sc_verdict verdict;    /* the worst; SC_HARD where there are problems */
    struct sc_strings problems; /* why the run passes nothing: "killed by SIGABRT" */
    bool renewed;               /* the file holds this run now */
    struct sc_growth *held;     /* those that have a limit; the worst and the largest first */
    size_t held_count;
    struct sc_growth *others; /* those without that changed: what grew, the largest first, then what fell */
    size_t other_count;
};

void sc_report_baseline_free(struct sc_report_baseline *report);

#endif
