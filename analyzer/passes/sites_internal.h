/*
 * sites_internal.h: what was counted; private to analyzer/passes/sites*.c.
 */
#ifndef SC_SITES_INTERNAL_H
#define SC_SITES_INTERNAL_H

#include "../model/intern.h"
#include "../model/sizes.h"
#include "sites.h"

enum {
    SC_SITE_LISTED = 100,
    SC_STACKS_MAX = 1 << 17,
    SC_STACK_FRAMES = 256,
    SC_SITES_NEAR = 256, /* what eight bits of a product can tell apart */
};

struct sc_site_counts {
    uint64_t calls, errors, bytes, time_ns;
};

struct sc_site {
    uint64_t address;
    bool startup;
    const struct sc_call_desc *desc;
    struct sc_site_counts counts;
    struct sc_sizes *sizes; /* or NULL */
};

/* Interned before the frames of a stack. Without gaps, whose bytes would be part of it. */
struct sc_stack_key {
    uint64_t startup;
    const struct sc_call_desc *desc;
};

struct sc_site_key {
    uint64_t address;
    struct sc_stack_key call;
};

struct sc_sites {
    struct sc_intern keys;        /* sc_site_key; the number is the item's */
    uint32_t near[SC_SITES_NEAR]; /* item + 1 of the last call that came to that place: most come again */
    struct sc_site *items;
    size_t used, capacity;
    bool want_stacks;
    struct sc_intern stacks; /* a key, then frames, innermost first */
    struct sc_site_counts *stack_counts;
    size_t stack_capacity;
    uint64_t stacks_lost; /* calls whose stack was one too many */
};

static inline const char *sc_site_call(const struct sc_call_desc *desc)
{
    return desc->name ? desc->name : "unknown";
}

/* The tree of the stacks; sites_tree.c. 0, or -ENOMEM. */
int sc_sites_tree(const struct sc_sites *sites, struct sc_symbols *symbols, bool with_startup,
                  struct sc_report_sites *report);

#endif
