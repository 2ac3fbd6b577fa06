#include "site_cache.h"

#include <stdbool.h>

static const uint64_t CLAIMED = ~UINT64_C(0);

const uint32_t *sc_site_cache_find(const struct sc_site_cache *cache, uint64_t key, size_t *ret_count)
{
    for (unsigned i = 0; i < SC_CACHE_ENTRIES; i++) {
        uint64_t found = __atomic_load_n(&cache->entries[i].key, __ATOMIC_ACQUIRE);
        if (!found)
            return NULL;
        uint32_t first = cache->entries[i].first, count = cache->entries[i].count;
        if (found != key || first > SC_CACHE_WORDS || count > SC_CACHE_WORDS - first)
            continue;
        *ret_count = count;
        return cache->words + first;
    }
    return NULL;
}

void sc_site_cache_add(struct sc_site_cache *cache, uint64_t key, const uint32_t *words, size_t count)
{
    /* Looked at before it is added to, so that it never comes round. */
    if (count > SC_CACHE_WORDS || __atomic_load_n(&cache->used, __ATOMIC_RELAXED) > SC_CACHE_WORDS)
        return;
    uint32_t first = __atomic_fetch_add(&cache->used, (uint32_t)count, __ATOMIC_RELAXED);
    if (first > SC_CACHE_WORDS || count > SC_CACHE_WORDS - first)
        return;
    for (size_t i = 0; i < count; i++)
        cache->words[first + i] = words[i];
    /* The key of a claimed entry matches nothing until the entry is complete. */
    for (unsigned i = 0; i < SC_CACHE_ENTRIES; i++) {
        uint64_t free_key = 0;
        if (!__atomic_compare_exchange_n(&cache->entries[i].key, &free_key, CLAIMED, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_ACQUIRE))
            continue;
        cache->entries[i].first = first;
        cache->entries[i].count = (uint32_t)count;
        __atomic_store_n(&cache->entries[i].key, key, __ATOMIC_RELEASE);
        return;
    }
}
