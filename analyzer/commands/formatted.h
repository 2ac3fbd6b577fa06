/*
 * formatted.h: the formatted log of one run: its story as a folded timeline, then its calls by category. Nothing in it
 * is specific to the run, so that two runs of one deterministic program give the same bytes.
 */
#ifndef SC_FORMATTED_H
#define SC_FORMATTED_H

#include <stdio.h>

#include "../model/report.h"
#include "../sources/source.h"
#include "../stages/normalise.h"
#include "../stages/sequence.h"

struct sc_formatted {
    const char *path;         /* the input; it is read a second time */
    const struct sc_run *run; /* as the first reading left it */
    const struct sc_counts *counts;
    struct sc_normaliser *normaliser;
    enum sc_taxonomy taxonomy;
    bool with_startup;
    bool show_data;                   /* never where files are to be diffed */
    struct sc_lines *lines;           /* that ret_timeline is of; both NULL where nobody wants it */
    struct sc_sequence *ret_timeline; /* the calls in their order, with offsets as steps; to be freed */
};

/* 0, or -errno and ret_error filled; errors of writing stay in out. */
int sc_write_formatted(FILE *out, const struct sc_formatted *what, struct sc_error *ret_error);

/*
 * A unified diff of two files with those names in its head, by lines of the files as they stand. Returns the number of
 * differing lines, or -errno.
 */
int64_t sc_write_file_diff(FILE *out, const char *path_a, const char *name_a, const char *path_b, const char *name_b);

#endif
