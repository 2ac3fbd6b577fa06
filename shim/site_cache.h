/*
 * site_cache.h: where the objects' code has the two bytes of a system call, kept in the capture's file for all
 * processes of the session, so that a program which starts a hundred compilers does not read a hundred megabytes of
 * code for each.
 *
 * Keyed by build-id. What is kept are places to look at, nothing more: each is judged anew. Entries are published by
 * writing their key last; two processes that add the same object do no harm.
 */
#ifndef SC_SITE_CACHE_H
#define SC_SITE_CACHE_H

#include <stddef.h>
#include <stdint.h>

enum { SC_CACHE_ENTRIES = 128, SC_CACHE_OFFSETS = 3582 };

struct sc_site_cache {
    uint32_t used; /* of offsets; may run beyond their number when they are full */
    uint32_t reserved;
    struct {
        uint64_t key; /* 0: free */
        uint32_t first, count;
    } entries[SC_CACHE_ENTRIES];
    uint32_t offsets[SC_CACHE_OFFSETS]; /* from the segment's start */
};
_Static_assert(sizeof(struct sc_site_cache) <= 16384, "the room it has in the file");

/* The offsets kept under key, and their number in *ret_count; NULL where there are none kept. */
const uint32_t *sc_site_cache_find(const struct sc_site_cache *cache, uint64_t key, size_t *ret_count);

/* Keeps them, where there is room. */
void sc_site_cache_add(struct sc_site_cache *cache, uint64_t key, const uint32_t *offsets, size_t count);

#endif
