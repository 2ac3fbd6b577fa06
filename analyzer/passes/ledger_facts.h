/*
 * ledger_facts.h: what is noticed about a call by itself; what depends on the calls before it is in history.h.
 */
#ifndef SC_LEDGER_FACTS_H
#define SC_LEDGER_FACTS_H

#include "../model/event.h"
#include "../model/files.h"

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
    SC_FACT_AGAIN = 1 << 27,    /* an open, or a question about a name, of what its program had opened or asked about */
    SC_FACT_EMPTIES = 1 << 28,  /* an open that threw away what this run had written */
    SC_FACT_LANGUAGE = 1 << 29, /* the lowest of the two bits of the language's number */
};

/* Filtered out: gone when the run is read, see sc_ledger_finish. */
#define SC_FACT_HIDDEN (UINT32_C(1) << 31)

/* What is small: of fewer bytes than that. */
struct sc_ledger_sizes {
    int64_t write, read, output; /* output: what goes to a pipe, socket or terminal */
};

/* enum sc_fact of the call. regular: its file is one in a directory. */
uint32_t sc_call_facts(const struct sc_ledger_sizes *small, const struct sc_event *event,
                       const struct sc_access *access, bool regular);

#endif
