/*
 * file_groups.h: the rows of a run's ledger by the role of their file.
 */
#ifndef SC_FILE_GROUPS_H
#define SC_FILE_GROUPS_H

#include "../passes/ledger.h"
#include "../passes/symbols.h"
#include "../text/normalise.h"

/* One run, read to its end; everything stays the caller's. ledger and files are NULL for a table of counts. */
struct sc_run_view {
    const struct sc_run *run;
    const struct sc_files *files;
    const struct sc_ledger *ledger;
    struct sc_normaliser *normaliser; /* or NULL */
    struct sc_symbols *symbols;       /* or NULL: sites are named by module and offset */
};

struct sc_file_group {
    char *role;                 /* "" for calls that are about no file */
    const char *path;           /* as the run knew it; NULL for those */
    bool regular;               /* a file in a directory, or the path of one that is not there */
    uint64_t pages, zero_pages; /* at most so many were stored into through memory; 0 too where that is not known */
    const struct sc_row **rows;
    size_t count;
};

struct sc_file_groups {
    const struct sc_run_view *view;
    struct sc_file_group *items; /* by role */
    size_t count;
    const struct sc_row **rows;
};

/* 0 or -ENOMEM. Of a run view without a ledger there are none. */
int sc_file_groups_make(const struct sc_run_view *view, struct sc_file_groups *ret_groups);
void sc_file_groups_free(struct sc_file_groups *groups);

/* NULL where there is none. */
const struct sc_file_group *sc_file_groups_find(const struct sc_file_groups *groups, const char *role);

#endif
