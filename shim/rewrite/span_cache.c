#include "span_cache.h"

#include <string.h>

#include "../unwind/spans.h"

/* Sets them apart from the object's sites. */
static const uint64_t OF_SPANS = UINT64_C(0x7370616e73) << 24;

void sc_span_cache_refine(struct sc_site_cache *cache, struct sc_elf_module *module)
{
    static uint32_t starts[SC_SPANS];
    uint8_t id[SC_BUILD_ID_MOST];
    uint64_t key = 0;
    size_t count;
    if (cache && sc_modules_build_id(module, id) >= sizeof key) {
        memcpy(&key, id, sizeof key);
        key ^= OF_SPANS;
    }
    const uint32_t *kept = key ? sc_site_cache_find(cache, key, &count) : NULL;
    if (kept) {
        sc_spans_cut(module, kept, count);
        return;
    }
    count = sc_spans_refine(module, starts);
    if (key)
        sc_site_cache_add(cache, key, starts, count);
}
