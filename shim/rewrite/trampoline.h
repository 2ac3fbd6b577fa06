/* trampoline.h: the code that a site jumps to, written into memory near the module. */
#ifndef SC_TRAMPOLINE_H
#define SC_TRAMPOLINE_H

#include "site.h"
#include "site_find.h"
#include "site_stub.h"

/* Memory for the trampolines of one module, within reach of its jumps; writable until sc_trampolines_seal. */
struct sc_trampolines {
    uint8_t *begin;
    uint8_t *at;
    uint8_t *end;
    const struct sc_site *last; /* the last one written */
};

enum { SC_TRAMPOLINE_BYTES = 160 }; /* no site takes more */

/* Room for count sites near [low, high). 0 or -errno. */
int sc_trampolines_open(struct sc_trampolines *trampolines, uint64_t low, uint64_t high, size_t count);

/*
 * Writes the trampoline of a site and patches the site by that strategy. The module's code is writable. False: out of
 * reach.
 */
bool sc_trampoline_install(struct sc_trampolines *trampolines, const struct sc_found_site *found,
                           enum sc_patch_strategy strategy);

/* The same for a call of one of musl's functions, in place of it. */
bool sc_trampoline_call(struct sc_trampolines *trampolines, const struct sc_stub_call *call);

/* Makes them executable and no longer writable; frees what was not used. 0 or -errno. */
int sc_trampolines_seal(struct sc_trampolines *trampolines);

#endif
