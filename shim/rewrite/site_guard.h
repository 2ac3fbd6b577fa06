/*
 * site_guard.h: addresses that our jumps would overwrite and where an instruction begins: nothing in the module may
 * lead to one of them.
 *
 * There is one such set, for the module being examined.
 */
#ifndef SC_SITE_GUARD_H
#define SC_SITE_GUARD_H

#include "site_find.h"

/* An address, and the patch strategies that are ruled out if something leads to it. */
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
    /* A filter by the low 16 bits of the addresses, which answers nearly all questions from the first-level cache. */
    uint32_t filter[SC_GUARD_FILTER_WORDS];
    struct sc_guard list[SC_GUARDS]; /* ascending, once they are sorted */
};
extern struct sc_guards sc_guards;

void sc_guards_clear(const struct sc_elf_module *module);
void sc_guards_add(uint64_t address, struct sc_found_site *site, uint16_t ways);

/* Before the first question. */
void sc_guards_sort(void);

/* How the bytes at a place could lead to an address. */
enum sc_lead { SC_LEAD_RELATIVE, SC_LEAD_ABSOLUTE };

/*
 * The bytes at from lead to address: rules out what is guarded there, unless those bytes are part of known instructions
 * that do not lead there.
 */
void sc_guards_hit(uint64_t address, uint64_t from, enum sc_lead lead);

/* Nothing can be known of what leads to them: rules out all. */
void sc_guards_fall(void);

static inline bool sc_guards_may_have(uint32_t low)
{
    return sc_guards.filter[(low & 0xffff) >> 5] >> (low & 31) & 1;
}

#endif
