/*
 * index.h: a hash table from 64-bit keys to 32-bit numbers, for what a file names by numbers of its own choice.
 *
 * Open addressing; nothing is ever taken out. All bits zero is an empty table.
 */
#ifndef SC_INDEX_H
#define SC_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct sc_index_slot {
    uint64_t key;
    uint32_t value;
    uint32_t taken;
};

struct sc_index {
    struct sc_index_slot *slots;
    size_t capacity; /* a power of two */
    size_t count;
};

enum { SC_INDEX_NONE = UINT32_MAX };

/* The number stored for key, or SC_INDEX_NONE. */
uint32_t sc_index_get(const struct sc_index *index, uint64_t key);

/* Stores value, in the place of an older one. 0, or -ENOMEM. */
int sc_index_put(struct sc_index *index, uint64_t key, uint32_t value);

void sc_index_free(struct sc_index *index);

#endif
