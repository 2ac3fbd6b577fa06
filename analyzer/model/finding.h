/*
 * finding.h: what a report says about why: findings of one run, and the causes of the difference between two.
 */
#ifndef SC_FINDING_H
#define SC_FINDING_H

#include <stdbool.h>

#include "extents.h"
#include "strings.h"

/* What costs most comes first. COST: time where it stands out (sc_cause's by_time), and after that calls. */
enum sc_rank { SC_RANK_COST, SC_RANK_TIME, SC_RANK_CALLS, SC_RANK_BYTES };

/* All zero: by cost, and as many as fit on a screen. */
struct sc_ranking {
    enum sc_rank by;
    size_t top; /* at most so many of each kind are shown; 0: what fits */
};

/* Less time than this says nothing; and so long a call is held up where other programs run: a few turns of theirs. */
#define SC_RANK_NS UINT64_C(1000000)
#define SC_HELD_UP_NS UINT64_C(10000000)

enum { SC_FINDING_RANGES = 8, SC_FINDING_SITES = 5 };

struct sc_site_count {
    char *name; /* "libcasa_tables.so.7+0x1234" */
    int64_t calls;
};

struct sc_finding {
    const char *id;
    char *file; /* path as the run knew it; NULL where it is about no single file */
    char *role;
    uint64_t calls, bytes, time_ns;
    uint64_t requests; /* of calls: those that are none, but requests */
    uint64_t own_ns;   /* of time_ns: what is no waiting for others */
    bool has_range;
    struct sc_extent span;                      /* from the first byte to the last */
    struct sc_extent ranges[SC_FINDING_RANGES]; /* zero-fill: the first merged ranges */
    uint32_t range_count, range_total;
    struct sc_site_count sites[SC_FINDING_SITES]; /* the most frequent ones */
    uint32_t site_count, site_total;
    struct sc_strings evidence; /* the first calls */
    uint64_t saved_calls, saved_ns;
    uint64_t saved_closes; /* of saved_calls: those that go with opens */
    char *detail;          /* what else is to be said: "data replaced 66176 of these bytes later"; or NULL */
    char *advice;          /* one sentence */
};

/* What of a cause comes from one place. */
struct sc_cause_site {
    char *name; /* "casacore::FiledesIO::write [libcasa_casa.so.7]"; NULL: not known */
    uint64_t calls[2], bytes[2], time_ns[2];
};

enum { SC_CAUSE_FILES = 20 };

/* How many processes of a program each run has. */
struct sc_cause_processes {
    uint64_t count[2];
};

/* One part of the difference: what the two runs did to one file, or to many that are alike, in one way. */
struct sc_cause {
    char *role;          /* "" where it is about no file; of a group of files what they have in common: "in/f*" */
    char *pattern;       /* "zero-fill", "reading again", "brk" */
    const char *runtime; /* the language whose runtime it is, no work of the program: "Rust"; or NULL */
    uint64_t calls[2], bytes[2], time_ns[2];
    uint64_t requests[2];                /* that did such a thing, in bytes but not in calls and time_ns */
    uint64_t pages[2];                   /* of the files that it maps or writes: at most so many were stored into */
    struct sc_cause_processes processes; /* where it is all that the processes of one program do; else 0 and 0 */
    uint64_t file_count;
    struct sc_strings files;     /* of a group: the first SC_CAUSE_FILES by name */
    bool has_range;              /* of one file */
    struct sc_extent span;       /* of the run that has more calls */
    struct sc_cause_site *sites; /* all that differ, the largest difference first: they add up to the cause's */
    uint32_t site_count;
    bool other_calls; /* each run does it by calls that the other one does not make: write here, pwrite64 there */
    bool waits;       /* for others: what it takes is no cost of its own */
    bool by_time;     /* its difference in time is more than what the same calls vary by: that is its cost */
};

/* For qsort. times: they are known. */
int sc_compare_findings(const struct sc_finding *a, const struct sc_finding *b, enum sc_rank rank, bool times);

void sc_findings_free(struct sc_finding *findings, size_t count);
void sc_causes_free(struct sc_cause *causes, size_t count);

#endif
