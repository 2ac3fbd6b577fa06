/*
 * Calls are aligned first, by the bounded difference of the whole sequences, which keeps the cost near linear. A few
 * equal calls between long changes are chance (two loops that both seek), so such changes become one. Within a change
 * both sides are folded, by the same loops, and what they have then is aligned once more: item beside item.
 */
#include "side_by_side.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"

enum { CONTEXT = 3, ISLAND = 32, ROWS_MAX = 400000, COLUMNS = 76 };

/* No line has this number, so that no loop goes over it. */
#define SEPARATOR (SC_FOLD_LOOP - 1)

/* a[a, a_end) and b[b, b_end) have no counterpart, or count for as much. */
struct change {
    size_t a, a_end, b, b_end;
};

struct changes {
    struct change *items;
    size_t count, capacity;
};

struct builder {
    const struct sc_lines *lines;
    const struct sc_sequence *a, *b;
    struct sc_report_side_by_side *sides;
};

static size_t size_of(const struct change *change)
{
    size_t a = change->a_end - change->a, b = change->b_end - change->b;
    return a > b ? a : b;
}

/* Adds a change, or makes the last one longer where what is alike between them is short beside both. */
static int add_change(struct changes *changes, const struct change *change)
{
    struct change *last = changes->count ? &changes->items[changes->count - 1] : NULL;
    size_t alike = last ? change->a - last->a_end : 0;
    if (last && alike <= ISLAND && alike <= size_of(last) && alike <= size_of(change)) {
        last->a_end = change->a_end;
        last->b_end = change->b_end;
        return 0;
    }
    if (SC_RESERVE(changes->items, changes->capacity, changes->count + 1))
        return -ENOMEM;
    changes->items[changes->count++] = *change;
    return 0;
}

static int find_changes(const struct sc_sequence *a, const struct sc_sequence *b, struct changes *changes)
{
    struct sc_diff diff;
    int error = sc_diff_make(a, b, &diff);
    struct change at = {0};
    while (!error && (at.a < a->count || at.b < b->count)) {
        at.a_end = at.a;
        at.b_end = at.b;
        while (at.a_end < a->count && diff.only_a[at.a_end])
            at.a_end++;
        while (at.b_end < b->count && diff.only_b[at.b_end])
            at.b_end++;
        if (size_of(&at))
            error = add_change(changes, &at);
        at.a = at.a_end;
        at.b = at.b_end;
        while (at.a < a->count && at.b < b->count && !diff.only_a[at.a] && !diff.only_b[at.b]) {
            at.a++;
            at.b++;
        }
    }
    sc_diff_free(&diff);
    return error;
}

/* Takes left and right over. NULL for either means nothing on that side. */
static int add_row(struct builder *builder, enum sc_row_kind kind, char *left, char *right, uint64_t calls)
{
    struct sc_report_side_by_side *sides = builder->sides;
    if (SC_RESERVE(sides->rows, sides->capacity, sides->count + 1)) {
        free(left);
        free(right);
        return -ENOMEM;
    }
    sides->rows[sides->count++] = (struct sc_report_row){kind, left, right, calls};
    return 0;
}

static int add_line(struct builder *builder, enum sc_row_kind kind, const char *left, const char *right)
{
    char *copies[2] = {left ? strdup(left) : NULL, right ? strdup(right) : NULL};
    if ((left && !copies[0]) || (right && !copies[1])) {
        free(copies[0]);
        free(copies[1]);
        return -ENOMEM;
    }
    return add_row(builder, kind, copies[0], copies[1], 0);
}

/* The calls before, between and behind changes: the nearest ones, and how many there are besides. */
static int add_alike(struct builder *builder, size_t begin, size_t end, bool first, bool last)
{
    size_t head = first ? 0 : CONTEXT, tail = last ? 0 : CONTEXT, count = end - begin;
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        if (i == head && count > head + tail + 1) {
            error = add_row(builder, SC_ROW_LEFT_OUT, NULL, NULL, count - head - tail);
            i = count - tail;
            if (error || i == count)
                break;
        }
        error = add_line(builder, SC_ROW_ALIKE, sc_lines_text(builder->lines, builder->a->ids[begin + i]), NULL);
    }
    return error;
}

/* An item of both sides or of one as rows: a loop that is too long for a line is several. */
static int add_items(struct builder *builder, const struct sc_fold *fold, const uint32_t *left, const uint32_t *right)
{
    char *texts[2] = {NULL, NULL};
    size_t size;
    for (unsigned i = 0; i < 2; i++) {
        const uint32_t *item = i ? right : left;
        FILE *out = item ? open_memstream(&texts[i], &size) : NULL;
        if (item && !out)
            return -ENOMEM;
        int error = out ? sc_fold_write(out, builder->lines, fold, *item, COLUMNS) : 0;
        if (out && (fclose(out) || error))
            return -ENOMEM;
    }
    bool alike = left && right && *left == *right;
    char *rest[2] = {texts[0], alike ? NULL : texts[1]};
    int error = 0;
    while (!error && ((rest[0] && *rest[0]) || (rest[1] && *rest[1]))) {
        const char *lines[2];
        for (unsigned i = 0; i < 2; i++)
            lines[i] = rest[i] && *rest[i] ? strsep(&rest[i], "\n") : NULL;
        error = add_line(builder,
                         alike       ? SC_ROW_ALIKE
                         : !lines[1] ? SC_ROW_LEFT
                         : !lines[0] ? SC_ROW_RIGHT
                                     : SC_ROW_CHANGED,
                         lines[0], lines[1]);
    }
    free(texts[0]);
    free(texts[1]);
    return error;
}

/* What is folded on both sides, aligned: a stretch of changed items beside the other side's. */
static int add_folded(struct builder *builder, const struct sc_fold *fold, const struct sc_sequence *a,
                      const struct sc_sequence *b)
{
    struct sc_diff diff;
    int error = sc_diff_make(a, b, &diff);
    for (size_t i = 0, k = 0; !error && (i < a->count || k < b->count);) {
        bool left = i < a->count && diff.only_a[i], right = k < b->count && diff.only_b[k];
        if (!left && !right)
            left = right = true; /* alike */
        error = add_items(builder, fold, left ? &a->ids[i] : NULL, right ? &b->ids[k] : NULL);
        i += left;
        k += right;
    }
    sc_diff_free(&diff);
    return error;
}

static int add_range(const struct sc_sequence *from, size_t begin, size_t end, struct sc_sequence *to)
{
    int error = 0;
    for (size_t i = begin; i < end && !error; i++)
        error = sc_sequence_add(to, from->ids[i]);
    return error;
}

static int add_changed(struct builder *builder, const struct change *change)
{
    struct sc_sequence both = {0};
    struct sc_fold *fold = NULL;
    int error = add_range(builder->a, change->a, change->a_end, &both);
    if (!error)
        error = sc_sequence_add(&both, SEPARATOR);
    if (!error)
        error = add_range(builder->b, change->b, change->b_end, &both);
    if (!error)
        error = sc_fold_make(&both, &fold);
    if (!error) {
        size_t count, left = 0;
        uint32_t *items = (uint32_t *)sc_fold_items(fold, &count);
        while (left < count && items[left] != SEPARATOR)
            left++;
        error = add_folded(builder, fold, &(struct sc_sequence){.ids = items, .count = left},
                           &(struct sc_sequence){.ids = items + left + 1, .count = count - left - 1});
    }
    sc_fold_free(fold);
    sc_sequence_free(&both);
    return error;
}

static int add_all(struct builder *builder, const struct changes *changes)
{
    struct sc_report_side_by_side *sides = builder->sides;
    size_t a = 0;
    int error = 0;
    for (size_t i = 0; i < changes->count && !error; i++) {
        const struct change *change = &changes->items[i];
        sides->alike += change->a - a;
        sides->only_a += change->a_end - change->a;
        sides->only_b += change->b_end - change->b;
        if (sides->count >= ROWS_MAX) {
            sides->dropped_a += change->a_end - change->a;
            sides->dropped_b += change->b_end - change->b;
        } else {
            error = add_alike(builder, a, change->a, i == 0, false);
            if (!error)
                error = add_changed(builder, change);
        }
        a = change->a_end;
    }
    sides->alike += builder->a->count - a;
    return error || sides->dropped_a || sides->dropped_b
               ? error
               : add_alike(builder, a, builder->a->count, changes->count == 0, true);
}

int sc_side_by_side_build(const struct sc_lines *lines, const struct sc_sequence *a, const struct sc_sequence *b,
                          struct sc_report_side_by_side *ret_sides)
{
    *ret_sides = (struct sc_report_side_by_side){.known = true};
    struct builder builder = {lines, a, b, ret_sides};
    struct changes changes = {0};
    int error = find_changes(a, b, &changes);
    if (!error)
        error = add_all(&builder, &changes);
    free(changes.items);
    if (error)
        sc_report_side_by_side_free(ret_sides);
    return error;
}
