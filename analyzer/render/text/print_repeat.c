/* repeat.c: several runs against several, as text and as JSON. */
#include <inttypes.h>

#include "../json/json_parts.h"
#include "../render.h"
#include "../text_util.h"

enum { KEY_COLUMNS = 48, UNSTABLE_SHOWN = 30 };

static void range_text(const struct sc_repeat_range *range, char *text, size_t capacity)
{
    if (range->min == range->max)
        snprintf(text, capacity, "%" PRIu64, range->min);
    else
        snprintf(text, capacity, "%" PRIu64 " to %" PRIu64, range->min, range->max);
}

static void count_line(FILE *out, const struct sc_repeat_count *count)
{
    char a[64], b[64];
    range_text(&count->sides[0], a, sizeof a);
    range_text(&count->sides[1], b, sizeof b);
    sc_show_padded(out, count->key, KEY_COLUMNS);
    fprintf(out, " %24s %24s  %+" PRId64 "\n", a, b, count->difference);
}

static void column_heads(FILE *out, const struct sc_report_repeat *repeat)
{
    sc_show_padded(out, "", KEY_COLUMNS);
    for (unsigned side = 0; side < 2; side++) {
        for (size_t have = sc_show_width(repeat->labels[side]); have < 25; have++)
            putc(' ', out);
        fputs(repeat->labels[side], out);
    }
    fputs("  Diff of medians\n", out);
}

static void health(FILE *out, const struct sc_report_repeat *repeat, bool color)
{
    char end[64];
    struct sc_screen screen = {out, NULL, color};
    fputs("## Run Health\n", out);
    for (unsigned side = 0; side < 2; side++) {
        for (size_t i = 0; i < repeat->run_counts[side]; i++) {
            const struct sc_repeat_run *run = &repeat->runs[side][i];
            fprintf(out, "%s %zu: ", repeat->labels[side], i + 1);
            sc_print_safe(out, run->source, 0);
            fprintf(out, ", %" PRIu64 " calls, %s\n", run->total, sc_end_text(&run->end, end, sizeof end));
        }
    }
    for (size_t i = 0; i < repeat->why_not.count; i++) {
        sc_show_emphasis(&screen, SC_ALARM);
        fputs("VOID: ", out);
        sc_print_safe(out, repeat->why_not.items[i], 0);
        sc_show_emphasis(&screen, SC_PLAIN);
        putc('\n', out);
    }
    putc('\n', out);
}

void sc_render_repeat_text(FILE *out, const struct sc_report_repeat *repeat, bool color)
{
    size_t stable = 0, unstable = 0, differ = 0;
    fprintf(out, "# %s vs %s, %zu runs against %zu\n\n", repeat->labels[0], repeat->labels[1], repeat->run_counts[0],
            repeat->run_counts[1]);
    health(out, repeat, color);
    fputs("## Differences beyond what each side varies by itself\n", out);
    column_heads(out, repeat);
    for (size_t i = 0; i < repeat->count; i++) {
        stable += repeat->counts[i].stable;
        differ += repeat->counts[i].differs;
        if (repeat->counts[i].differs)
            count_line(out, &repeat->counts[i]);
    }
    fprintf(out, "%s\n## Counts that vary from run to run\n", differ ? "" : "none\n");
    for (size_t i = 0; i < repeat->count; i++) {
        if (repeat->counts[i].stable)
            continue;
        if (unstable++ < UNSTABLE_SHOWN)
            count_line(out, &repeat->counts[i]);
    }
    if (unstable > UNSTABLE_SHOWN)
        fprintf(out, "(%zu others)\n", unstable - UNSTABLE_SHOWN);
    fprintf(out, "%s\n%zu of %zu counts are the same in all runs of each side.\n", unstable ? "" : "none\n", stable,
            repeat->count);
}

static json_t *side_object(const struct sc_report_repeat *repeat, unsigned side, bool *bad)
{
    json_t *runs = json_array(), *object = json_object();
    for (size_t i = 0; i < repeat->run_counts[side]; i++) {
        const struct sc_repeat_run *run = &repeat->runs[side][i];
        json_t *row = json_object();
        sc_json_set(row, "source", sc_json_text(run->source), bad);
        sc_json_set(row, "end", sc_json_end(&run->end, bad), bad);
        sc_json_set(row, "total_compared", sc_json_number(run->total), bad);
        sc_json_set(row, "problems", sc_json_strings(&run->problems, bad), bad);
        sc_json_append(runs, row, bad);
    }
    sc_json_set(object, "label", sc_json_text(repeat->labels[side]), bad);
    sc_json_set(object, "runs", runs, bad);
    return object;
}

static json_t *count_object(const struct sc_repeat_count *count, bool *bad)
{
    json_t *object = json_object(), *ranges = json_array();
    for (unsigned side = 0; side < 2; side++) {
        json_t *range = json_object();
        sc_json_set(range, "min", sc_json_number(count->sides[side].min), bad);
        sc_json_set(range, "max", sc_json_number(count->sides[side].max), bad);
        sc_json_set(range, "median", sc_json_number(count->sides[side].median), bad);
        sc_json_append(ranges, range, bad);
    }
    sc_json_set(object, "key", sc_json_text(count->key), bad);
    sc_json_set(object, "sides", ranges, bad);
    sc_json_set(object, "stable", json_boolean(count->stable), bad);
    sc_json_set(object, "differs", json_boolean(count->differs), bad);
    sc_json_set(object, "difference", json_integer(count->difference), bad);
    return object;
}

json_t *sc_render_repeat_json(const struct sc_report_repeat *repeat)
{
    bool bad = false;
    json_t *object = json_object(), *sides = json_array(), *counts = json_array();
    for (unsigned side = 0; side < 2; side++)
        sc_json_append(sides, side_object(repeat, side, &bad), &bad);
    for (size_t i = 0; i < repeat->count; i++)
        sc_json_append(counts, count_object(&repeat->counts[i], &bad), &bad);
    sc_json_set(object, "schema", sc_json_text("syscap-summary/1"), &bad);
    sc_json_set(object, "sides", sides, &bad);
    sc_json_set(object, "counts", counts, &bad);
    sc_json_set(object, "comparable", json_boolean(repeat->comparable), &bad);
    sc_json_set(object, "why_not", sc_json_strings(&repeat->why_not, &bad), &bad);
    sc_json_set(object, "differences", sc_json_strings(&repeat->differences, &bad), &bad);
    sc_json_set(object, "warnings", sc_json_strings(&repeat->warnings, &bad), &bad);
    if (!bad)
        return object;
    json_decref(object);
    return NULL;
}
