/* A run held against a baseline, as text: the verdict, what grew by how much, where that comes from. */
#include <inttypes.h>

#include "../growth_text.h"
#include "../render.h"
#include "../text_util.h"

enum { KEY_COLUMNS = 44 };

static void growth_line(FILE *out, const struct sc_growth *growth)
{
    char was[SC_GROWTH_TEXT], change[SC_GROWTH_TEXT];
    fprintf(out, "%-4s  ", growth->limit ? sc_verdict_word(growth->verdict) : "");
    sc_text_padded(out, growth->key, KEY_COLUMNS);
    fprintf(out, "  %s -> %" PRId64 "  %s", sc_growth_was(growth, was), growth->now, sc_growth_change(growth, change));
    if (growth->limit)
        fprintf(out, "  (limit %s)", growth->limit);
    putc('\n', out);
}

/* The first of them; the rest in one line. */
static void section(FILE *out, const char *title, const struct sc_growth *growths, size_t count)
{
    if (!count)
        return;
    fprintf(out, "\n## %s\n", title);
    for (size_t i = 0; i < count && i < SC_GROWTHS_SHOWN; i++)
        growth_line(out, &growths[i]);
    if (count > SC_GROWTHS_SHOWN)
        fprintf(out, "      and %zu more\n", count - SC_GROWTHS_SHOWN);
}

void sc_render_held_text(FILE *out, const struct sc_report_baseline *held, bool color)
{
    struct sc_screen screen = {.out = out, .style = {.color = color}};
    char verdict[160];
    size_t beyond = 0, changed = 0, causes = sc_held_causes(held);
    sc_text_emphasis(&screen, held->verdict == SC_PASS ? SC_BOLD : SC_ALARM);
    fputs(sc_held_verdict(held, verdict, sizeof verdict), out);
    sc_text_emphasis(&screen, SC_PLAIN);
    putc('\n', out);
    sc_print_safe(out, held->source, 0);
    fputs(" against ", out);
    sc_print_safe(out, held->file, 0);
    fprintf(out, ", which holds %" PRId64 " %s\n", held->runs, held->runs == 1 ? "run" : "runs");
    for (size_t i = 0; i < held->problems.count; i++) {
        fputs("PROBLEM: ", out);
        sc_print_safe(out, held->problems.items[i], 0);
        putc('\n', out);
    }
    while (beyond < held->held_count && held->held[beyond].verdict != SC_PASS)
        beyond++;
    while (beyond + changed < held->held_count && held->held[beyond + changed].by)
        changed++;
    section(out, "What grew beyond its limit", held->held, beyond);
    section(out, "What it comes from", held->others, causes);
    section(out, "What changed within its limit", held->held + beyond, changed);
    section(out, "What fell", held->others + causes, held->other_count - causes);
    if (held->renewed) {
        fputs("\nRenewed: ", out);
        sc_print_safe(out, held->file, 0);
        fputs(" holds this run now\n", out);
    }
}
