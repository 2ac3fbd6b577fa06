/*
 * export.h: the calls of one run, or of two one after the other, written in a format for other software.
 */
#ifndef SC_EXPORT_H
#define SC_EXPORT_H

#include <stdio.h>

#include "../model/event.h"
#include "../model/files.h"
#include "../model/report.h"
#include "../passes/symbols.h"
#include "../passes/thread_order.h"
#include "../text/mappings.h"
#include "../text/normalise.h"

/* A run while it is read again. Everything is the caller's. */
struct sc_export_run {
    unsigned number; /* 0 or 1 */
    const struct sc_report_run *report;
    const struct sc_run *run;
    const struct sc_files *files; /* as far as it is read; real names */
    const struct sc_files *whole; /* as they are in the end, by the same numbers */
    struct sc_symbols *symbols;
    struct sc_normaliser *normaliser; /* the names of the report; of two runs the same on both sides */
    const struct sc_threads *threads;
    const struct sc_child *const *children; /* see sc_run_children */
    const struct sc_mappings *mappings;     /* before the event */
    uint64_t begin_ns;                      /* of the first event; 0: times are not known */
    bool with_startup;                      /* what programs do before their main is exported too */
};

/* How a process ended, NULL where that is not known. */
static inline const struct sc_end *sc_export_end(const struct sc_export_run *run, uint32_t process)
{
    const struct sc_child *child = process && process < run->run->processes ? run->children[process] : NULL;
    const struct sc_end *end = process == 0 ? &run->run->end : child ? &child->end : NULL;
    return end && end->kind != SC_ENDED_UNKNOWN ? end : NULL;
}

struct sc_export;
struct sc_page;

/* What a format is. Any but call may be NULL. All return 0, or -errno; what cannot be written shows in out as well. */
struct sc_export_ops {
    const char *name;
    const char *what; /* for --help, a few words */
    /* report: of all runs, complete but for the files that are written. state may be set: it is the format's own. */
    int (*begin)(struct sc_export *export);
    int (*begin_run)(struct sc_export *export, const struct sc_export_run *run);
    /* A call or a request that passes the filter; or what happens to a process (PROCESS, EXEC, MAIN, PROCESS_END),
     * access NULL. -EPIPE: whoever reads out has gone, and nothing more is wanted there. */
    int (*call)(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access);
    int (*end_run)(struct sc_export *export, const struct sc_export_run *run);
    /* Writes what is left to write; failed: something went wrong before, and nothing is to be written. Frees state. */
    int (*end)(struct sc_export *export, bool failed);
    bool opens_file;   /* writes to the file itself: out is NULL (a database) */
    bool of_one_run;   /* has no place for a second one */
    bool takes_counts; /* says of a table of counts, which has no calls, what the report says */
};

struct sc_export {
    const struct sc_export_ops *ops;
    const struct sc_report *report;
    const char *path;   /* "-": standard output */
    const char *target; /* opens_file: an empty file, which takes the place of path when all went well */
    FILE *out;
    struct sc_page *page; /* html: of the batch that this pair is one of, or NULL */
    void *state;
    const char *why; /* with an error that it gives back: in words, where errno's own say too little */
};

/* By name; NULL where there is none. */
const struct sc_export_ops *sc_export_find(const char *name, size_t len);
/* The rows, in the order in which help lists them; NULL behind the last. */
const struct sc_export_ops *sc_export_row(size_t index);

/* to_jsonl.c and so on: one a format. */
extern const struct sc_export_ops sc_export_csv;
extern const struct sc_export_ops sc_export_folded, sc_export_folded_bytes, sc_export_folded_time;
extern const struct sc_export_ops sc_export_html;
extern const struct sc_export_ops sc_export_jsonl;
extern const struct sc_export_ops sc_export_perfetto;
extern const struct sc_export_ops sc_export_sqlite;
extern const struct sc_export_ops sc_export_strace;

/* Printed instead of the summary: not among the rows. */
extern const struct sc_export_ops sc_view_calls;

#endif
