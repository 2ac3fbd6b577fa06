/* cause_lines.c: where a difference comes from. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../text_util.h"

enum {
    SHOWN_CAUSES = 7,
    SHOWN_MAX = 4096,  /* causes, whatever is asked for */
    SMALL_PARTS = 100, /* less than one of so many parts of everything is no line of its own */
    SUSPECT_COLUMNS = 160,
    PLACE_COLUMNS = 100,
    SHARE_COLUMNS = 8,
    SITES = 2
};

static bool times_compare(const struct sc_report *report)
{
    const struct sc_report_run *runs = report->runs;
    return runs[0].times_known && runs[1].times_known && runs[0].kind == runs[1].kind;
}

static void signed_time(FILE *out, int64_t ns)
{
    char shown[32];
    fprintf(out, ", %s", sc_text_time_diff(ns, shown, sizeof shown));
}

/* Whole percents that add up to 100: what rounding down leaves goes to those that lost most by it. */
static void divide(const int64_t *parts, size_t count, int64_t total, int *ret_percent)
{
    double lost[SHOWN_MAX + 1];
    int left = total ? 100 : 0;
    for (size_t i = 0; i < count; i++) {
        double exact = total ? 100.0 * (double)parts[i] / (double)total : 0;
        ret_percent[i] = (int)exact - (exact < (int)exact);
        lost[i] = exact - ret_percent[i];
        left -= ret_percent[i];
    }
    for (; left > 0; left--) {
        size_t most = 0;
        for (size_t i = 1; i < count; i++)
            most = lost[i] > lost[most] ? i : most;
        ret_percent[most]++;
        lost[most] -= 1;
    }
}

/*
 * "320 of the 1307 extra calls (24 %)", "-3 calls (-11 %)", "+3 calls". More than all there are is no part of them:
 * with others that go the other way "+31 calls (172 %)".
 */
static void amount(FILE *out, int64_t calls, int64_t total, int percent)
{
    bool with = (calls < 0) == (total < 0) && calls != 0 && sc_absolute(calls) <= sc_absolute(total);
    if (with)
        fprintf(out, "%" PRIu64 " of the %" PRIu64 " %s calls (%d %%)", sc_absolute(calls), sc_absolute(total),
                total > 0 ? "extra" : "missing", percent);
    else if (total)
        fprintf(out, "%+" PRId64 " calls (%d %%)", calls, percent);
    else
        fprintf(out, "%+" PRId64 " calls", calls);
}

/* What a line begins with: of all that differs, as a bar, as much as amount says in percent. */
static void begin_line(const struct sc_screen *text, int64_t calls, int percent)
{
    int64_t total = text->report->total_diff;
    fputs(" ", text->out);
    if (total)
        sc_text_share(text, calls && (calls < 0) == (total < 0) && percent > 0 ? (uint64_t)percent : 0, 100,
                      SHARE_COLUMNS);
    fputs(" ", text->out);
}

/* In more than time. */
static bool differs(const uint64_t calls[2], const uint64_t bytes[2])
{
    return calls[0] != calls[1] || bytes[0] != bytes[1];
}

/* What the calls of one run take longer than those of the other one. */
static int64_t time_diff(const struct sc_report *report)
{
    return (int64_t)(report->runs[0].counts.time_total - report->runs[1].counts.time_total);
}

/* ", +656640 bytes moved, +315.497 us" */
static void bytes_and_time(const struct sc_screen *text, int64_t bytes, int64_t time_ns)
{
    if (bytes)
        fprintf(text->out, ", %+" PRId64 " bytes moved", bytes);
    if (times_compare(text->report))
        signed_time(text->out, time_ns);
}

/* " (63 % of that)": of the time that one run's calls take longer. */
static void time_share(const struct sc_screen *text, int64_t time_ns)
{
    int64_t total = time_diff(text->report);
    if (total && (time_ns < 0) == (total < 0))
        fprintf(text->out, " (%.0f %% of the time)", 100.0 * (double)time_ns / (double)total);
}

/* Several places, a line each; what is not shown of them is the last line. Together they are the cause. */
static void site_lines(const struct sc_screen *text, const struct sc_cause *cause, uint32_t places)
{
    int64_t left[3] = {sc_difference(cause->calls), sc_difference(cause->bytes), sc_difference(cause->time_ns)};
    uint32_t shown = places <= SITES + 1 ? places : SITES;
    for (uint32_t i = 0; i < shown; i++) {
        const struct sc_cause_site *site = &cause->sites[i];
        int64_t part[3] = {sc_difference(site->calls), sc_difference(site->bytes), sc_difference(site->time_ns)};
        fprintf(text->out, "    %+" PRId64 " from ", part[0]);
        sc_print_safe(text->out, site->name ? site->name : "a place that is not known", PLACE_COLUMNS);
        bytes_and_time(text, part[1], part[2]);
        putc('\n', text->out);
        for (unsigned k = 0; k < 3; k++)
            left[k] -= part[k];
    }
    if (shown == places)
        return;
    fprintf(text->out, "    %+" PRId64 " from %" PRIu32 " more places", left[0], places - shown);
    bytes_and_time(text, left[1], left[2]);
    putc('\n', text->out);
}

static void mapped_pages(const struct sc_screen *text, const struct sc_cause *cause)
{
    for (unsigned run = 0; run < 2; run++)
        if (cause->pages[run] && cause->pages[0] != cause->pages[1])
            fprintf(text->out, ", in %s at most %" PRIu64 " page%s through memory", text->report->runs[run].label,
                    cause->pages[run], cause->pages[run] == 1 ? "" : "s");
}

static void cause_line(const struct sc_screen *text, const struct sc_cause *cause, int percent)
{
    uint32_t places = 0; /* they are in order: those that differ in time alone come last */
    while (places < cause->site_count && differs(cause->sites[places].calls, cause->sites[places].bytes))
        places++;
    begin_line(text, sc_difference(cause->calls), percent);
    if (!cause->calls[0] && !cause->calls[1])
        fputs("No calls", text->out);
    else if (cause->calls[0] == cause->calls[1] && cause->calls[0] == 1)
        fputs("The same call", text->out);
    else if (cause->calls[0] == cause->calls[1])
        fprintf(text->out, "The same %" PRIu64 " calls", cause->calls[0]);
    else
        amount(text->out, sc_difference(cause->calls), text->report->total_diff, percent);
    const uint64_t *processes = cause->processes.count;
    unsigned more = processes[1] > processes[0];
    fputs(": ", text->out);
    if (processes[more])
        fprintf(text->out, "%" PRIu64 " more ", processes[more] - processes[1 - more]);
    const char *plural = "processes", *pattern = cause->pattern;
    if (processes[more] == 1 && strncmp(pattern, plural, strlen(plural)) == 0) {
        fputs("process", text->out);
        pattern += strlen(plural);
    }
    sc_print_safe(text->out, pattern, 0);
    if (processes[more] > 1)
        fprintf(text->out, ", %" PRIu64 " calls each", cause->calls[more] / processes[more]);
    if (*cause->role) {
        fputs(" of ", text->out);
        sc_text_role(text->out, cause->role);
    }
    if (cause->file_count > 1)
        fprintf(text->out, " (%" PRIu64 " files)", cause->file_count);
    if (cause->has_range && cause->span.end > cause->span.begin)
        fprintf(text->out, ", bytes %" PRId64 " to %" PRId64, cause->span.begin, cause->span.end);
    if (places == 1 && cause->sites[0].name && !processes[more]) {
        fputs(", from ", text->out);
        sc_print_safe(text->out, cause->sites[0].name, PLACE_COLUMNS);
    }
    if (cause->requests[0] + cause->requests[1])
        fprintf(text->out, ", %+" PRId64 " requests", sc_difference(cause->requests));
    mapped_pages(text, cause);
    bytes_and_time(text, sc_difference(cause->bytes), sc_difference(cause->time_ns));
    if (cause->waits && times_compare(text->report))
        fputs(" of waiting", text->out);
    if (cause->by_time)
        time_share(text, sc_difference(cause->time_ns));
    putc('\n', text->out);
    if (places > 1 && !cause->runtime && !processes[more]) /* where those are made is nobody's concern */
        site_lines(text, cause, places);
}

/* What the lines above did not show, so that all of them together are the whole. */
static void rest_line(const struct sc_screen *text, size_t from, size_t to, int64_t calls, int percent)
{
    const struct sc_report *report = text->report;
    int64_t bytes = 0, time_ns = 0;
    if (from == to)
        return;
    for (size_t i = from; i < to; i++) {
        bytes += sc_difference(report->causes[i].bytes);
        time_ns += sc_difference(report->causes[i].time_ns);
    }
    begin_line(text, calls, percent);
    amount(text->out, calls, report->total_diff, percent);
    fprintf(text->out, ": other (%zu more)", to - from);
    bytes_and_time(text, bytes, time_ns);
    putc('\n', text->out);
}

/* Those that differ in time alone. */
static void time_line(const struct sc_screen *text, size_t from)
{
    const struct sc_report *report = text->report;
    const struct sc_cause *most = NULL;
    int64_t time_ns = 0;
    if (from == report->cause_count || !times_compare(report))
        return;
    for (size_t i = from; i < report->cause_count; i++) {
        const struct sc_cause *cause = &report->causes[i];
        time_ns += sc_difference(cause->time_ns);
        most = most && sc_absolute(sc_difference(most->time_ns)) >= sc_absolute(sc_difference(cause->time_ns)) ? most
                                                                                                               : cause;
    }
    fputs("  The same calls in another time", text->out);
    signed_time(text->out, time_ns);
    fprintf(text->out, "; most of all %s", most->pattern);
    if (*most->role) {
        fputs(" of ", text->out);
        sc_text_role(text->out, most->role);
    }
    signed_time(text->out, sc_difference(most->time_ns));
    putc('\n', text->out);
}

static void suspects(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    if (!report->differences.count)
        return;
    sc_text_emphasis(text, SC_BOLD);
    fputs("  First suspect: the runs were given different things to do: ", text->out);
    sc_print_safe(text->out, report->differences.items[0], SUSPECT_COLUMNS);
    if (report->differences.count > 1)
        fprintf(text->out, "; and %zu more above", report->differences.count - 1);
    sc_text_emphasis(text, SC_PLAIN);
    putc('\n', text->out);
}

/* "; Rust takes 98.6 ms longer (in calls +38.9 ms, waiting for others +0.1 ms)" */
static void longer(const struct sc_screen *text)
{
    const struct sc_report_run *a = &text->report->runs[0], *b = &text->report->runs[1];
    char shown[3][32];
    bool calls = a->calls_known && b->calls_known, wall = a->wall_known && b->wall_known;
    int64_t in_calls = time_diff(text->report), waiting = (int64_t)(a->waiting_ns - b->waiting_ns);
    int64_t all = wall ? (int64_t)(a->wall_ns - b->wall_ns) : in_calls;
    if (!all || !times_compare(text->report))
        return;
    if (all < 0) { /* what one side has more is said of that side */
        in_calls = -in_calls;
        waiting = -waiting;
        a = b;
    }
    if (!wall || !calls) {
        fprintf(text->out, wall ? "; %s takes %s longer" : "; those of %s take %s longer", a->label,
                sc_text_time(sc_absolute(all), shown[0], sizeof shown[0]));
        return;
    }
    fprintf(text->out, "; %s takes %s longer (in calls %s, waiting for others %s)", a->label,
            sc_text_time(sc_absolute(all), shown[0], sizeof shown[0]),
            sc_text_time_diff(in_calls - waiting, shown[1], sizeof shown[1]),
            sc_text_time_diff(waiting, shown[2], sizeof shown[2]));
}

/* "Rust makes 12 calls more than C++; ...", and what the lines after it are in the order of. */
static void causes_head(const struct sc_screen *text, bool moving)
{
    static const char *const orders[] = {
        [SC_RANK_TIME] = " (by time)", [SC_RANK_CALLS] = " (by calls)", [SC_RANK_BYTES] = " (by bytes)"};
    const struct sc_report *report = text->report;
    int64_t total = report->total_diff;
    const char *more = report->runs[total < 0].label, *less = report->runs[total >= 0].label;
    bool timed = report->cause_count && report->causes[0].by_time;
    fputs("## Where the difference comes from", text->out);
    fputs(report->ranking.by != SC_RANK_COST ? orders[report->ranking.by]
          : timed                            ? " (by time where it stands out, then by calls)"
                                             : "",
          text->out);
    if (total)
        fprintf(text->out, "\n%s makes %" PRIu64 " calls more than %s", more, sc_absolute(total), less);
    else
        fprintf(text->out, "\n%s and %s make the same number of calls%s", more, less,
                moving ? ", not of the same kinds" : "");
    longer(text);
    fputs(".\n", text->out);
}

/* Is it less than a hundredth of all that differs, in calls, bytes and time? */
static bool is_small(const struct sc_cause *cause, const uint64_t sums[3])
{
    return !cause->by_time && SMALL_PARTS * sc_absolute(sc_difference(cause->calls)) < sums[0] &&
           SMALL_PARTS * sc_absolute(sc_difference(cause->bytes)) <= sums[1] &&
           SMALL_PARTS * sc_absolute(sc_difference(cause->time_ns)) <= sums[2];
}

/* How many of the first causes have a line of their own: as many as are asked for, or fit, and are not small. */
static size_t causes_shown(const struct sc_report *report, size_t moving)
{
    uint64_t sums[3] = {0};
    size_t shown = 0, top = sc_text_top(report, SHOWN_CAUSES);
    top = top < SHOWN_MAX ? top : SHOWN_MAX;
    for (size_t i = 0; i < report->cause_count; i++) {
        sums[0] += sc_absolute(sc_difference(report->causes[i].calls));
        sums[1] += sc_absolute(sc_difference(report->causes[i].bytes));
        sums[2] += sc_absolute(sc_difference(report->causes[i].time_ns));
    }
    while (shown < moving && shown < top && (report->ranking.top || !is_small(&report->causes[shown], sums)))
        shown++;
    return shown + 1 == moving && shown < SHOWN_MAX ? moving : shown; /* no line says "1 more" */
}

void sc_text_causes(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    if (report->run_count < 2 || !report->causes_known)
        return;
    int64_t total = report->total_diff, left = total;
    size_t moving = 0; /* they are in order: those that differ in little time alone come last */
    while (moving < report->cause_count && (report->causes[moving].by_time || report->causes[moving].other_calls ||
                                            differs(report->causes[moving].calls, report->causes[moving].bytes)))
        moving++;
    size_t shown = causes_shown(report, moving);
    int64_t *parts = calloc(shown + 2, sizeof *parts);
    int *percent = calloc(shown + 2, sizeof *percent);
    causes_head(text, moving > 0);
    suspects(text);
    sc_text_runtimes(text);
    if (!parts || !percent)
        shown = 0;
    for (size_t i = 0; i < shown; i++) {
        parts[i] = sc_difference(report->causes[i].calls);
        left -= parts[i];
    }
    if (parts && percent) {
        parts[shown] = left;
        divide(parts, shown + (left != 0), total, percent);
        for (size_t i = 0; i < shown; i++)
            cause_line(text, &report->causes[i], percent[i]);
        rest_line(text, shown, moving, left, left ? percent[shown] : 0);
    }
    time_line(text, moving);
    sc_text_one_sided(text);
    sc_text_parting(text);
    putc('\n', text->out);
    free(parts);
    free(percent);
}
