#include "intern.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "hash.h"

enum { BLOCK_BYTES = 64 << 10 };

struct sc_intern_block {
    struct sc_intern_block *next;
    size_t used, size;
    char bytes[];
};

void sc_intern_free(struct sc_intern *intern)
{
    while (intern->blocks) {
        struct sc_intern_block *next = intern->blocks->next;
        free(intern->blocks);
        intern->blocks = next;
    }
    free(intern->entries);
    free(intern->slots);
    memset(intern, 0, sizeof *intern);
}

/* The slot that holds the string or is free for it. There is always a free one. */
static uint32_t find_slot(const struct sc_intern *intern, const char *text, size_t len, uint32_t hash)
{
    uint32_t mask = intern->slot_count - 1;
    for (uint32_t slot = hash & mask;; slot = (slot + 1) & mask) {
        uint32_t id = intern->slots[slot];
        if (id == 0)
            return slot;
        const struct sc_interned *entry = &intern->entries[id - 1];
        if (entry->hash == hash && entry->len == len && memcmp(entry->text, text, len) == 0)
            return slot;
    }
}

uint32_t sc_intern_find(const struct sc_intern *intern, const char *text, size_t len)
{
    if (intern->count == 0)
        return SC_NOT_INTERNED;
    uint32_t slot = find_slot(intern, text, len, (uint32_t)sc_hash_bytes(text, len));
    return intern->slots[slot] ? intern->slots[slot] - 1 : SC_NOT_INTERNED;
}

static int grow_slots(struct sc_intern *intern)
{
    if (intern->slot_count > UINT32_MAX / 2)
        return -ENOMEM;
    uint32_t size = intern->slot_count ? intern->slot_count * 2 : 64;
    uint32_t *slots = calloc(size, sizeof *slots);
    if (!slots)
        return -ENOMEM;
    for (uint32_t id = 0; id < intern->count; id++) {
        uint32_t slot = intern->entries[id].hash & (size - 1);
        while (slots[slot])
            slot = (slot + 1) & (size - 1);
        slots[slot] = id + 1;
    }
    free(intern->slots);
    intern->slots = slots;
    intern->slot_count = size;
    return 0;
}

static char *store(struct sc_intern *intern, const char *text, size_t len)
{
    struct sc_intern_block *block = intern->blocks;
    if (!block || block->size - block->used < len + 1) {
        size_t size = len + 1 > BLOCK_BYTES ? len + 1 : BLOCK_BYTES;
        block = malloc(sizeof *block + size);
        if (!block)
            return NULL;
        *block = (struct sc_intern_block){.next = intern->blocks, .size = size};
        intern->blocks = block;
    }
    char *copy = block->bytes + block->used;
    memcpy(copy, text, len);
    copy[len] = '\0';
    block->used += len + 1;
    return copy;
}

static int add(struct sc_intern *intern, const char *text, size_t len, uint32_t hash, uint32_t *ret_id)
{
    if (len >= UINT32_MAX || intern->count >= UINT32_MAX - 1)
        return -EOVERFLOW;
    if (intern->count >= intern->slot_count / 4 * 3 && grow_slots(intern) < 0)
        return -ENOMEM;
    uint32_t slot = find_slot(intern, text, len, hash);
    if (intern->slots[slot]) {
        *ret_id = intern->slots[slot] - 1;
        return 0;
    }
    if (SC_RESERVE(intern->entries, intern->capacity, (size_t)intern->count + 1))
        return -ENOMEM;
    const char *copy = store(intern, text, len);
    if (!copy)
        return -ENOMEM;
    intern->entries[intern->count] = (struct sc_interned){copy, (uint32_t)len, hash};
    *ret_id = intern->count++;
    intern->slots[slot] = *ret_id + 1;
    return 0;
}

int sc_intern_add(struct sc_intern *intern, const char *text, size_t len, uint32_t *ret_id)
{
    return add(intern, text, len, (uint32_t)sc_hash_bytes(text, len), ret_id);
}

int sc_intern_add_many(struct sc_intern *intern, const char *const *texts, const size_t *lens, size_t count,
                       uint32_t *ret_ids)
{
    uint32_t hashes[SC_INTERN_MANY], mask = intern->slot_count - 1;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = (uint32_t)sc_hash_bytes(texts[i], lens[i]);
        if (intern->slot_count)
            __builtin_prefetch(&intern->slots[hashes[i] & mask]);
    }
    for (size_t i = 0; i < count && intern->slot_count; i++)
        if (intern->slots[hashes[i] & mask])
            __builtin_prefetch(&intern->entries[intern->slots[hashes[i] & mask] - 1]);
    for (size_t i = 0; i < count && intern->slot_count; i++)
        if (intern->slots[hashes[i] & mask])
            __builtin_prefetch(intern->entries[intern->slots[hashes[i] & mask] - 1].text);
    int error = 0;
    for (size_t i = 0; i < count && !error; i++)
        error = add(intern, texts[i], lens[i], hashes[i], &ret_ids[i]);
    return error;
}
