#include "../text_util.h"

#include <inttypes.h>
#include <string.h>

#include "../render.h"

enum { COMMAND_COLUMNS = 200, SHOWN_DIFFERENCES = 8, BAR_COLUMNS = 10 };

/* What there are none of: "C++ has 0 seeks!" */
static const char *const nouns[SC_CAT_COUNT] = {"file operations", "memory calls", "writes",
                                                "reads",           "seeks",        "other calls"};

static void warn(const struct sc_screen *text, const char *word, const char *line)
{
    sc_text_emphasis(text, SC_ALARM);
    fprintf(text->out, "%s: ", word);
    sc_print_safe(text->out, line, 0);
    sc_text_emphasis(text, SC_PLAIN);
    putc('\n', text->out);
}

void sc_text_filter(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    if (!report->filter)
        return;
    sc_text_emphasis(text, SC_BOLD);
    fputs("FILTER: ", text->out);
    sc_print_safe(text->out, report->filter, 0);
    for (unsigned i = 0; i < report->run_count; i++)
        fprintf(text->out, "%s %" PRIu64 " of the %" PRIu64 " calls of %s", i ? "," : ":", report->runs[i].counts.total,
                report->runs[i].total, report->runs[i].label);
    sc_text_emphasis(text, SC_PLAIN);
    fputs("\n\n", text->out);
}

static void title(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    sc_text_emphasis(text, SC_BOLD);
    if (report->run_count == 2)
        fprintf(text->out, "# %s vs %s Syscall Comparison", report->runs[0].label, report->runs[1].label);
    else
        fprintf(text->out, "# %s Syscall Summary", report->runs[0].label);
    sc_text_emphasis(text, SC_PLAIN);
    fputs("\n\n", text->out);
    sc_text_filter(text);
    if (report->run_count == 1)
        return;
    bool any = false;
    for (unsigned i = 0; i < 2; i++) {
        if (!report->runs[i].dead)
            continue;
        char line[256];
        snprintf(line, sizeof line, "%s: %s; nothing else can be concluded from this comparison.",
                 report->runs[i].label, report->runs[i].problems.items[0]);
        warn(text, "VOID", line);
        any = true;
    }
    if (any)
        putc('\n', text->out);
}

void sc_text_command(FILE *out, const struct sc_strings *command, bool cut)
{
    size_t left = COMMAND_COLUMNS;
    for (size_t i = 0; i < command->count; i++) {
        const char *word = command->items[i];
        bool quote = !*word || strpbrk(word, " \t\n\"'\\$&|;<>()*?`~#!{}[]");
        size_t width = sc_text_width(word) + 1;
        if (width > left) {
            fputs(" ...", out);
            break;
        }
        left -= width;
        fputs(i ? " " : "", out);
        fputs(quote ? "'" : "", out);
        sc_print_safe(out, word, 0);
        fputs(quote ? "'" : "", out);
    }
    fputs(cut ? " ... (cut)" : "", out);
}

static void differences(const struct sc_screen *text, const char *what, const struct sc_strings *lines,
                        enum sc_emphasis emphasis)
{
    if (!lines->count)
        return;
    sc_text_emphasis(text, emphasis);
    fputs(what, text->out);
    for (size_t i = 0; i < lines->count && i < SHOWN_DIFFERENCES; i++) {
        fputs(i ? "; " : "", text->out);
        sc_print_safe(text->out, lines->items[i], COMMAND_COLUMNS);
    }
    if (lines->count > SHOWN_DIFFERENCES)
        fprintf(text->out, "; and %zu more", lines->count - SHOWN_DIFFERENCES);
    sc_text_emphasis(text, SC_PLAIN);
    putc('\n', text->out);
}

static void health(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    char end[64];
    fputs("## Run Health\n", text->out);
    for (unsigned i = 0; i < report->run_count; i++) {
        sc_text_head(text, i, "");
        if (report->runs[i].problems.count && !report->runs[i].dead && !sc_end_is_good(&report->runs[i].end))
            sc_print_safe(text->out, report->runs[i].problems.items[0], 0);
        else
            fputs(sc_end_text(&report->runs[i].end, end, sizeof end), text->out);
        putc('\n', text->out);
    }
    for (unsigned i = 0; i < report->run_count; i++) {
        if (!report->runs[i].recorded_only)
            continue;
        sc_text_head(text, i, "recorded only");
        sc_print_safe(text->out, report->runs[i].recorded_only, 0);
        fputs(" (other calls were left out when it was recorded)\n", text->out);
    }
    for (unsigned i = 0; i < report->run_count; i++) {
        const struct sc_strings *warnings = &report->runs[i].warnings;
        for (size_t k = 0; k < warnings->count && k < SC_SHOWN_WARNINGS; k++)
            warn(text, "WARNING", warnings->items[k]);
        if (warnings->count > SC_SHOWN_WARNINGS)
            fprintf(text->out, "WARNING: %s: and %zu more, under ## Warnings.\n", report->runs[i].label,
                    warnings->count - SC_SHOWN_WARNINGS);
    }
    for (unsigned i = 0; i < report->run_count; i++) {
        sc_text_head(text, i, "command");
        if (report->runs[i].command_known)
            sc_text_command(text->out, &report->runs[i].command, report->runs[i].command_cut);
        else
            fputs("unknown", text->out);
        putc('\n', text->out);
    }
    differences(text, "WARNING: not identical operations: ", &report->differences, SC_ALARM);
    differences(text, "NOTE: other names: ", &report->other_names, SC_BOLD);
    for (size_t i = 0; i < report->notes.count; i++) {
        fputs("NOTE: ", text->out);
        sc_print_safe(text->out, report->notes.items[i], 0);
        putc('\n', text->out);
    }
    putc('\n', text->out);
}

/* "0.131 s; in calls 0.012 s (9 %), waiting for others 0.1 s" */
static void wall_time(const struct sc_screen *text, unsigned i)
{
    const struct sc_report_run *run = &text->report->runs[i];
    char wall[32], busy[32], waiting[32];
    if (!run->wall_known)
        return;
    sc_text_head(text, i, "wall time");
    fprintf(text->out, "%s", sc_text_time(run->wall_ns, wall, sizeof wall));
    if (run->times_known && run->calls_known) {
        uint64_t busy_ns = run->counts.time_total - run->waiting_ns;
        fprintf(text->out, "; in calls %s", sc_text_time(busy_ns, busy, sizeof busy));
        if (run->threads == 1)
            fprintf(text->out, " (%.0f %%)", 100.0 * (double)busy_ns / (double)run->wall_ns);
        fprintf(text->out, ", waiting for others %s", sc_text_time(run->waiting_ns, waiting, sizeof waiting));
        if (run->threads > 1)
            fprintf(text->out, " (%" PRIu32 " threads together)", run->threads);
    }
    putc('\n', text->out);
}

static void totals(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    char diff[64];
    fputs("## Summary Statistics\n", text->out);
    for (unsigned i = 0; i < report->run_count; i++) {
        const struct sc_report_run *run = &report->runs[i];
        sc_text_head(text, i, "total syscalls");
        fprintf(text->out, "%" PRIu64, run->counts.total);
        if (run->startup_left_out)
            fprintf(text->out, " (without the %" PRIu64 " of its start-up)", run->startup_calls);
        putc('\n', text->out);
    }
    if (report->run_count == 2)
        fprintf(text->out, "Difference: %s\n",
                sc_text_diff(report->runs[0].counts.total, report->runs[1].counts.total, diff, sizeof diff));
    for (unsigned i = 0; i < report->run_count; i++)
        wall_time(text, i);
    putc('\n', text->out);
}

static void category_diff(const struct sc_screen *text, unsigned category)
{
    const struct sc_report_run *runs = text->report->runs;
    uint64_t a = runs[0].counts.categories[category], b = runs[1].counts.categories[category];
    char diff[64];
    bool big = a != b && (b == 0 || a >= 2 * b || b >= 2 * a);
    fputs(", ", text->out);
    if (big)
        sc_text_emphasis(text, SC_BOLD);
    fprintf(text->out, "Diff %s", sc_text_diff(a, b, diff, sizeof diff));
    if (!b && a)
        fprintf(text->out, " (%s has 0 %s!)", runs[1].label, nouns[category]);
    if (big)
        sc_text_emphasis(text, SC_PLAIN);
}

static void categories(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    uint64_t most = 0;
    for (unsigned run = 0; run < report->run_count; run++)
        for (unsigned i = 0; i < SC_CAT_COUNT; i++)
            if (report->runs[run].counts.categories[i] > most)
                most = report->runs[run].counts.categories[i];
    int digits = sc_text_digits(most);
    fputs("## Category Breakdown\n", text->out);
    for (unsigned i = 0; i < SC_CAT_COUNT; i++) {
        fprintf(text->out, "%-12s:", sc_category_name(i));
        for (unsigned run = 0; run < report->run_count; run++) {
            uint64_t calls = report->runs[run].counts.categories[i];
            fprintf(text->out, "%s %s %*" PRIu64, run ? "," : "", report->runs[run].label, digits, calls);
            sc_text_share(text, calls, most, BAR_COLUMNS);
        }
        if (report->run_count == 2)
            category_diff(text, i);
        putc('\n', text->out);
    }
    putc('\n', text->out);
}

typedef uint64_t write_field(const struct sc_write_counts *writes);

#define FIELD(name)                                                                                                    \
    static uint64_t field_##name(const struct sc_write_counts *writes)                                                 \
    {                                                                                                                  \
        return writes->name;                                                                                           \
    }
FIELD(zero)
FIELD(data)
FIELD(small)
FIELD(large)
FIELD(unseen)
FIELD(empty)
FIELD(failed)
FIELD(unfinished)
FIELD(bytes)
FIELD(zero_bytes)

/* Of zero and data writes, never rounded to a 0 or 100 that is none. */
static void zero_share(const struct sc_screen *text, const struct sc_write_counts *writes)
{
    if (!writes->zero)
        return;
    double percent = 100.0 * (double)writes->zero / (double)(writes->zero + writes->data);
    int shown = (int)(percent + 0.5);
    if (shown == 100 && writes->data)
        shown = 99;
    if (shown == 0)
        shown = 1;
    sc_text_emphasis(text, SC_BOLD);
    fprintf(text->out, " (%d%% of all writes are zeros!)", shown);
    sc_text_emphasis(text, SC_PLAIN);
}

static void write_line(const struct sc_screen *text, const char *what, write_field *field, bool always)
{
    const struct sc_report *report = text->report;
    bool any = always;
    for (unsigned i = 0; i < report->run_count; i++)
        any |= report->runs[i].calls_known && field(&report->runs[i].counts.writes);
    for (unsigned i = 0; any && i < report->run_count; i++) {
        sc_text_head(text, i, what);
        if (!report->runs[i].calls_known) {
            fputs("unknown\n", text->out);
            continue;
        }
        fprintf(text->out, "%" PRIu64, field(&report->runs[i].counts.writes));
        if (field == field_zero)
            zero_share(text, &report->runs[i].counts.writes);
        putc('\n', text->out);
    }
}

static void write_pattern(const struct sc_screen *text)
{
    fputs("## Write Pattern Analysis\n", text->out);
    write_line(text, "zero writes", field_zero, true);
    write_line(text, "data writes", field_data, true);
    write_line(text, "small writes", field_small, true);
    write_line(text, "large writes", field_large, true);
    write_line(text, "unseen writes", field_unseen, false);
    write_line(text, "empty writes", field_empty, false);
    write_line(text, "failed writes", field_failed, false);
    write_line(text, "unfinished writes", field_unfinished, false);
    write_line(text, "bytes written", field_bytes, true);
    write_line(text, "zero bytes", field_zero_bytes, false);
    sc_text_mapped(text);
    for (unsigned i = 0; i < text->report->run_count; i++) {
        const struct sc_report_run *run = &text->report->runs[i];
        if (run->calls_known && run->counts.writes.zero_cut)
            fprintf(text->out,
                    "NOTE: %" PRIu64 " of %s's zero writes are zero as far as seen (the log cut their bytes).\n",
                    run->counts.writes.zero_cut, run->label);
    }
    putc('\n', text->out);
}

void sc_render_text(FILE *out, const struct sc_report *report, struct sc_style style)
{
    struct sc_screen text = {out, report, style};
    title(&text);
    health(&text);
    totals(&text);
    sc_text_causes(&text);
    categories(&text);
    write_pattern(&text);
    sc_text_allocation(&text);
    sc_text_findings(&text);
    sc_text_details(&text);
}

static void pair_line(const struct sc_screen *text, size_t width)
{
    const struct sc_report *report = text->report;
    char diff[64];
    sc_text_padded(text->out, report->name, width);
    fprintf(text->out, ": %s %" PRIu64 ", %s %" PRIu64 ", Diff %s; ", report->runs[0].label,
            report->runs[0].counts.total, report->runs[1].label, report->runs[1].counts.total,
            sc_text_diff(report->runs[0].counts.total, report->runs[1].counts.total, diff, sizeof diff));
    if (report->comparable) {
        fputs("comparable", text->out);
    } else {
        sc_text_emphasis(text, SC_ALARM);
        fputs("VOID: ", text->out);
        sc_print_safe(text->out, report->why_not, COMMAND_COLUMNS);
        sc_text_emphasis(text, SC_PLAIN);
    }
    if (sc_report_is_identical(report))
        fprintf(text->out, "; IDENTICAL: no call differs%s",
                report->differences.count ? ", so that had no effect" : "");
    putc('\n', text->out);
}

void sc_render_batch_text(FILE *out, const struct sc_report_batch *batch, struct sc_style style)
{
    size_t width = 0;
    for (size_t i = 0; i < batch->pair_count; i++) {
        size_t have = sc_text_width(batch->pairs[i].name);
        width = have > width ? have : width;
    }
    fprintf(out, "# %s vs %s Syscall Comparison: %zu pair%s\n\n## Pairs\n", batch->labels[0], batch->labels[1],
            batch->pair_count, batch->pair_count == 1 ? "" : "s");
    for (size_t i = 0; i < batch->pair_count; i++)
        pair_line(&(struct sc_screen){out, &batch->pairs[i], style}, width);
    size_t identical = 0;
    for (size_t i = 0; i < batch->pair_count; i++)
        identical += sc_report_is_identical(&batch->pairs[i]);
    if (identical)
        fprintf(out, "identical: %zu of %zu pair%s\n", identical, batch->pair_count, batch->pair_count == 1 ? "" : "s");
    for (size_t i = 0; i < batch->unreadable.count; i++)
        warn(&(struct sc_screen){out, NULL, style}, "UNREADABLE", batch->unreadable.items[i]);
    for (size_t i = 0; i < batch->unpaired.count; i++) {
        fputs("unpaired: ", out);
        sc_print_safe(out, batch->unpaired.items[i], 0);
        putc('\n', out);
    }
    for (size_t i = 0; i < batch->pair_count; i++) {
        fputs("\n## Pair: ", out);
        sc_print_safe(out, batch->pairs[i].name, 0);
        fputs("\n\n", out);
        sc_render_text(out, &batch->pairs[i], style);
    }
}
