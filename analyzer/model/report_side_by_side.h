/*
 * report_side_by_side.h: two runs side by side: their timelines, aligned, with loops folded and long alike stretches
 * left out.
 */
#ifndef SC_REPORT_SIDE_BY_SIDE_H
#define SC_REPORT_SIDE_BY_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sc_row_kind {
    SC_ROW_ALIKE,    /* left, and the same on the right */
    SC_ROW_CHANGED,  /* left and right */
    SC_ROW_LEFT,     /* nothing on the right */
    SC_ROW_RIGHT,    /* nothing on the left */
    SC_ROW_LEFT_OUT, /* so many calls are alike here */
};

struct sc_report_row {
    enum sc_row_kind kind;
    char *left, *right; /* NULL: nothing, or the same */
    uint64_t calls;     /* LEFT_OUT */
};

struct sc_report_side_by_side {
    bool known;
    struct sc_report_row *rows;
    size_t count, capacity;
    uint64_t alike, only_a, only_b; /* calls */
    uint64_t dropped_a, dropped_b;  /* of those: behind the last row, there were too many */
};

void sc_report_side_by_side_free(struct sc_report_side_by_side *sides);

#endif
