#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../model/safe.h"
#include "line_writer.h"

enum { CONTEXT = 3 };

struct side {
    const struct sc_sequence *lines;
    size_t compared; /* of them; those behind are context at most */
    const uint8_t *only;
};

struct writer {
    struct sc_line_writer *log;
    struct side a, b;
};

/* Lines [a, a_end) and [b, b_end) of a hunk. */
struct hunk {
    size_t a, a_end, b, b_end;
};

static bool differs(const struct side *side, size_t at)
{
    return at < side->compared && side->only[at];
}

static bool at_change(const struct writer *writer, size_t a, size_t b)
{
    return differs(&writer->a, a) || differs(&writer->b, b);
}

/* Moves both places over equal lines, at most limit of them. Returns how many. */
static size_t skip_equal(const struct writer *writer, size_t *a, size_t *b, size_t limit)
{
    size_t equal = 0;
    while (equal < limit && *a < writer->a.lines->count && *b < writer->b.lines->count && !at_change(writer, *a, *b)) {
        ++*a;
        ++*b;
        equal++;
    }
    return equal;
}

static void skip_changes(const struct writer *writer, size_t *a, size_t *b)
{
    while (differs(&writer->a, *a))
        ++*a;
    while (differs(&writer->b, *b))
        ++*b;
}

static void put_line(const struct writer *writer, char mark, const struct side *side, size_t at)
{
    size_t len;
    const char *text = sc_lines_get(writer->log->lines, side->lines->ids[at], &len);
    sc_line_writer_add(writer->log, &mark, 1);
    sc_line_writer_add(writer->log, text, len);
    sc_line_writer_end_line(writer->log);
}

/* An empty range is named by the line before it, as diff and patch have it. */
static void put_range(struct sc_line_writer *log, char mark, size_t begin, size_t end)
{
    size_t count = end - begin;
    sc_line_writer_printf(log, " %c%zu", mark, count ? begin + 1 : begin);
    if (count != 1)
        sc_line_writer_printf(log, ",%zu", count);
}

static void put_hunk(const struct writer *writer, const struct hunk *hunk)
{
    sc_line_writer_text(writer->log, "@@");
    put_range(writer->log, '-', hunk->a, hunk->a_end);
    put_range(writer->log, '+', hunk->b, hunk->b_end);
    sc_line_writer_text(writer->log, " @@");
    sc_line_writer_end_line(writer->log);
    size_t a = hunk->a, b = hunk->b;
    while (a < hunk->a_end || b < hunk->b_end) {
        for (; a < hunk->a_end && differs(&writer->a, a); a++)
            put_line(writer, '-', &writer->a, a);
        for (; b < hunk->b_end && differs(&writer->b, b); b++)
            put_line(writer, '+', &writer->b, b);
        for (; a < hunk->a_end && b < hunk->b_end && !at_change(writer, a, b); a++, b++)
            put_line(writer, ' ', &writer->a, a);
    }
}

/* The next hunk from (*a, *b) on, which move behind its last change. False where there is none. */
static bool next_hunk(const struct writer *writer, size_t *a, size_t *b, struct hunk *ret_hunk)
{
    size_t before = skip_equal(writer, a, b, SIZE_MAX);
    if (!at_change(writer, *a, *b))
        return false;
    size_t context = before < CONTEXT ? before : CONTEXT;
    *ret_hunk = (struct hunk){.a = *a - context, .b = *b - context};
    size_t equal;
    do {
        skip_changes(writer, a, b);
        ret_hunk->a_end = *a;
        ret_hunk->b_end = *b;
        equal = skip_equal(writer, a, b, 2 * CONTEXT + 1);
    } while (at_change(writer, *a, *b) && equal <= 2 * CONTEXT);
    context = equal < CONTEXT ? equal : CONTEXT;
    *a = ret_hunk->a_end;
    *b = ret_hunk->b_end;
    ret_hunk->a_end += context;
    ret_hunk->b_end += context;
    return true;
}

static void put_hunks(const struct writer *writer)
{
    size_t a = 0, b = 0;
    struct hunk hunk;
    while (next_hunk(writer, &a, &b, &hunk))
        put_hunk(writer, &hunk);
}

static int64_t count(const uint8_t *only, size_t lines)
{
    int64_t differing = 0;
    for (size_t i = 0; i < lines; i++)
        differing += only[i];
    return differing;
}

int64_t sc_write_unified(FILE *out, const struct sc_lines *lines, const struct sc_diff_side *a,
                         const struct sc_diff_side *b)
{
    struct sc_diff diff;
    struct sc_line_writer *log = malloc(sizeof *log);
    const struct sc_sequence compared[2] = {{.ids = a->lines->ids, .count = a->compared},
                                            {.ids = b->lines->ids, .count = b->compared}};
    int error = log ? sc_diff_make(&compared[0], &compared[1], &diff) : -ENOMEM;
    if (error < 0) {
        free(log);
        return error;
    }
    int64_t differing = count(diff.only_a, a->compared) + count(diff.only_b, b->compared);
    struct writer writer = {log, {a->lines, a->compared, diff.only_a}, {b->lines, b->compared, diff.only_b}};
    sc_line_writer_begin(log, out, lines);
    if (differing) {
        fputs("--- ", out);
        sc_print_safe(out, a->name, 0);
        fputs("\n+++ ", out);
        sc_print_safe(out, b->name, 0);
        putc('\n', out);
        put_hunks(&writer);
    }
    error = sc_line_writer_finish(log);
    sc_diff_free(&diff);
    free(log);
    return error ? error : ferror(out) ? -EIO : differing;
}
