/* span_cache.h: the functions of an object without unwind tables, kept for the session's other processes. */
#ifndef SC_SPAN_CACHE_H
#define SC_SPAN_CACHE_H

#include "../unwind/modules.h"
#include "site_cache.h"

/* Refines the object's table by what is in the cache (or NULL), or by all of its code. By the constructor. */
void sc_span_cache_refine(struct sc_site_cache *cache, struct sc_elf_module *module);

#endif
