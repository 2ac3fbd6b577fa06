/* site_padding.h: gives padding between functions to the long jumps of sites that have room for a short jump only. */
#ifndef SC_SITE_PADDING_H
#define SC_SITE_PADDING_H

#include "site_find.h"

/* Forgets what is in use: another module follows. */
void sc_site_padding_clear(void);

/* Takes room for a long jump, within reach of a short jump at the site. 0: there is none. */
uint64_t sc_site_padding_take(const struct sc_elf_module *module, const struct sc_found_site *site);

#endif
