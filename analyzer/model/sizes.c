#include "sizes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

enum { FEW = 8 }; /* are found faster by looking at each */

static uint32_t find(const struct sc_sizes *sizes, uint64_t bytes)
{
    if (sizes->places.count)
        return sc_index_get(&sizes->places, bytes);
    for (uint32_t i = 0; i < sizes->count; i++)
        if (sizes->items[i].bytes == bytes)
            return i;
    return SC_INDEX_NONE;
}

static int add_item(struct sc_sizes *sizes, uint64_t bytes)
{
    if (sizes->count == sizes->capacity) {
        uint32_t capacity = sizes->capacity ? 2 * sizes->capacity : 2;
        struct sc_size *items = reallocarray(sizes->items, capacity, sizeof *items);
        if (!items)
            return -ENOMEM;
        sizes->items = items;
        sizes->capacity = capacity;
    }
    sizes->items[sizes->count++] = (struct sc_size){.bytes = bytes};
    if (sizes->count <= FEW)
        return 0;
    for (uint32_t i = sizes->places.count ? sizes->count - 1 : 0; i < sizes->count; i++)
        if (sc_index_put(&sizes->places, sizes->items[i].bytes, i))
            return -ENOMEM;
    return 0;
}

static int add(struct sc_sizes *sizes, uint64_t bytes, uint64_t calls)
{
    sizes->least = !sizes->count || bytes < sizes->least ? bytes : sizes->least;
    sizes->most = bytes > sizes->most ? bytes : sizes->most;
    uint32_t at = find(sizes, bytes);
    if (at == SC_INDEX_NONE) {
        if (sizes->count == SC_SIZES_MAX) {
            sizes->lost = true;
            return 0;
        }
        at = sizes->count;
        if (add_item(sizes, bytes))
            return -ENOMEM;
    }
    sizes->items[at].calls += calls; /* NOLINT(clang-analyzer-core.NullDereference): at was found or just added */
    sizes->last = at;
    return 0;
}

int sc_sizes_add(struct sc_sizes **sizes, uint64_t bytes)
{
    struct sc_sizes *have = *sizes;
    if (have && have->count && have->items[have->last].bytes == bytes) {
        have->items[have->last].calls++;
        return 0;
    }
    if (!have && !(*sizes = calloc(1, sizeof **sizes)))
        return -ENOMEM;
    return add(*sizes, bytes, 1);
}

int sc_sizes_join(struct sc_sizes **sizes, const struct sc_sizes *more)
{
    int error = 0;
    if (more && !*sizes && !(*sizes = calloc(1, sizeof **sizes)))
        return -ENOMEM;
    for (uint32_t i = 0; more && i < more->count && !error; i++)
        error = add(*sizes, more->items[i].bytes, more->items[i].calls);
    if (more && more->lost) {
        (*sizes)->lost = true;
        (*sizes)->least = more->least < (*sizes)->least ? more->least : (*sizes)->least;
        (*sizes)->most = more->most > (*sizes)->most ? more->most : (*sizes)->most;
    }
    return error;
}

void sc_sizes_free(struct sc_sizes *sizes)
{
    if (!sizes)
        return;
    free(sizes->items);
    sc_index_free(&sizes->places);
    free(sizes);
}

static int by_bytes(const void *left, const void *right)
{
    const struct sc_size *a = left, *b = right;
    return (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

static uint64_t middle_of(struct sc_size *items, size_t count)
{
    uint64_t calls = 0, before = 0;
    size_t at = 0;
    qsort(items, count, sizeof *items, by_bytes);
    for (size_t i = 0; i < count; i++)
        calls += items[i].calls;
    while (2 * (before + items[at].calls) < calls)
        before += items[at++].calls;
    return items[at].bytes;
}

int sc_sizes_summary(const struct sc_sizes *const *parts, size_t count, struct sc_size_summary *ret_summary)
{
    *ret_summary = (struct sc_size_summary){.middle_known = true};
    size_t total = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        total += parts[i] ? parts[i]->count : 0;
    if (!total) {
        ret_summary->middle_known = false;
        return 0;
    }
    struct sc_size *all = calloc(total, sizeof *all);
    if (!all)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct sc_sizes *part = parts[i];
        if (!part || !part->count)
            continue;
        ret_summary->least = !used || part->least < ret_summary->least ? part->least : ret_summary->least;
        ret_summary->most = part->most > ret_summary->most ? part->most : ret_summary->most;
        ret_summary->middle_known &= !part->lost;
        memcpy(all + used, part->items, part->count * sizeof *all);
        used += part->count;
    }
    ret_summary->known = true;
    ret_summary->middle = middle_of(all, total);
    free(all);
    return 0;
}
