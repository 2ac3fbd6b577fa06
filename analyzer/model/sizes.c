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

/* There are many by now: the small ones move into an array, and what remains is found anew. 0 or -ENOMEM. */
static int spread_small(struct sc_sizes *sizes)
{
    uint32_t all = sizes->count;
    sizes->small = calloc(SC_SIZES_SMALL, sizeof *sizes->small);
    if (!sizes->small)
        return -ENOMEM;
    sc_index_free(&sizes->places);
    sizes->count = sizes->last = 0;
    for (uint32_t i = 0; i < all; i++) {
        struct sc_size item = sizes->items[i];
        if (item.bytes < SC_SIZES_SMALL) {
            sizes->small[item.bytes] = item.calls;
            sizes->small_count++;
            continue;
        }
        if (add_item(sizes, item.bytes))
            return -ENOMEM;
        sizes->items[sizes->count - 1].calls = item.calls;
    }
    return 0;
}

static bool is_small(const struct sc_sizes *sizes, uint64_t bytes)
{
    return sizes->small && bytes < SC_SIZES_SMALL;
}

static int add(struct sc_sizes *sizes, uint64_t bytes, uint64_t calls)
{
    uint32_t distinct = sizes->count + sizes->small_count;
    sizes->least = !distinct || bytes < sizes->least ? bytes : sizes->least;
    sizes->most = bytes > sizes->most ? bytes : sizes->most;
    bool small = is_small(sizes, bytes);
    uint32_t at = small ? 0 : find(sizes, bytes);
    bool is_new = small ? !sizes->small[bytes] : at == SC_INDEX_NONE;
    if (is_new && distinct == SC_SIZES_MAX) {
        sizes->lost = true;
        return 0;
    }
    if (is_new && !sizes->small && distinct == SC_SIZES_MANY)
        return spread_small(sizes) ? -ENOMEM : add(sizes, bytes, calls);
    if (small) {
        sizes->small_count += is_new;
        sizes->small[bytes] += calls;
        return 0;
    }
    if (is_new) {
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
    if (have && is_small(have, bytes) && have->small[bytes]) {
        have->small[bytes]++;
        return 0;
    }
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
    for (uint64_t bytes = 0; more && more->small && bytes < SC_SIZES_SMALL && !error; bytes++)
        error = more->small[bytes] ? add(*sizes, bytes, more->small[bytes]) : 0;
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
    free(sizes->small);
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

/* Each size once, into room for all of them; how many there are. */
static size_t list(const struct sc_sizes *sizes, struct sc_size *to)
{
    size_t count = 0;
    for (; count < sizes->count; count++)
        to[count] = sizes->items[count];
    for (uint64_t bytes = 0; sizes->small && bytes < SC_SIZES_SMALL; bytes++)
        if (sizes->small[bytes])
            to[count++] = (struct sc_size){bytes, sizes->small[bytes]};
    return count;
}

int sc_sizes_summary(const struct sc_sizes *const *parts, size_t count, struct sc_size_summary *ret_summary)
{
    *ret_summary = (struct sc_size_summary){.middle_known = true};
    size_t total = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        total += parts[i] ? parts[i]->count + parts[i]->small_count : 0;
    if (!total) {
        ret_summary->middle_known = false;
        return 0;
    }
    struct sc_size *all = calloc(total, sizeof *all);
    if (!all)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct sc_sizes *part = parts[i];
        if (!part || part->count + part->small_count == 0)
            continue;
        ret_summary->least = !used || part->least < ret_summary->least ? part->least : ret_summary->least;
        ret_summary->most = part->most > ret_summary->most ? part->most : ret_summary->most;
        ret_summary->middle_known &= !part->lost;
        used += list(part, all + used);
    }
    ret_summary->known = true;
    ret_summary->middle = middle_of(all, total);
    free(all);
    return 0;
}
