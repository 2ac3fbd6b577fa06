/*
 * side_by_side.h: the rows of the side-by-side view.
 */
#ifndef SC_SIDE_BY_SIDE_H
#define SC_SIDE_BY_SIDE_H

#include "../model/report_side_by_side.h"
#include "../text/sequence.h"

/* Aligns two timelines; lines are shared by both. 0, or -ENOMEM; to be freed with sc_report_side_by_side_free. */
int sc_side_by_side_build(const struct sc_lines *lines, const struct sc_sequence *a, const struct sc_sequence *b,
                          struct sc_report_side_by_side *ret_sides);

#endif
