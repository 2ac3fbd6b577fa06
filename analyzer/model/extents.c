#include "extents.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "array.h"
#include "hash.h"

struct sc_extent_node {
    int64_t begin, end;
    uint32_t left, right; /* of a free one: left is the next free one */
    uint64_t rank;        /* greater than those below it: the order of a hash keeps the tree flat */
};

void sc_extents_free(struct sc_extents *set)
{
    free(set->nodes);
    *set = (struct sc_extents){0};
}

static uint32_t new_node(struct sc_extents *set, int64_t begin, int64_t end)
{
    uint32_t number = set->free;
    if (number) {
        set->free = set->nodes[number].left;
    } else {
        if (set->used >= UINT32_MAX / 4 || SC_RESERVE(set->nodes, set->capacity, set->used + 2))
            return 0;
        number = ++set->used;
    }
    set->nodes[number] = (struct sc_extent_node){begin, end, 0, 0, sc_hash_number(number)};
    set->count++;
    set->bytes += (uint64_t)(end - begin);
    return number;
}

static void drop_node(struct sc_extents *set, uint32_t number)
{
    set->bytes -= (uint64_t)(set->nodes[number].end - set->nodes[number].begin);
    set->count--;
    set->nodes[number].left = set->free;
    set->free = number;
}

/* Into ret_left: all that end before key (by_end), or begin up to key. */
static void split(struct sc_extents *set, uint32_t tree, int64_t key, int by_end, uint32_t *ret_left,
                  uint32_t *ret_right)
{
    uint32_t *left = ret_left, *right = ret_right;
    while (tree) {
        struct sc_extent_node *node = &set->nodes[tree];
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a tree that is not 0 is a place in nodes */
        if (by_end ? node->end < key : node->begin <= key) {
            *left = tree;
            left = &node->right;
            tree = node->right;
        } else {
            *right = tree;
            right = &node->left;
            tree = node->left;
        }
    }
    *left = *right = 0;
}

static uint32_t join(struct sc_extents *set, uint32_t left, uint32_t right)
{
    uint32_t root, *to = &root;
    while (left && right) {
        struct sc_extent_node *a = &set->nodes[left], *b = &set->nodes[right];
        if (a->rank > b->rank) {
            *to = left;
            to = &a->right;
            left = a->right;
        } else {
            *to = right;
            to = &b->left;
            right = b->left;
        }
    }
    *to = left ? left : right;
    return root;
}

/* Drops a whole tree. Of its ranges: the bytes within [begin, end), and the span of all. */
static int64_t dissolve(struct sc_extents *set, uint32_t tree, int64_t begin, int64_t end, struct sc_extent *span)
{
    int64_t within = 0;
    while (tree) {
        struct sc_extent_node node = set->nodes[tree];
        within += dissolve(set, node.left, begin, end, span);
        int64_t from = node.begin > begin ? node.begin : begin, to = node.end < end ? node.end : end;
        within += to > from ? to - from : 0;
        span->begin = node.begin < span->begin ? node.begin : span->begin;
        span->end = node.end > span->end ? node.end : span->end;
        drop_node(set, tree);
        tree = node.right;
    }
    return within;
}

static int64_t first_begin(const struct sc_extents *set, uint32_t tree)
{
    if (!tree)
        return INT64_MAX;
    while (set->nodes[tree].left)
        tree = set->nodes[tree].left;
    return set->nodes[tree].begin;
}

/* The last range that begins up to key. ret_limit: where the one behind it begins. 0: none. */
static uint32_t find_before(const struct sc_extents *set, int64_t key, int64_t *ret_limit)
{
    uint32_t before = 0;
    *ret_limit = INT64_MAX;
    for (uint32_t at = set->root; at;) {
        const struct sc_extent_node *node = &set->nodes[at];
        if (node->begin <= key) {
            before = at;
            at = node->right;
        } else {
            *ret_limit = node->begin;
            at = node->left;
        }
    }
    return before;
}

/* Is it within one range, or does it make that one longer and touches none else? Then the tree stays as it is. */
static bool add_to_last(struct sc_extents *set, int64_t begin, int64_t end, int64_t *ret_covered)
{
    struct sc_extent_node *last = set->last ? &set->nodes[set->last] : NULL;
    if (!last || begin < last->begin || begin > last->end || end >= set->limit)
        return false;
    *ret_covered = (end < last->end ? end : last->end) - begin;
    if (end > last->end) {
        set->bytes += (uint64_t)(end - last->end);
        last->end = end;
    }
    return true;
}

int sc_extents_add(struct sc_extents *set, int64_t begin, int64_t end, int64_t *ret_covered)
{
    *ret_covered = 0;
    if (end <= begin)
        return 0;
    if (add_to_last(set, begin, end, ret_covered))
        return 0;
    set->last = find_before(set, begin, &set->limit);
    if (add_to_last(set, begin, end, ret_covered))
        return 0;
    uint32_t before, touching, behind;
    struct sc_extent span = {begin, end};
    split(set, set->root, begin, 1, &before, &behind);
    split(set, behind, end, 0, &touching, &behind);
    *ret_covered = dissolve(set, touching, begin, end, &span);
    set->last = new_node(set, span.begin, span.end);
    set->limit = first_begin(set, behind);
    set->root = join(set, before, join(set, set->last, behind));
    return set->last ? 0 : -ENOMEM;
}

/* Does it take away the end of one range, its beginning, or nothing? Then the tree stays as it is. */
static bool remove_edge(struct sc_extents *set, int64_t begin, int64_t end, int64_t *ret_removed)
{
    int64_t limit;
    uint32_t number = find_before(set, end - 1, &limit);
    struct sc_extent_node *node = &set->nodes[number];
    if (!number || node->end <= begin)
        return true;
    bool is_end = node->begin < begin && node->end <= end, is_begin = node->begin == begin && node->end > end;
    if (is_end) {
        *ret_removed = node->end - begin;
        node->end = begin;
    } else if (is_begin) {
        *ret_removed = end - begin;
        node->begin = end;
    }
    set->bytes -= (uint64_t)*ret_removed;
    return is_end || is_begin;
}

int sc_extents_remove(struct sc_extents *set, int64_t begin, int64_t end, int64_t *ret_removed)
{
    *ret_removed = 0;
    if (end <= begin || !set->root || remove_edge(set, begin, end, ret_removed))
        return 0;
    uint32_t before, touched, behind;
    struct sc_extent span = {INT64_MAX, INT64_MIN};
    split(set, set->root, begin + 1, 1, &before, &behind);
    split(set, behind, end - 1, 0, &touched, &behind);
    *ret_removed = dissolve(set, touched, begin, end, &span);
    int error = 0;
    if (span.begin < begin) {
        uint32_t rest = new_node(set, span.begin, begin);
        error = rest ? 0 : -ENOMEM;
        before = join(set, before, rest);
    }
    if (span.end > end) {
        uint32_t rest = new_node(set, end, span.end);
        error = rest ? error : -ENOMEM;
        behind = join(set, rest, behind);
    }
    set->root = join(set, before, behind);
    set->last = 0;
    return error;
}

static void move_all(struct sc_extents *set, uint32_t tree, int64_t by)
{
    for (; tree; tree = set->nodes[tree].right) {
        set->nodes[tree].begin += by;
        set->nodes[tree].end += by;
        move_all(set, set->nodes[tree].left, by);
    }
}

int sc_extents_move(struct sc_extents *set, int64_t from, int64_t by)
{
    if (sc_extents_span(set).end > INT64_MAX - (by > 0 ? by : 0))
        return 0;
    uint32_t before, behind, rest = 0;
    split(set, set->root, from - 1, 0, &before, &behind);
    uint32_t last = before;
    while (last && set->nodes[last].right)
        last = set->nodes[last].right;
    if (last && set->nodes[last].end > from) {
        int64_t end = set->nodes[last].end;
        rest = new_node(set, from, end);
        set->nodes[last].end = from;
        set->bytes -= (uint64_t)(end - from);
        behind = join(set, rest, behind);
        if (!rest)
            return -ENOMEM;
    }
    move_all(set, behind, by);
    int64_t begin = first_begin(set, behind);
    if (last && behind && begin == set->nodes[last].end) { /* they touch now */
        struct sc_extent span = {begin, begin};
        uint32_t first;
        split(set, behind, begin, 0, &first, &behind);
        dissolve(set, first, begin, begin, &span);
        set->bytes += (uint64_t)(span.end - begin);
        set->nodes[last].end = span.end;
    }
    set->root = join(set, before, behind);
    set->last = 0;
    return 0;
}

static size_t list(const struct sc_extents *set, uint32_t tree, struct sc_extent *to, size_t capacity)
{
    size_t count = 0;
    while (tree && count < capacity) {
        const struct sc_extent_node *node = &set->nodes[tree];
        count += list(set, node->left, to + count, capacity - count);
        if (count < capacity)
            to[count++] = (struct sc_extent){node->begin, node->end};
        tree = node->right;
    }
    return count;
}

size_t sc_extents_list(const struct sc_extents *set, struct sc_extent *to, size_t capacity)
{
    return list(set, set->root, to, capacity);
}

struct sc_extent sc_extents_span(const struct sc_extents *set)
{
    uint32_t tree = set->root;
    if (!tree)
        return (struct sc_extent){0, 0};
    while (set->nodes[tree].right)
        tree = set->nodes[tree].right;
    return (struct sc_extent){first_begin(set, set->root), set->nodes[tree].end};
}
