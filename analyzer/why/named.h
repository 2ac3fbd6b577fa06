/*
 * named.h: whether two paths name the same thing to the two runs that were given them.
 */
#ifndef SC_NAMED_H
#define SC_NAMED_H

#include "side.h"

/*
 * By what the runs did with the files there and below: both wrote there; or both only read, as many files with as many
 * bytes; or both ran the program. alike: the names themselves say so (a run's own output), and what was done there only
 * must not say otherwise. Sets *ret_failed where memory is short.
 */
bool sc_names_the_same(const struct sc_side *a, const char *path_a, const struct sc_side *b, const char *path_b,
                       bool alike, bool *ret_failed);

#endif
