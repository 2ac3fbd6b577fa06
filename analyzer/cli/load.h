/*
 * load.h: one run read to its end in constant memory: its counts and its files.
 */
#ifndef SC_LOAD_H
#define SC_LOAD_H

#include "../model/files.h"
#include "../passes/file_tally.h"
#include "../passes/filter.h"
#include "../passes/ledger.h"
#include "../passes/over_time.h"
#include "../passes/process_table.h"
#include "../passes/sites.h"
#include "../passes/tally.h"
#include "../passes/thread_order.h"
#include "../sources/source.h"
#include "filtering.h"

struct sc_loaded {
    const char *path;
    const struct sc_terms *terms; /* of every reading */
    struct sc_source *source;     /* stays open: the run belongs to it */
    const struct sc_run *run;
    struct sc_tally *tally;
    struct sc_files *files;   /* NULL for a table of counts */
    struct sc_sites *sites;   /* likewise */
    struct sc_ledger *ledger; /* likewise */
    struct sc_process_table *processes;
    struct sc_file_tally *shown; /* where there is a filter */
    uint64_t calls;              /* with those that are filtered out */
    struct sc_threads *threads;
    struct sc_over_time *over_time; /* where it is asked for */
};

struct sc_load_options {
    bool stacks; /* count call stacks as well */
    bool over_time;
    bool alone;  /* no other run is compared with it */
    bool silent; /* without progress on a terminal */
    struct sc_ledger_sizes small;
    const struct sc_filter_rules *rules;
    enum sc_symbols_mode symbols;
    struct sc_filtering *filtering; /* is opened; stays the caller's, who closes it in any case */
    const struct sc_terms *terms;
};

/* 0, or -errno and ret_error filled. Two runs can be loaded by two threads: they share nothing. */
int sc_load(const char *path, const struct sc_load_options *options, struct sc_loaded *ret_loaded,
            struct sc_error *ret_error);
void sc_unload(struct sc_loaded *loaded);

#endif
