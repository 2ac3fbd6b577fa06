/*
 * shapes.h: inputs made to cost more than their size, in any size.
 *
 * Several aim at the hash that the analyzer's tables had before each run drew its own: keys that all fell into one
 * place, and trees that were one long branch.
 */
#ifndef SC_TEST_SHAPES_H
#define SC_TEST_SHAPES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The key that the finalizer of MurmurHash3 turns into hash. */
uint64_t shape_unmix(uint64_t hash);

/*
 * ret_places[i]: where number i + 1 stands among count numbers, by the hash of each. A tree with its nodes so placed,
 * whose ranks are those hashes, is a list.
 */
void shape_ranks(size_t count, uint64_t *ret_places);

/* Shapes that are captures: the name, or false where there is none of that name. side: 0 or 1. */
int shape_capture(const char *name, size_t n, unsigned side, const char *path);

#endif
