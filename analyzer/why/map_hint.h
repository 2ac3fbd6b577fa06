/*
 * map_hint.h: files that look as if they were the same thing on both sides, under names that no rule matches.
 */
#ifndef SC_MAP_HINT_H
#define SC_MAP_HINT_H

#include "../model/strings.h"
#include "side.h"

/* Adds one sentence at the most: the --map that would match the first of them, and how many more there are. */
void sc_add_map_hint(const struct sc_side *a, const struct sc_side *b, struct sc_strings *notes);

#endif
