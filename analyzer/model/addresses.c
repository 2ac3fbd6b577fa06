#include "addresses.h"

#include <errno.h>
#include <stdlib.h>

#include "array.h"
#include "hash.h"

struct sc_address_node {
    uint64_t begin, end, value;
    uint64_t rank; /* greater than those below it: the order of a hash keeps the tree flat */
    uint32_t left, right;
    uint32_t owner; /* the map that may change it in place */
};

void sc_addresses_free(struct sc_addresses *addresses)
{
    free(addresses->nodes);
    *addresses = (struct sc_addresses){0};
}

static uint32_t add_node(struct sc_addresses *addresses, const struct sc_address_node *node)
{
    if (addresses->count >= UINT32_MAX / 4 || SC_RESERVE(addresses->nodes, addresses->capacity, addresses->count + 2))
        return 0;
    addresses->nodes[++addresses->count] = *node;
    return addresses->count;
}

static uint32_t new_node(struct sc_addresses *addresses, uint32_t owner, uint64_t begin, uint64_t end, uint64_t value)
{
    struct sc_address_node node = {
        .begin = begin, .end = end, .value = value, .rank = sc_hash_number(addresses->count + 1), .owner = owner};
    return add_node(addresses, &node);
}

/* The node, or a copy of it that this map may change. 0 where memory is short. */
static uint32_t own(struct sc_addresses *addresses, uint32_t owner, uint32_t node)
{
    if (addresses->nodes[node].owner == owner)
        return node;
    struct sc_address_node copy = addresses->nodes[node];
    copy.owner = owner;
    return add_node(addresses, &copy);
}

/* Into ret_left: the ranges that begin before key. The recursion is as deep as the tree, which is flat. */
static int split(struct sc_addresses *addresses, uint32_t owner, uint32_t tree, uint64_t key, uint32_t *ret_left,
                 uint32_t *ret_right)
{
    *ret_left = *ret_right = 0;
    if (!tree)
        return 0;
    uint32_t node = own(addresses, owner, tree), part;
    if (!node)
        return -ENOMEM;
    int error;
    if (addresses->nodes[node].begin < key) {
        error = split(addresses, owner, addresses->nodes[node].right, key, &part, ret_right);
        addresses->nodes[node].right = part;
        *ret_left = node;
    } else {
        error = split(addresses, owner, addresses->nodes[node].left, key, ret_left, &part);
        addresses->nodes[node].left = part;
        *ret_right = node;
    }
    return error;
}

/* All of left stands before all of right. */
static int join(struct sc_addresses *addresses, uint32_t owner, uint32_t left, uint32_t right, uint32_t *ret_tree)
{
    *ret_tree = left ? left : right;
    if (!left || !right)
        return 0;
    bool is_left = addresses->nodes[left].rank > addresses->nodes[right].rank;
    uint32_t node = own(addresses, owner, is_left ? left : right), part;
    if (!node)
        return -ENOMEM;
    int error = is_left ? join(addresses, owner, addresses->nodes[node].right, right, &part)
                        : join(addresses, owner, left, addresses->nodes[node].left, &part);
    if (is_left)
        addresses->nodes[node].right = part;
    else
        addresses->nodes[node].left = part;
    *ret_tree = node;
    return error;
}

/* The last range of a tree; 0: there is none. */
static uint32_t last_of(const struct sc_addresses *addresses, uint32_t tree)
{
    while (tree && addresses->nodes[tree].right)
        tree = addresses->nodes[tree].right;
    return tree;
}

/* Ends the last range of a tree at key, where it reaches beyond. Every node on the way is this map's then. */
static int cut_last(struct sc_addresses *addresses, uint32_t owner, uint32_t *tree, uint64_t key)
{
    uint32_t last = last_of(addresses, *tree), before, only;
    if (!last || addresses->nodes[last].end <= key)
        return 0;
    int error = split(addresses, owner, *tree, addresses->nodes[last].begin, &before, &only);
    if (error)
        return error;
    addresses->nodes[only].end = key;
    return join(addresses, owner, before, only, tree);
}

int sc_addresses_set(struct sc_addresses *addresses, struct sc_address_map *map, uint64_t begin, uint64_t end,
                     uint64_t value)
{
    if (end <= begin)
        return 0;
    if (!map->owner)
        map->owner = ++addresses->owners;
    uint32_t owner = map->owner, before, within, behind, rest = 0;
    if (split(addresses, owner, map->root, begin, &before, &behind) ||
        split(addresses, owner, behind, end, &within, &behind))
        return -ENOMEM;
    /* One range may reach beyond the end: the last within, or where there is none the last before. */
    uint32_t last = last_of(addresses, within ? within : before);
    if (last && addresses->nodes[last].end > end) {
        struct sc_address_node tail = addresses->nodes[last];
        rest = new_node(addresses, owner, end, tail.end, tail.value);
        if (!rest)
            return -ENOMEM;
    }
    if (cut_last(addresses, owner, &before, begin))
        return -ENOMEM;
    uint32_t node = new_node(addresses, owner, begin, end, value);
    if (!node || join(addresses, owner, rest, behind, &behind) || join(addresses, owner, node, behind, &behind))
        return -ENOMEM;
    return join(addresses, owner, before, behind, &map->root);
}

/* The last range that begins before or at address. 0: none. */
static uint32_t find_before(const struct sc_addresses *addresses, const struct sc_address_map *map, uint64_t address)
{
    uint32_t found = 0;
    for (uint32_t at = map->root; at;) {
        const struct sc_address_node *node = &addresses->nodes[at];
        if (node->begin <= address)
            found = at;
        at = node->begin <= address ? node->right : node->left;
    }
    return found;
}

bool sc_addresses_find(const struct sc_addresses *addresses, const struct sc_address_map *map, uint64_t address,
                       uint64_t *ret_value)
{
    uint32_t found = find_before(addresses, map, address);
    if (!found || address >= addresses->nodes[found].end)
        return false;
    *ret_value = addresses->nodes[found].value;
    return true;
}

bool sc_addresses_overlap(const struct sc_addresses *addresses, const struct sc_address_map *map, uint64_t begin,
                          uint64_t end)
{
    uint32_t found = end > begin ? find_before(addresses, map, end - 1) : 0;
    return found && addresses->nodes[found].end > begin;
}

void sc_addresses_widen(const struct sc_addresses *addresses, const struct sc_address_map *map, uint64_t *begin,
                        uint64_t *end)
{
    uint32_t last = *end > *begin ? find_before(addresses, map, *end - 1) : 0;
    uint32_t first = last ? find_before(addresses, map, *begin) : 0;
    if (last && addresses->nodes[last].end > *end)
        *end = addresses->nodes[last].end;
    if (first && addresses->nodes[first].end > *begin)
        *begin = addresses->nodes[first].begin;
}

struct sc_address_map sc_addresses_fork(struct sc_addresses *addresses, struct sc_address_map *map)
{
    struct sc_address_map copy = {map->root, ++addresses->owners};
    map->owner = ++addresses->owners; /* what both have belongs to neither */
    return copy;
}
