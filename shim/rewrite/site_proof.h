/*
 * site_proof.h: whether anything in a module leads into the middle of what our jump would overwrite.
 *
 * Within the site's function its instructions tell (site_find.c). From elsewhere it may be a branch of another function
 * or of code without unwind tables, an address in code or data, an entry of a jump table, or a symbol. The whole module
 * is searched for these, byte by byte, once for all its sites: whatever could be one of them counts as one.
 */
#ifndef SC_SITE_PROOF_H
#define SC_SITE_PROOF_H

#include "site_find.h"

/*
 * Removes from the sites' possible strategies those that something rules out. Called by the constructor's one thread,
 * or by the loader under its lock: working data is static.
 */
void sc_site_prove(const struct sc_elf_module *module, struct sc_found_site *sites, size_t count);

#endif
