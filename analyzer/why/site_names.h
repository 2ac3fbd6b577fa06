/*
 * site_names.h: what a call site is called: module and offset. The one place to give it a better name.
 */
#ifndef SC_SITE_NAMES_H
#define SC_SITE_NAMES_H

#include "file_groups.h"

/*
 * The function that the place is in: "casacore::FiledesIO::write [libcasa_casa.so.7]", of functions that were inlined
 * the innermost one that is not the language's library. Where no function is known
 * "libcasa_tables.so.7+0x1234", or "0x..." where no module is there; "" for site 0, which is not known.
 * Owned by the caller; NULL: no memory.
 */
char *sc_site_function(const struct sc_run_view *view, uint64_t site);

/* The same place for people: the function's name where it can be found. Owned by the caller; NULL: no memory. */
char *sc_site_name(const struct sc_run_view *view, uint64_t site);

#endif
