/*
 * report_sites.h: where the calls of a run came from, as a report shows it.
 */
#ifndef SC_REPORT_SITES_H
#define SC_REPORT_SITES_H

#include "sizes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strings.h"

/* A function; behind the first one those that it was inlined into. */
struct sc_report_frame {
    char *function;
    char *file; /* or NULL */
    int line;   /* 0: not known */
};

/* Calls of one kind that return to one place. */
struct sc_report_site {
    char *name;      /* function, file and line, or library and offset */
    char *call;      /* kernel name */
    char *module;    /* path; NULL: in no module that is known */
    uint64_t offset; /* in the module; without one the address */
    struct sc_report_frame *frames;
    size_t frame_count;
    uint64_t calls, errors, bytes, time_ns;
    struct sc_size_summary sizes;
};

/* A branch of the tree of call stacks, which is listed with every branch before its own branches. */
struct sc_report_branch {
    char *name;        /* a function that has called the branches below it; at the tips the call that was made */
    uint32_t depth;    /* 0: the outermost function */
    uint32_t left_out; /* so many branches together, too thin to be listed; name is NULL */
    uint64_t calls, bytes, time_ns;
};

struct sc_report_sites {
    bool known;                   /* the source says where calls came from */
    struct sc_report_site *items; /* those with the most calls first */
    size_t count;
    uint64_t total;          /* of places, with those that are not listed */
    struct sc_strings notes; /* modules that are not what they were, whole sentences */
    bool stacks_wanted, stacks_known;
    struct sc_report_branch *branches;
    size_t branch_count;
};

void sc_report_sites_free(struct sc_report_sites *sites);

#endif
