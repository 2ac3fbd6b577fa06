/* interval_rows.c: what each run did in each interval of its time; how large its reads and writes were, how long its
 * calls took. */
#include <inttypes.h>

#include "../render.h"
#include "../text_util.h"

enum { NUMBERS = 62, LEAST_CELLS = 4, MOST_CELLS = 16, COLUMNS = 4 }; /* NUMBERS: what stands beside the bars */

#define NS UINT64_C(1000000000)

struct drawing {
    FILE *out;
    const struct sc_report *report;
    bool utf8;
    unsigned cells;
    uint64_t most[COLUMNS]; /* of both runs */
};

/* The numbers of an interval, in the order of the columns. */
static void values_of(const struct sc_interval *interval, uint64_t ret_values[COLUMNS])
{
    ret_values[0] = interval->calls;
    ret_values[1] = interval->bytes_read;
    ret_values[2] = interval->bytes_written;
    ret_values[3] = interval->waiting_ns;
}

/* A bar behind a number, and how many columns are left; none is drawn for nothing, so that no line ends with blanks. */
static unsigned drawn(const struct drawing *drawing, uint64_t value, uint64_t most, unsigned cells)
{
    if (!value)
        return cells + 1;
    putc(' ', drawing->out);
    return sc_text_bar(drawing->out, value, most, cells, drawing->utf8);
}

static void row(const struct drawing *drawing, const char *from, const struct sc_interval *interval, bool bars)
{
    static const int widths[COLUMNS] = {9, 14, 14, 12};
    FILE *out = drawing->out;
    uint64_t values[COLUMNS];
    char text[32];
    values_of(interval, values);
    fprintf(out, "%11s", from);
    unsigned left = 0; /* by the bar before */
    for (unsigned i = 0; i < COLUMNS; i++) {
        fprintf(out, "%*s ", (int)left, "");
        if (i < COLUMNS - 1)
            fprintf(out, "%*" PRIu64, widths[i], values[i]);
        else
            fprintf(out, "%*s", widths[i], sc_text_time(values[i], text, sizeof text));
        left = bars ? drawn(drawing, values[i], drawing->most[i], drawing->cells) : drawing->cells + 1;
    }
    putc('\n', out);
}

static void run_rows(const struct drawing *drawing, const struct sc_report_run *run, size_t count)
{
    const struct sc_report_over_time *over = run->over_time;
    FILE *out = drawing->out;
    char time[32];
    fprintf(out, "# %s", run->label);
    if (!over || !over->times_known) {
        fputs(over ? ": the times of its calls are not known\n\n" : ": its calls are not known\n\n", out);
        return;
    }
    fprintf(out, ": every %s", sc_text_time(over->interval_ns, time, sizeof time));
    if (over->interval_ns < NS) /* their lengths are round */
        fprintf(out, "; times %" PRIu64 " it is per second", NS / over->interval_ns);
    else if (over->interval_ns > NS)
        fprintf(out, "; by %" PRIu64 " it is per second", over->interval_ns / NS);
    fprintf(out, "\n%11s", "from");
    fprintf(out, " %9s %*s", "calls", (int)drawing->cells, "");
    fprintf(out, " %14s %*s %14s %*s %12s\n", "bytes read", (int)drawing->cells, "", "bytes written",
            (int)drawing->cells, "", "waiting");
    struct sc_interval sum = over->untimed;
    for (size_t i = 0; i < count; i++) {
        sc_interval_add(&sum, &over->intervals[i]);
        row(drawing, sc_text_time(i * over->interval_ns, time, sizeof time), &over->intervals[i], true);
    }
    if (over->untimed.calls)
        row(drawing, "not known", &over->untimed, true);
    row(drawing, "all", &sum, false);
    putc('\n', out);
}

/* Of both runs side by side; from the first power that any call has to the last. */
static void histogram(const struct drawing *drawing, const char *what, const uint64_t *const powers[2], bool times)
{
    FILE *out = drawing->out;
    const struct sc_report *report = drawing->report;
    size_t first = SC_POWERS, end = 0;
    uint64_t most = 0;
    char text[32];
    for (size_t i = 0; i < SC_POWERS; i++) {
        for (unsigned run = 0; run < report->run_count; run++) {
            uint64_t calls = powers[run] ? powers[run][i] : 0;
            most = calls > most ? calls : most;
            first = calls && i < first ? i : first;
            end = calls ? i + 1 : end;
        }
    }
    if (first >= end)
        return;
    fprintf(out, "## %s\n%14s", what, times ? "from" : "from, bytes");
    for (unsigned run = 0; run < report->run_count; run++) {
        fputs("  ", out);
        sc_text_padded(out, report->runs[run].label, run + 1 < report->run_count ? 10 + MOST_CELLS : 0);
    }
    putc('\n', out);
    for (size_t i = first; i < end; i++) {
        uint64_t from = i ? UINT64_C(1) << (i - 1) : 0;
        unsigned left = 0;
        if (times)
            fprintf(out, "%14s", sc_text_time(from, text, sizeof text));
        else
            fprintf(out, "%14" PRIu64, from);
        for (unsigned run = 0; run < report->run_count; run++) {
            uint64_t calls = powers[run] ? powers[run][i] : 0;
            fprintf(out, "%*s  %9" PRIu64, (int)left, "", calls);
            left = drawn(drawing, calls, most, MOST_CELLS);
        }
        putc('\n', out);
    }
    putc('\n', out);
}

void sc_render_over_time(FILE *out, const struct sc_report *report, unsigned columns, struct sc_style style)
{
    unsigned cells = columns > NUMBERS ? (columns - NUMBERS) / COLUMNS : 0;
    struct drawing drawing = {
        .out = out,
        .report = report,
        .utf8 = style.utf8,
        .cells = cells < LEAST_CELLS  ? LEAST_CELLS
                 : cells > MOST_CELLS ? MOST_CELLS
                                      : cells,
    };
    const uint64_t *powers[4][2] = {{NULL}};
    size_t count = 0;
    for (unsigned run = 0; run < report->run_count; run++) {
        const struct sc_report_over_time *over = report->runs[run].over_time;
        for (size_t i = 0; over && i < over->count; i++) {
            uint64_t values[COLUMNS];
            values_of(&over->intervals[i], values);
            for (unsigned k = 0; k < COLUMNS; k++)
                drawing.most[k] = values[k] > drawing.most[k] ? values[k] : drawing.most[k];
        }
        count = over && over->count > count ? over->count : count;
        powers[0][run] = over ? over->read_sizes : NULL;
        powers[1][run] = over ? over->write_sizes : NULL;
        powers[2][run] = over ? over->took : NULL;
        powers[3][run] = over ? over->waited : NULL;
    }
    sc_text_filter(&(struct sc_screen){out, report, style});
    for (unsigned run = 0; run < report->run_count; run++)
        run_rows(&drawing, &report->runs[run], count);
    histogram(&drawing, "Calls by bytes read", powers[0], false);
    histogram(&drawing, "Calls by bytes written", powers[1], false);
    histogram(&drawing, "Calls by time, without those that wait for others", powers[2], true);
    histogram(&drawing, "Calls that wait for others, by time", powers[3], true);
}
