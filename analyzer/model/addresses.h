/*
 * addresses.h: what is mapped where: ranges of addresses that do not overlap, each with a value, in a tree.
 *
 * A map can be forked: both then go on by themselves and share what neither has changed, so that many processes with
 * the modules of one cost a few nodes each. Setting and finding take a time that grows as the logarithm of the ranges.
 */
#ifndef SC_ADDRESSES_H
#define SC_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the nodes of all maps live. All zero is empty and ready. */
struct sc_addresses {
    struct sc_address_node *nodes; /* 0 is none */
    size_t capacity;
    uint32_t count, owners;
};

/* All zero is empty. */
struct sc_address_map {
    uint32_t root;
    uint32_t owner; /* of the nodes that no other map has */
};

void sc_addresses_free(struct sc_addresses *addresses);

/* begin <= address < end means value from now on, whatever stood there. Empty ranges are none. 0, or -ENOMEM. */
int sc_addresses_set(struct sc_addresses *addresses, struct sc_address_map *map, uint64_t begin, uint64_t end,
                     uint64_t value);

bool sc_addresses_find(const struct sc_addresses *addresses, const struct sc_address_map *map, uint64_t address,
                       uint64_t *ret_value);

/* Is there any range in begin <= address < end? */
bool sc_addresses_overlap(const struct sc_addresses *addresses, const struct sc_address_map *map, uint64_t begin,
                          uint64_t end);

/* Widens begin and end so that every range that they touch lies within. */
void sc_addresses_widen(const struct sc_addresses *addresses, const struct sc_address_map *map, uint64_t *begin,
                        uint64_t *end);

/* A second map that says the same. */
struct sc_address_map sc_addresses_fork(struct sc_addresses *addresses, struct sc_address_map *map);

#endif
