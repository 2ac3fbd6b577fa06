/*
 * site_proof.h: whether anything in an object leads into the middle of what a jump of ours would overwrite.
 *
 * Within the function of the site that is known by its instructions (site_find.c). From elsewhere it may be a branch of
 * another function or of code without unwind tables, an address that code or data hold, an entry of a jump table, or a
 * symbol. All of the object is looked through for it, byte by byte, once for all its sites: whatever could be one of
 * these is taken for one.
 */
#ifndef SC_SITE_PROOF_H
#define SC_SITE_PROOF_H

#include "site_find.h"

/*
 * Takes from the sites' possible ways those that something speaks against. For a constructor's one thread, or the
 * loader under its lock: what it notes is kept in one place.
 */
void sc_site_prove(const struct sc_elf_module *module, struct sc_found_site *sites, size_t count);

#endif
