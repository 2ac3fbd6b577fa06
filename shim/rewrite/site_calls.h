/* site_calls.h: the calls of functions that have to be left as they are (site_stub.h). */
#ifndef SC_SITE_CALLS_H
#define SC_SITE_CALLS_H

#include "site_find.h"
#include "site_stub.h"

enum { SC_STUB_CALLS = 8 };

/* The calls, from anywhere in the code [begin, end), of the functions that these sites belong to. How many. */
unsigned sc_stub_calls_find(const struct sc_elf_module *module, const struct sc_found_site *sites, size_t count,
                            uint64_t begin, uint64_t end, struct sc_stub_call calls[SC_STUB_CALLS]);

/* The call that is at that address; false where none is. For what was found in another process. */
bool sc_stub_call_at(uint64_t begin, uint64_t end, uint64_t at, struct sc_stub_call *ret_call);

#endif
