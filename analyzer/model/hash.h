/*
 * hash.h: numbers and texts spread over 64 bits, in another way in each run of the program.
 *
 * What is read was written by others. With a hash that is known they could name a million things so that a table puts
 * all in one place, or a tree becomes a list; keys that are drawn anew leave them nothing to aim at. Nothing that is
 * printed may depend on it.
 */
#ifndef SC_HASH_H
#define SC_HASH_H

#include <stddef.h>
#include <stdint.h>

extern uint64_t sc_hash_keys[4];

/*
 * Both halves of the product. With a product's lower half alone a change of high bits reaches high bits only, and two
 * such changes can be made to cancel out whatever the key is.
 */
static inline uint64_t sc_hash_fold(uint64_t x, uint64_t key)
{
    unsigned __int128 product = (unsigned __int128)x * key;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t sc_hash_number(uint64_t number)
{
    return sc_hash_fold(sc_hash_fold(number ^ sc_hash_keys[0], sc_hash_keys[1]) ^ sc_hash_keys[2], sc_hash_keys[3]);
}

uint64_t sc_hash_bytes(const void *bytes, size_t count);

/* The same keys in each run, for those who count what a run costs. Before anything is hashed. */
void sc_hash_seed(uint64_t seed);

#endif
