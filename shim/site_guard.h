/*
 * site_guard.h: addresses within what jumps of ours would overwrite, at which an instruction begins: nothing in the
 * object may lead to one of them.
 *
 * There is one such set, for the object that is being looked at.
 */
#ifndef SC_SITE_GUARD_H
#define SC_SITE_GUARD_H

#include "site_find.h"

/* An address, and the ways to take the site over that fall if something leads to it. */
struct sc_guard {
    uint64_t address;
    struct sc_found_site *site;
    uint16_t ways;
};

enum {
    SC_GUARDS = 4096,
    SC_GUARD_WINDOW = 1024, /* a power of two */
    SC_GUARD_FILTER_WORDS = 65536 / 32,
};

struct sc_guards {
    uint32_t count;
    /* Of the low 16 bits of the addresses, and of the low 16 of their windows' numbers: nearly all that is asked of
     * them is answered here, out of the first cache. */
    uint32_t filter[SC_GUARD_FILTER_WORDS];
    uint32_t windows[SC_GUARD_FILTER_WORDS];
    struct sc_guard list[SC_GUARDS]; /* ascending, once they are closed */
};
extern struct sc_guards sc_guards;

void sc_guards_clear(void);
void sc_guards_add(uint64_t address, struct sc_found_site *site, uint16_t ways);
void sc_guards_close(void);

/* Something at from leads to address: what is guarded there falls, unless from lies within the site's own function. */
void sc_guards_hit(uint64_t address, uint64_t from);

/* The same for each guarded address in (last - SC_GUARD_WINDOW, last] that is a multiple of four bytes away from last. */
void sc_guards_hit_window(uint64_t last, uint64_t from);

/* Nothing can be known of what leads to them: all fall. */
void sc_guards_fall(void);

static inline bool sc_guards_may_have(uint32_t low)
{
    return sc_guards.filter[(low & 0xffff) >> 5] >> (low & 31) & 1;
}

static inline bool sc_guards_may_have_window(uint64_t last)
{
    uint64_t window = last / SC_GUARD_WINDOW;
    return sc_guards.windows[(window & 0xffff) >> 5] >> (window & 31) & 1;
}

#endif
