#include <errno.h>
#include <stdbool.h>

#include "sequence.h"

enum { CONTEXT = 3 };

struct side {
    const struct sc_sequence *lines;
    const uint8_t *only;
};

struct writer {
    FILE *out;
    const struct sc_lines *lines;
    struct side a, b;
};

/* Lines [a, a_end) and [b, b_end) of a hunk. */
struct hunk {
    size_t a, a_end, b, b_end;
};

static bool differs(const struct side *side, size_t at)
{
    return at < side->lines->count && side->only[at];
}

/* Moves both places over equal lines, at most limit of them. Returns how many. */
static size_t skip_equal(const struct writer *writer, size_t *a, size_t *b, size_t limit)
{
    size_t equal = 0;
    while (equal < limit && *a < writer->a.lines->count && !differs(&writer->a, *a) && !differs(&writer->b, *b)) {
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

static bool at_change(const struct writer *writer, size_t a, size_t b)
{
    return differs(&writer->a, a) || differs(&writer->b, b);
}

static void put_line(const struct writer *writer, char mark, const struct side *side, size_t at)
{
    putc_unlocked(mark, writer->out);
    fputs_unlocked(sc_lines_text(writer->lines, side->lines->ids[at]), writer->out);
    putc_unlocked('\n', writer->out);
}

/* An empty range is named by the line before it, as diff and patch have it. */
static void put_range(FILE *out, char mark, size_t begin, size_t end)
{
    size_t count = end - begin;
    fprintf(out, " %c%zu", mark, count ? begin + 1 : begin);
    if (count != 1)
        fprintf(out, ",%zu", count);
}

static void put_hunk(const struct writer *writer, const struct hunk *hunk)
{
    fputs("@@", writer->out);
    put_range(writer->out, '-', hunk->a, hunk->a_end);
    put_range(writer->out, '+', hunk->b, hunk->b_end);
    fputs(" @@\n", writer->out);
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

int64_t sc_write_unified(FILE *out, const struct sc_lines *lines, const struct sc_sequence *a, const char *name_a,
                         const struct sc_sequence *b, const char *name_b)
{
    struct sc_diff diff;
    int error = sc_diff_make(a, b, &diff);
    if (error < 0)
        return error;
    int64_t differing = 0;
    for (size_t i = 0; i < a->count; i++)
        differing += diff.only_a[i];
    for (size_t i = 0; i < b->count; i++)
        differing += diff.only_b[i];
    struct writer writer = {out, lines, {a, diff.only_a}, {b, diff.only_b}};
    if (differing)
        fprintf(out, "--- %s\n+++ %s\n", name_a, name_b);
    size_t a_at = 0, b_at = 0;
    struct hunk hunk;
    while (next_hunk(&writer, &a_at, &b_at, &hunk))
        put_hunk(&writer, &hunk);
    sc_diff_free(&diff);
    return ferror(out) ? -EIO : differing;
}
