/*
 * trampoline.h: the code that a site jumps to, written into memory near the object.
 */
#ifndef SC_STUB_H
#define SC_STUB_H

#include "site.h"
#include "site_find.h"

/* Memory for the trampolines of one object, within reach of its jumps; writable until sc_trampolines_seal. */
struct sc_trampolines {
    uint8_t *begin;
    uint8_t *at;
    uint8_t *end;
    const struct sc_site *last; /* of those written */
};

enum { SC_TRAMPOLINE_BYTES = 160 }; /* no site takes more */

/* Room for count sites near [low, high). 0 or -errno. */
int sc_trampolines_open(struct sc_trampolines *trampolines, uint64_t low, uint64_t high, size_t count);

/*
 * Writes the trampoline of a site, and over the site, that way, the jump to it. The object's code is writable. False:
 * out of reach.
 */
bool sc_trampoline_install(struct sc_trampolines *trampolines, const struct sc_found_site *found,
                           enum sc_patch_strategy strategy);

/* Executable and no longer writable; what was not used is given back. 0 or -errno. */
int sc_trampolines_seal(struct sc_trampolines *trampolines);

#endif
