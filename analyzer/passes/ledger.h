/*
 * ledger.h: every call of a run in exactly one row, by file, call, call site and what was noticed about it (its facts).
 * Findings and the cause list are sums over rows, so that they add up to the run's totals. Memory grows with the number
 * of rows, not with that of calls.
 */
#ifndef SC_LEDGER_H
#define SC_LEDGER_H

#include "../model/event.h"
#include "../model/files.h"
#include "../model/intern.h"
#include "../model/run.h"
#include "runtime.h"

enum sc_fact {
    SC_FACT_STARTUP = 1 << 0,    /* before main */
    SC_FACT_RUNTIME = 1 << 1,    /* a language's runtime, see sc_row_language */
    SC_FACT_FAILED = 1 << 2,     /* but for what is no failure: EAGAIN, EINTR and their like */
    SC_FACT_ZERO = 1 << 3,       /* a write of zeros to a file */
    SC_FACT_GROW = 1 << 4,       /* a write of one zero byte that only makes the file longer */
    SC_FACT_REWRITE = 1 << 5,    /* a write over what this run had written */
    SC_FACT_REREAD = 1 << 6,     /* a read of what this run had read */
    SC_FACT_SMALL = 1 << 7,      /* a small write or read where the one before it ended */
    SC_FACT_STILL = 1 << 8,      /* an lseek to where the offset was */
    SC_FACT_SEEK_WRITE = 1 << 9, /* an lseek with a write right behind it */
    SC_FACT_SEEK_READ = 1 << 10, /* an lseek with a read right behind it */
    SC_FACT_LOCK = 1 << 11,      /* flock, or fcntl that locks or unlocks */
    SC_FACT_SHARED = 1 << 12,    /* an mmap of a file that is shared */
    SC_FACT_RANDOM = 1 << 13,    /* a read or write in no order, see sc_access */
    SC_FACT_ASKEW = 1 << 14,     /* one of a page or more that begins within a page */
    SC_FACT_NAMED = 1 << 15,     /* a stat of a name, not of a descriptor */
    SC_FACT_TRICKLE = 1 << 16,   /* a small write to a pipe, socket or terminal behind another, see history.c */
    SC_FACT_WAITS = 1 << 17,     /* a call that would have waited: EAGAIN */
    SC_FACT_SPIN = 1 << 18,      /* one right behind another such one of its thread */
    SC_FACT_REMAP = 1 << 19,     /* an mmap of what was mapped before and unmapped again */
    SC_FACT_SYNCED = 1 << 20,    /* a write to a file that was opened with O_SYNC or O_DSYNC */
    SC_FACT_DIRECT = 1 << 21,    /* a read or write of one that was opened with O_DIRECT */
    SC_FACT_FORK = 1 << 22,      /* it made a process, no thread */
    SC_FACT_COPY = 1 << 23,      /* a write of as many bytes as its thread just read from another file */
    SC_FACT_ANOTHERS = 1 << 24,  /* a read again, not by the process that read the file first */
    SC_FACT_UNSYNCED = 1 << 25,  /* a rename of a file that was written and not synced since */
    SC_FACT_NEEDLESS = 1 << 26,  /* an fsync of a file that this run did not change since the last one */
    SC_FACT_LANGUAGE = 1 << 27,  /* the lowest bit of the language's number */
};

enum { SC_LEDGER_EVIDENCE = 3, SC_SUBJECT_PATH = 1u << 31 };

struct sc_row {
    uint32_t subject; /* a file of the model; SC_SUBJECT_PATH + number of a path without a file; SC_NO_FILE */
    uint32_t facts;
    uint16_t nr;    /* from SC_NR_LIMIT on: names without a row, see sc_ledger_call */
    uint16_t error; /* errno of a failed call */
    uint64_t site;
    uint64_t calls, bytes, time_ns;
    uint64_t again;     /* of bytes: those of REWRITE and REREAD */
    int64_t begin, end; /* from the first byte touched to the last; SC_OFFSET_UNKNOWN where none is known */
    uint8_t shown;
    uint64_t order[SC_LEDGER_EVIDENCE]; /* the first calls: where in the run they stand */
    uint32_t lines[SC_LEDGER_EVIDENCE]; /* and how they read, see sc_ledger_line */
};

static inline enum sc_language sc_row_language(const struct sc_row *row)
{
    return (enum sc_language)(row->facts / SC_FACT_LANGUAGE);
}

struct sc_ledger;

/* What is small: of fewer bytes than that. */
struct sc_ledger_sizes {
    int64_t write, read, output; /* output: what goes to a pipe, socket or terminal */
};

/* NULL where memory is short. */
struct sc_ledger *sc_ledger_new(const struct sc_ledger_sizes *small);
void sc_ledger_free(struct sc_ledger *ledger);

/* access: what sc_files_apply just made of the event. run: as far as it is known. 0, or -ENOMEM. */
int sc_ledger_add(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                  const struct sc_event *event, const struct sc_access *access);

size_t sc_ledger_rows(const struct sc_ledger *ledger, const struct sc_row **ret_rows);
/* The call's name. */
const char *sc_ledger_call(const struct sc_ledger *ledger, const struct sc_row *row);
/* The path of the row's file; NULL where it has none. */
const char *sc_ledger_path(const struct sc_ledger *ledger, const struct sc_files *files, const struct sc_row *row);
const char *sc_ledger_line(const struct sc_ledger *ledger, uint32_t line);

#endif
