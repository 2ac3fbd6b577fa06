/*
 * Loops. Period by period, shortest first, every run of repeated blocks becomes one item; a block that has become an
 * item takes part in longer ones, which is how loops nest. Equal loops are the same item because their bodies are
 * interned. A pass over one period is linear at worst, and looks at one item per period where little repeats; there are
 * at most SC_FOLD_PERIOD periods and a few rounds, and each fold shortens the sequence.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/intern.h"
#include "../model/string_builder.h"
#include "line_writer.h"

enum { ROUNDS = 8, COLUMNS = 160, INDENT = 4 };

struct sc_fold {
    uint32_t *items;
    size_t count;
    struct sc_intern loops; /* how often it runs, then its items: 32 bits each */
};

static int intern_loop(struct sc_fold *fold, uint32_t times, const uint32_t *body, size_t period, uint32_t *ret_item)
{
    uint32_t key[SC_FOLD_PERIOD + 1];
    key[0] = times;
    memcpy(key + 1, body, period * sizeof *body);
    uint32_t id;
    if (sc_intern_add(&fold->loops, (const char *)key, (period + 1) * sizeof *key, &id) < 0 || id >= SC_FOLD_LOOP)
        return -ENOMEM;
    *ret_item = id | SC_FOLD_LOOP;
    return 0;
}

uint32_t sc_fold_loop(const struct sc_fold *fold, uint32_t item, uint32_t *items, size_t *ret_count)
{
    const struct sc_interned *loop = &fold->loops.entries[item & ~SC_FOLD_LOOP];
    uint32_t times;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): an item with SC_FOLD_LOOP has its entry */
    memcpy(&times, loop->text, sizeof times);
    memcpy(items, loop->text + sizeof times, loop->len - sizeof times);
    *ret_count = loop->len / sizeof times - 1;
    return times;
}

/*
 * Where, from at on, a block that is repeated at once begins; count where there is none. A run of so many equal pairs
 * holds one of the places that lie a period apart: only those are looked at, and around them where they are equal.
 */
static size_t find_repeat(const uint32_t *items, size_t count, size_t at, size_t period)
{
    for (size_t probe = at + period - 1; probe + period < count; probe += period) {
        if (items[probe] != items[probe + period])
            continue;
        size_t begin = probe, end = probe + 1;
        while (begin > at && items[begin - 1] == items[begin - 1 + period])
            begin--;
        while (end - begin < period && end + period < count && items[end] == items[end + period])
            end++;
        if (end - begin >= period)
            return begin;
    }
    return count;
}

/* How many blocks like the one at that place follow each other there, itself counted. */
static uint32_t count_blocks(const uint32_t *items, size_t count, size_t at, size_t period)
{
    size_t end = at;
    while (end + period < count && items[end] == items[end + period])
        end++;
    size_t times = (end - at) / period + 1;
    return times > UINT32_MAX ? UINT32_MAX : (uint32_t)times;
}

/* Folds all runs of that period. Returns 1 where there were any, 0, or -ENOMEM. */
static int fold_period(struct sc_fold *fold, size_t period)
{
    uint32_t *items = fold->items;
    size_t used = 0, at = 0;
    while (at < fold->count) {
        size_t begin = find_repeat(items, fold->count, at, period);
        if (used != at)
            memmove(items + used, items + at, (begin - at) * sizeof *items);
        used += begin - at;
        at = begin;
        if (at == fold->count)
            break;
        uint32_t times = count_blocks(items, fold->count, at, period);
        uint32_t item;
        if (intern_loop(fold, times, items + at, period, &item) < 0)
            return -ENOMEM;
        items[used++] = item;
        at += times * period;
    }
    int folded = used < fold->count;
    fold->count = used;
    return folded;
}

int sc_fold_make(const struct sc_sequence *sequence, struct sc_fold **ret_fold)
{
    struct sc_fold *fold = calloc(1, sizeof *fold);
    uint32_t *items = malloc((sequence->count + 1) * sizeof *items);
    if (!fold || !items) {
        free(fold);
        free(items);
        return -ENOMEM;
    }
    if (sequence->count)
        memcpy(items, sequence->ids, sequence->count * sizeof *items);
    fold->items = items;
    fold->count = sequence->count;
    int folded = 1;
    for (int round = 0; round < ROUNDS && folded; round++) {
        folded = 0;
        for (size_t period = 1; period <= SC_FOLD_PERIOD && 2 * period <= fold->count; period++) {
            int any = fold_period(fold, period);
            if (any < 0) {
                sc_fold_free(fold);
                return any;
            }
            folded |= any;
        }
    }
    *ret_fold = fold;
    return 0;
}

void sc_fold_free(struct sc_fold *fold)
{
    if (!fold)
        return;
    free(fold->items);
    sc_intern_free(&fold->loops);
    free(fold);
}

const uint32_t *sc_fold_items(const struct sc_fold *fold, size_t *ret_count)
{
    *ret_count = fold->count;
    return fold->items;
}

/* Loops at least double what they hold, so that they nest no deeper than a length has bits. */
static int unfold_item(const struct sc_fold *fold, uint32_t item, struct sc_sequence *sequence)
{
    if (!(item & SC_FOLD_LOOP))
        return sc_sequence_add(sequence, item);
    uint32_t body[SC_FOLD_PERIOD];
    size_t count;
    uint32_t times = sc_fold_loop(fold, item, body, &count);
    for (uint32_t turn = 0; turn < times; turn++)
        for (size_t i = 0; i < count; i++)
            if (unfold_item(fold, body[i], sequence) < 0)
                return -ENOMEM;
    return 0;
}

int sc_unfold(const struct sc_fold *fold, struct sc_sequence *ret_sequence)
{
    for (size_t i = 0; i < fold->count; i++)
        if (unfold_item(fold, fold->items[i], ret_sequence) < 0)
            return -ENOMEM;
    return 0;
}

/* A folded sequence while it is written. */
struct timeline {
    struct sc_line_writer *log;
    const struct sc_fold *fold;
    unsigned columns; /* at most COLUMNS */
};

/* On one line; out notes where it does not fit, and then there is no need to go on. */
static void put_inline(const struct timeline *timeline, uint32_t item, struct sc_out *out)
{
    if (!(item & SC_FOLD_LOOP)) {
        size_t len;
        const char *text = sc_lines_get(timeline->log->lines, item, &len);
        sc_out_bytes(out, text, len);
        return;
    }
    uint32_t body[SC_FOLD_PERIOD];
    size_t count;
    sc_out_unsigned(out, sc_fold_loop(timeline->fold, item, body, &count));
    sc_out_text(out, " x { ");
    for (size_t i = 0; i < count && !out->cut; i++) {
        if (i > 0)
            sc_out_text(out, "; ");
        put_inline(timeline, body[i], out);
    }
    sc_out_text(out, " }");
}

static void put_item(const struct timeline *timeline, uint32_t item, unsigned indent);

/* As a block, since it does not fit a line. */
static void put_loop(const struct timeline *timeline, uint32_t item, unsigned indent)
{
    uint32_t body[SC_FOLD_PERIOD];
    size_t count;
    sc_line_writer_printf(timeline->log, "%u x {", sc_fold_loop(timeline->fold, item, body, &count));
    sc_line_writer_end_line(timeline->log);
    for (size_t i = 0; i < count; i++)
        put_item(timeline, body[i], indent + INDENT);
    sc_line_writer_spaces(timeline->log, indent);
    sc_line_writer_text(timeline->log, "}");
    sc_line_writer_end_line(timeline->log);
}

static void put_item(const struct timeline *timeline, uint32_t item, unsigned indent)
{
    struct sc_line_writer *log = timeline->log;
    if (!(item & SC_FOLD_LOOP) && !indent) {
        sc_line_writer_number(log, item);
        return;
    }
    sc_line_writer_spaces(log, indent);
    if (!(item & SC_FOLD_LOOP)) {
        size_t len;
        const char *text = sc_lines_get(log->lines, item, &len);
        sc_line_writer_add(log, text, len);
        sc_line_writer_end_line(log);
        return;
    }
    char text[COLUMNS + 1];
    struct sc_out out;
    sc_out_begin(&out, text, indent < timeline->columns ? timeline->columns + 1 - indent : 1);
    put_inline(timeline, item, &out);
    size_t len = sc_out_end(&out);
    if (out.cut) {
        put_loop(timeline, item, indent);
        return;
    }
    sc_line_writer_add(log, text, len);
    sc_line_writer_end_line(log);
}

int sc_fold_write(FILE *out, const struct sc_lines *lines, const struct sc_fold *fold, uint32_t item, unsigned columns)
{
    struct sc_line_writer *log = malloc(sizeof *log);
    if (!log)
        return -ENOMEM;
    sc_line_writer_begin(log, out, lines);
    put_item(&(struct timeline){log, fold, columns < COLUMNS ? columns : COLUMNS}, item, 0);
    int error = sc_line_writer_finish(log);
    free(log);
    return error;
}

int sc_write_timeline(struct sc_line_writer *log, const struct sc_sequence *sequence)
{
    struct sc_fold *fold;
    int error = sc_fold_make(sequence, &fold);
    if (error < 0)
        return error;
    struct timeline timeline = {log, fold, COLUMNS};
    size_t at = 0;
    while (at < fold->count) {
        size_t end = at;
        while (end < fold->count && !(fold->items[end] & SC_FOLD_LOOP))
            end++;
        sc_line_writer_numbers(log, fold->items + at, end - at);
        if (end < fold->count)
            put_item(&timeline, fold->items[end++], 0);
        at = end;
    }
    sc_fold_free(fold);
    return 0;
}
