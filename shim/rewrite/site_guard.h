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
    SC_GUARD_FILTER_WORDS = 65536 / 32,
};

struct sc_guards {
    const struct sc_elf_module *module;
    uint32_t count;
    /* Of the low 16 bits of the addresses: nearly all that is asked is answered here, out of the first cache. */
    uint32_t filter[SC_GUARD_FILTER_WORDS];
    struct sc_guard list[SC_GUARDS]; /* ascending, once they are sorted */
};
extern struct sc_guards sc_guards;

void sc_guards_clear(const struct sc_elf_module *module);
void sc_guards_add(uint64_t address, struct sc_found_site *site, uint16_t ways);

/* Before the first question. */
void sc_guards_sort(void);

/* How the bytes at a place would lead somewhere. */
enum sc_lead { SC_LEAD_RELATIVE, SC_LEAD_ABSOLUTE };

/*
 * The bytes at from lead to address: what is guarded there falls. Unless they are part of code of which the
 * instructions are known, and those do not.
 */
void sc_guards_hit(uint64_t address, uint64_t from, enum sc_lead lead);

/* Nothing can be known of what leads to them: all fall. */
void sc_guards_fall(void);

static inline bool sc_guards_may_have(uint32_t low)
{
    return sc_guards.filter[(low & 0xffff) >> 5] >> (low & 31) & 1;
}

#endif
