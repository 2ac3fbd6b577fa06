/*
 * build_report.h: from what was read to what is printed: health, comparability, differences, files by role.
 */
#ifndef SC_BUILD_REPORT_H
#define SC_BUILD_REPORT_H

#include "../model/files.h"
#include "../model/report.h"
#include "../passes/file_tally.h"
#include "../passes/ledger.h"
#include "../passes/process_table.h"
#include "../passes/sites.h"
#include "../passes/tally.h"
#include "../passes/thread_order.h"
#include "../text/normalise.h"
#include "thresholds.h"

enum sc_startup { SC_STARTUP_AUTO, SC_STARTUP_INCLUDE, SC_STARTUP_EXCLUDE };

/* One run, read to its end. Everything stays the caller's; files and normaliser are NULL for a table of counts. */
struct sc_report_input {
    const char *path;
    const char *label;
    const struct sc_run *run;
    const struct sc_tally *tally;
    const struct sc_files *files;
    struct sc_normaliser *normaliser;
    const struct sc_sites *sites;             /* or NULL */
    struct sc_symbols *symbols;               /* of the same run, where there are sites */
    const struct sc_ledger *ledger;           /* or NULL: no findings, and causes by names of calls only */
    const struct sc_process_table *processes; /* or NULL */
    const struct sc_thresholds *thresholds;   /* or NULL: the defaults */
    const struct sc_threads *threads;         /* or NULL */
    struct sc_ranking ranking;                /* of the first input counts for both */
    const struct sc_file_tally *shown;        /* of a filtered run: what counts of files; else NULL */
    const char *filter;                       /* its text; or NULL */
    uint64_t calls;                           /* with those that are filtered out */
};

/*
 * Whether calls before main are compared, for each run. auto leaves them out on the side that holds them where the
 * other side can't know them.
 */
void sc_startup_counts(enum sc_startup startup, const struct sc_run *const runs[2], unsigned count, bool ret_with[2]);

/* Start-up apart, findings and causes; build_why.c, private to the report. 0 or -ENOMEM. */
int sc_report_why(const struct sc_report_input *inputs, const bool with_startup[2], struct sc_report *report);

/* Builds the report of one run or two; name: X of the output files, or NULL. 0, or -ENOMEM. */
int sc_report_build(const struct sc_report_input *inputs, unsigned count, enum sc_taxonomy taxonomy,
                    enum sc_startup startup, const char *name, struct sc_report *ret_report);

#endif
