/*
 * ledger.h: every call of a run in exactly one row, by file, call, call site and what was noticed about it (its facts);
 * and every request that is no call (SC_EVENT_REQUEST) in one of those for requests. Findings and the cause list are
 * sums over rows, so that they add up to the run's totals. Memory grows with the number of rows, not with that of
 * calls.
 */
#ifndef SC_LEDGER_H
#define SC_LEDGER_H

#include "../model/event.h"
#include "../model/files.h"
#include "../model/intern.h"
#include "../model/run.h"
#include "ledger_facts.h"
#include "runtime.h"

enum { SC_LEDGER_EVIDENCE = 3, SC_SUBJECT_PATH = 1u << 31 };

struct sc_row {
    uint32_t subject; /* a file of the model; SC_SUBJECT_PATH + number of a path without a file; SC_NO_FILE */
    uint32_t facts;
    uint16_t nr;    /* from SC_NR_LIMIT on: names without a row, see sc_ledger_call */
    uint16_t error; /* errno of a failed call; 0: it went well */
    uint8_t way;    /* enum sc_way: other than CALL it is not of calls, but of requests that did what such a call does,
                       without times, as many were under way while the program did other things */
    uint32_t program; /* see sc_run_program */
    uint64_t site;
    uint64_t calls, bytes, time_ns;
    uint64_t longest_ns, shortest_ns; /* of one call; shortest UINT64_MAX: none is known */
    uint64_t again;                   /* of bytes: those of REWRITE and REREAD */
    int64_t begin, end; /* from the first byte touched to the last; SC_OFFSET_UNKNOWN where none is known */
    uint8_t shown;
    uint64_t order[SC_LEDGER_EVIDENCE]; /* the first calls: where in the run they stand */
    uint32_t lines[SC_LEDGER_EVIDENCE]; /* and how they read, see sc_ledger_line */
};

static inline enum sc_language sc_row_language(const struct sc_row *row)
{
    return (enum sc_language)(row->facts / SC_FACT_LANGUAGE & 3);
}

struct sc_ledger;

/* NULL where memory is short. */
struct sc_ledger *sc_ledger_new(const struct sc_ledger_sizes *small);
void sc_ledger_free(struct sc_ledger *ledger);

/* Lines show names as they are: of a run that is looked at alone. */
void sc_ledger_keep_names(struct sc_ledger *ledger);

/*
 * access: what sc_files_apply just made of the event. run: as far as it is known. passes: a call that does not is
 * followed, for what it means for others, and is in no row. 0, or -ENOMEM.
 */
int sc_ledger_add(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                  const struct sc_event *event, const struct sc_access *access, bool passes);
/* The run is read. */
void sc_ledger_finish(struct sc_ledger *ledger);

size_t sc_ledger_rows(const struct sc_ledger *ledger, const struct sc_row **ret_rows);
/* How often a process ran that program, as far as it made a call. */
uint64_t sc_ledger_processes(const struct sc_ledger *ledger, uint32_t program);
/* The call's name. */
const char *sc_ledger_call(const struct sc_ledger *ledger, const struct sc_row *row);
/* The path of the row's file; NULL where it has none. */
const char *sc_ledger_path(const struct sc_ledger *ledger, const struct sc_files *files, const struct sc_row *row);
const char *sc_ledger_line(const struct sc_ledger *ledger, uint32_t line);

#endif
