/*
 * site_cache.h: what was found out about modules' code (site_plan.h, span_cache.h), kept in the capture's file for all
 * processes of the session: a program that starts a hundred compilers must not read a hundred megabytes of code for
 * each.
 *
 * Keyed by build-id. An entry is published by writing its key last; two processes that add the same module do no harm.
 */
#ifndef SC_SITE_CACHE_H
#define SC_SITE_CACHE_H

#include <stddef.h>
#include <stdint.h>

enum { SC_CACHE_ENTRIES = 128, SC_CACHE_WORDS = 7678 };

struct sc_site_cache {
    uint32_t used; /* number of words; may exceed the room when that is full */
    uint32_t reserved;
    struct {
        uint64_t key; /* 0: free */
        uint32_t first, count;
    } entries[SC_CACHE_ENTRIES];
    uint32_t words[SC_CACHE_WORDS];
};
_Static_assert(sizeof(struct sc_site_cache) <= 32768, "the room it has in the file");

/* The words cached under key, and their number in *ret_count; NULL if there are none. */
const uint32_t *sc_site_cache_find(const struct sc_site_cache *cache, uint64_t key, size_t *ret_count);

/* Caches them, if there is room. */
void sc_site_cache_add(struct sc_site_cache *cache, uint64_t key, const uint32_t *words, size_t count);

#endif
