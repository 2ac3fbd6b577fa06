/*
 * patch.h: takes over the system call instructions of an object.
 */
#ifndef SC_SITE_TAKE_H
#define SC_SITE_TAKE_H

#include "../core/state.h"
#include "site_cache.h"
#include "site_find.h"

/* Of all objects. */
struct sc_patched_sites {
    uint64_t found, left; /* sites; of which so many were left alone */
    uint64_t left_at[SC_SITES_NAMED];
};
extern struct sc_patched_sites sc_patched_sites;

/*
 * False where some of its code may not be changed at all. Nobody runs in the object but us: it is called by the
 * constructor, which is the only thread, and for an object that is not running yet under the loader's lock.
 * What it notes while it works is kept in one place and not on the stack, of which a thread may have little.
 */
bool sc_patch_module(struct sc_site_cache *cache, const struct sc_elf_module *module);

#endif
