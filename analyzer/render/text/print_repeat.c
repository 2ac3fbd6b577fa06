/* Several runs against several, as text. */
#include <inttypes.h>

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
    sc_text_padded(out, count->key, KEY_COLUMNS);
    fprintf(out, " %24s %24s  %+" PRId64 "\n", a, b, count->difference);
}

static void column_heads(FILE *out, const struct sc_report_repeat *repeat)
{
    sc_text_padded(out, "", KEY_COLUMNS);
    for (unsigned side = 0; side < 2; side++) {
        for (size_t have = sc_text_width(repeat->labels[side]); have < 25; have++)
            putc(' ', out);
        fputs(repeat->labels[side], out);
    }
    fputs("  Diff of medians\n", out);
}

static void health(FILE *out, const struct sc_report_repeat *repeat, bool color)
{
    char end[64];
    struct sc_screen screen = {out, NULL, {.color = color}};
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
        sc_text_emphasis(&screen, SC_ALARM);
        fputs("VOID: ", out);
        sc_print_safe(out, repeat->why_not.items[i], 0);
        sc_text_emphasis(&screen, SC_PLAIN);
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
