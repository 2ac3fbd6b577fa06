/* patch.h: patches the system call instructions of a module. */
#ifndef SC_PATCH_H
#define SC_PATCH_H

#include "../core/state.h"
#include "site_cache.h"
#include "site_find.h"

/* Counts over all modules. */
struct sc_patched_sites {
    uint64_t found, left; /* sites found; of these, left unpatched */
    uint64_t unknown;     /* of these, those that may make a thread, for all that is known of their call */
    uint64_t left_at[SC_SITES_NAMED];
};
extern struct sc_patched_sites sc_patched_sites;

/*
 * file: the module's, to be opened now, "" the program's (code_file.h); NULL: none, or not now, then no plan is kept of
 * it. False if some of its code may not be changed at all. Nobody else runs in the module: the caller is the
 * constructor, the only thread, or holds the loader's lock for a module that is not running yet. Its working data is
 * static and not on the stack, since a thread may have little.
 */
bool sc_patch_module(struct sc_site_cache *cache, const struct sc_elf_module *module, const char *file);

#endif
