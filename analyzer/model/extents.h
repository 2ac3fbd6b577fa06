/*
 * extents.h: a set of byte ranges, kept merged: memory grows with the number of separate ranges, never with the number
 * of accesses. Adding behind or within the range that was last added to takes no search.
 */
#ifndef SC_EXTENTS_H
#define SC_EXTENTS_H

#include <stddef.h>
#include <stdint.h>

struct sc_extent {
    int64_t begin, end; /* end is the first byte behind it */
};

struct sc_extent_node;

/* All bits zero is the empty set. */
struct sc_extents {
    struct sc_extent_node *nodes; /* a treap; number 0 is none */
    size_t capacity;
    uint32_t used, free, root;
    uint32_t count; /* ranges */
    uint32_t last;  /* what was last added to, or 0 */
    int64_t limit;  /* where the range behind the last one begins */
    uint64_t bytes;
};

void sc_extents_free(struct sc_extents *set);

/* Adds [begin, end). ret_covered: how many of these bytes were in the set before. 0, or -ENOMEM. */
int sc_extents_add(struct sc_extents *set, int64_t begin, int64_t end, int64_t *ret_covered);

/* Takes [begin, end) out. ret_removed: how many of these bytes were in the set. 0, or -ENOMEM. */
int sc_extents_remove(struct sc_extents *set, int64_t begin, int64_t end, int64_t *ret_removed);

/*
 * All from there on lies so many bytes further, a range around that place in two. Below 0: nearer, and what lay between
 * must have been taken out before. 0, or -ENOMEM; where a range would end beyond all offsets nothing is moved.
 */
int sc_extents_move(struct sc_extents *set, int64_t from, int64_t by);

/* The first ranges in order, at most capacity; returns how many. */
size_t sc_extents_list(const struct sc_extents *set, struct sc_extent *list, size_t capacity);

/* From the first byte to the last. Both 0 for the empty set. */
struct sc_extent sc_extents_span(const struct sc_extents *set);

#endif
