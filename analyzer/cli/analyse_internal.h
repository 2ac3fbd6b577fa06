/*
 * analyse_internal.h: one run or a pair while it is analysed; private to analyse.c, write_files.c
 * and part_early.c.
 */
#ifndef SC_ANALYSE_INTERNAL_H
#define SC_ANALYSE_INTERNAL_H

#include "agreement.h"
#include "analyse.h"
#include "filtering.h"
#include "load.h"
#include "output.h"
#include "write_log.h"

struct sc_analysis {
    const struct sc_options *options;
    const struct sc_names *names;
    struct sc_inputs inputs;
    struct sc_agreement agreement;
    struct sc_filtering filtering[2];
    struct sc_loaded runs[2];
    struct sc_normaliser *normalisers[2];
    /* Of a run that is looked at alone: what the report shows. Its log may be compared yet. */
    struct sc_normaliser *real_names;
    struct sc_symbols *symbols[2];
    bool with_startup[2];             /* the calls before main are compared */
    struct sc_log_lines formatted[2]; /* of a pair; later with the first one's lines */
    unsigned count;
    struct sc_report *report;
    struct sc_error *error;
};

/* The logs of a pair, what differs between them, and side by side; the names are noted. 0, or -errno and error filled.
 */
int sc_write_pair(struct sc_analysis *analysis);

/* What the log of that run is made of. unseen: of a pair, or NULL. */
struct sc_log_file sc_log_of(const struct sc_analysis *analysis, unsigned run, const struct sc_unseen *unseen);

/*
 * Do the runs part early? Then all that a summary says of their calls one by one is in the report, and ret_parted true,
 * after little of each was read. 0, or -errno and error filled.
 */
int sc_part_early(struct sc_analysis *analysis, bool *ret_parted);

/* The log of one run, where it is asked for. */
int sc_write_single(struct sc_analysis *analysis);

#endif
