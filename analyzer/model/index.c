#include "index.h"

#include <errno.h>
#include <stdlib.h>

#include "hash.h"

enum { FIRST_CAPACITY = 16 };

static struct sc_index_slot *find(const struct sc_index *index, uint64_t key)
{
    size_t at = sc_hash_number(key) & (index->capacity - 1);
    while (index->slots[at].taken && index->slots[at].key != key)
        at = (at + 1) & (index->capacity - 1);
    return &index->slots[at];
}

uint32_t sc_index_get(const struct sc_index *index, uint64_t key)
{
    if (!index->capacity)
        return SC_INDEX_NONE;
    const struct sc_index_slot *slot = find(index, key);
    return slot->taken ? slot->value : (uint32_t)SC_INDEX_NONE;
}

static int grow(struct sc_index *index)
{
    struct sc_index bigger = {.capacity = index->capacity ? index->capacity * 2 : FIRST_CAPACITY,
                              .count = index->count};
    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots)
        return -ENOMEM;
    for (size_t i = 0; i < index->capacity; i++)
        if (index->slots[i].taken)
            *find(&bigger, index->slots[i].key) = index->slots[i];
    free(index->slots);
    *index = bigger;
    return 0;
}

int sc_index_put(struct sc_index *index, uint64_t key, uint32_t value)
{
    if (2 * index->count >= index->capacity && grow(index) != 0)
        return -ENOMEM;
    struct sc_index_slot *slot = find(index, key);
    index->count += !slot->taken;
    *slot = (struct sc_index_slot){.key = key, .value = value, .taken = 1};
    return 0;
}

void sc_index_free(struct sc_index *index)
{
    free(index->slots);
    *index = (struct sc_index){0};
}
