/*
 * write_log.h: the formatted log of one run: its story as a folded timeline, then its calls by category. Nothing in it
 * is specific to the run, so that two runs of one deterministic program give the same bytes.
 */
#ifndef SC_WRITE_LOG_H
#define SC_WRITE_LOG_H

#include <stdio.h>

#include "../model/report.h"
#include "../passes/filter.h"
#include "../passes/thread_order.h"
#include "../sources/source.h"
#include "../text/normalise.h"
#include "../text/sequence.h"
#include "../text/unseen.h"
#include "../why/parting.h"

struct sc_log_file {
    const char *path; /* the input; it is read a second time */
    const struct sc_terms *terms;
    const struct sc_run *run; /* as the first reading left it */
    const struct sc_counts *counts;
    const struct sc_threads *threads;
    struct sc_normaliser *normaliser;
    const struct sc_unseen *unseen; /* of a pair, or NULL */
    struct sc_filter *filter;       /* or NULL */
    enum sc_taxonomy taxonomy;
    bool with_startup;
    bool show_data; /* never where files are to be diffed */
    bool silent;    /* without progress on a terminal */
};

/* What was written, as numbers of lines. All zero is nothing. */
struct sc_log_lines {
    struct sc_lines *lines;
    struct sc_sequence whole;    /* the file line by line */
    size_t story;                /* so many of these tell the run in order, loops folded; the sections follow */
    size_t meant;                /* and so many are what the program means to do; what scheduling made follows */
    struct sc_sequence timeline; /* the calls in their order, thread by thread, with offsets as steps */
    struct sc_run_calls calls;   /* the same as the sections have them, and whose they are */
};
void sc_log_lines_free(struct sc_log_lines *lines);

/*
 * ret_lines: NULL where nobody wants them. 0, or -errno and ret_error filled; errors of writing stay in out. Two runs
 * can be formatted by two threads: they share nothing.
 */
int sc_write_log(FILE *out, const struct sc_log_file *what, struct sc_log_lines *ret_lines, struct sc_error *ret_error);

/*
 * The lines of about the first `calls` calls of a run of one thread, in its timeline and calls; nothing is written, and
 * the input is read no further. 0, or -errno and ret_error filled.
 */
int sc_read_beginning(const struct sc_log_file *what, uint64_t calls, struct sc_log_lines *ret_lines,
                      struct sc_error *ret_error);

#endif
