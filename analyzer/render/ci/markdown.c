/* A run held against a baseline, as Markdown for a comment of a pull request. */
#include <inttypes.h>

#include "../growth_text.h"
#include "../render.h"
#include "escape.h"

static void row(FILE *out, const struct sc_growth *growth)
{
    char was[SC_GROWTH_TEXT], change[SC_GROWTH_TEXT];
    fputs("| <code>", out);
    sc_put_markdown(out, growth->key);
    fprintf(out, "</code> | %s | %" PRId64 " | %s | %s | %s |\n", sc_growth_was(growth, was), growth->now,
            sc_growth_change(growth, change), growth->limit ? growth->limit : "",
            growth->limit ? sc_verdict_word(growth->verdict) : "");
}

static void rows(FILE *out, const struct sc_growth *growths, size_t count)
{
    fputs("\n| count | was | is | change | limit | |\n| --- | ---: | ---: | ---: | --- | --- |\n", out);
    for (size_t i = 0; i < count && i < SC_GROWTHS_SHOWN; i++)
        row(out, &growths[i]);
    if (count > SC_GROWTHS_SHOWN)
        fprintf(out, "\nand %zu more\n", count - SC_GROWTHS_SHOWN);
}

/* Folded: the comment stays small. The blank line lets the table within be Markdown. */
static void folded(FILE *out, const char *title, const struct sc_growth *growths, size_t count)
{
    if (!count)
        return;
    fprintf(out, "\n<details><summary>%s (%zu)</summary>\n", title, count);
    rows(out, growths, count);
    fputs("\n</details>\n", out);
}

void sc_render_held_markdown(FILE *out, const struct sc_report_baseline *held)
{
    char verdict[160];
    size_t beyond = 0, changed = 0, causes = sc_held_causes(held);
    fprintf(out, "### syscap: %s\n\n<code>", sc_held_verdict(held, verdict, sizeof verdict));
    sc_put_markdown(out, held->source);
    fputs("</code> against <code>", out);
    sc_put_markdown(out, held->file);
    fprintf(out, "</code>, which holds %" PRId64 " %s%s\n", held->runs, held->runs == 1 ? "run" : "runs",
            held->renewed ? "; it was renewed and holds this run now" : "");
    for (size_t i = 0; i < held->problems.count; i++) {
        fputs(i ? "- " : "\n- ", out);
        sc_put_markdown(out, held->problems.items[i]);
        putc('\n', out);
    }
    while (beyond < held->held_count && held->held[beyond].verdict != SC_PASS)
        beyond++;
    while (beyond + changed < held->held_count && held->held[beyond + changed].by)
        changed++;
    if (beyond)
        rows(out, held->held, beyond);
    folded(out, "What it comes from", held->others, causes);
    folded(out, "Changed within its limit", held->held + beyond, changed);
    folded(out, "What fell", held->others + causes, held->other_count - causes);
}
