/*
 * site_cache.h: where the objects' code has the two bytes of a system call, kept in the capture's file for all
 * processes of the session, so that a program which starts a hundred compilers does not read a hundred megabytes of
 * code for each.
 *
 * Keyed by build-id. What is kept are the sites, to be judged anew, and what was found against them elsewhere in the
 * object (site_proof.h), for which not all of it has to be read again. Entries are published by writing their key last;
 * two processes that add the same object do no harm.
 */
#ifndef SC_SITE_CACHE_H
#define SC_SITE_CACHE_H

#include <stddef.h>
#include <stdint.h>

enum { SC_CACHE_ENTRIES = 128, SC_CACHE_SITES = 3582 };

/* A site as it is kept: its offset from the segment's start, and bits of what was found against it. */
enum { SC_CACHE_OFFSET_BITS = 27 };

struct sc_site_cache {
    uint32_t used; /* of sites; may run beyond their number when they are full */
    uint32_t reserved;
    struct {
        uint64_t key; /* 0: free */
        uint32_t first, count;
    } entries[SC_CACHE_ENTRIES];
    uint32_t sites[SC_CACHE_SITES];
};
_Static_assert(sizeof(struct sc_site_cache) <= 16384, "the room it has in the file");

/* The sites kept under key, and their number in *ret_count; NULL where there are none kept. */
const uint32_t *sc_site_cache_find(const struct sc_site_cache *cache, uint64_t key, size_t *ret_count);

/* Keeps them, where there is room. */
void sc_site_cache_add(struct sc_site_cache *cache, uint64_t key, const uint32_t *sites, size_t count);

#endif
