/* finding_lines.c: what the runs do that need not be. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../text_util.h"

enum { SHOWN_FINDINGS = 12, LINE_COLUMNS = 140, SITES = 2, SHOWN_ONE_SIDED = 3 };

static void finding_head(const struct sc_screen *text, const char *label, const struct sc_finding *finding, bool times)
{
    char shown[32];
    fprintf(text->out, "%s: ", label);
    sc_text_emphasis(text, SC_BOLD);
    fputs(finding->id, text->out);
    sc_text_emphasis(text, SC_PLAIN);
    if (*finding->role) {
        fputs(" of ", text->out);
        sc_text_role(text->out, finding->role);
    }
    const char *what = finding->requests == finding->calls && finding->calls ? "request" : "call";
    fprintf(text->out, ": %" PRIu64 " %s%s", finding->calls, what, finding->calls == 1 ? "" : "s");
    if (finding->requests && finding->requests != finding->calls)
        fprintf(text->out, " (%" PRIu64 " of them requests)", finding->requests);
    if (finding->bytes)
        fprintf(text->out, ", %" PRIu64 " bytes", finding->bytes);
    if (finding->has_range && finding->span.end > finding->span.begin)
        fprintf(text->out, " in %" PRId64 " to %" PRId64, finding->span.begin, finding->span.end);
    if (times)
        fprintf(text->out, ", %s", sc_text_time(finding->time_ns, shown, sizeof shown));
    if (finding->saved_calls)
        fprintf(text->out, "; would save %" PRIu64 " %ss", finding->saved_calls, what);
    if (finding->saved_closes)
        fprintf(text->out, " (%" PRIu64 " closes with them)", finding->saved_closes);
    if (times && finding->saved_calls)
        fprintf(text->out, ", %s", sc_text_time(finding->saved_ns, shown, sizeof shown));
    putc('\n', text->out);
}

static void finding_details(const struct sc_screen *text, const struct sc_finding *finding)
{
    fprintf(text->out, "    %s\n", finding->advice);
    if (finding->detail) {
        fputs("    ", text->out);
        sc_print_safe(text->out, finding->detail, 0);
        putc('\n', text->out);
    }
    for (uint32_t i = 0; i < finding->site_count && i < SITES; i++) {
        fputs(i ? ", " : "    from ", text->out);
        sc_print_safe(text->out, finding->sites[i].name, 0);
        fprintf(text->out, " (%" PRId64 ")", finding->sites[i].calls);
    }
    if (finding->site_count)
        fprintf(text->out, finding->site_total > SITES ? " and %" PRIu32 " more\n" : "\n", finding->site_total - SITES);
    for (size_t i = 0; i < finding->evidence.count; i++) {
        fputs(i ? "           " : "    first: ", text->out);
        sc_print_safe(text->out, finding->evidence.items[i], LINE_COLUMNS);
        putc('\n', text->out);
    }
}

/* The next one of both runs, in the order of their rank; *at moves on. */
static const struct sc_finding *next_finding(const struct sc_report *report, size_t at[2], unsigned *ret_run)
{
    const struct sc_finding *best = NULL;
    bool times = report->runs[0].times_known && (report->run_count < 2 || report->runs[1].times_known);
    for (unsigned i = 0; i < report->run_count; i++) {
        const struct sc_report_run *run = &report->runs[i];
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): a report holds one run or two */
        if (sc_text_is_void(report, i) || at[i] == run->finding_count)
            continue;
        if (best && sc_compare_findings(&run->findings[at[i]], best, report->ranking.by, times) >= 0)
            continue;
        best = &run->findings[at[i]];
        *ret_run = i;
    }
    at[*ret_run] += best != NULL;
    return best;
}

/* It would save something, but less than a thousandth of the run. */
static bool is_idle(const struct sc_report_run *run, const struct sc_finding *finding)
{
    return run->times_known && run->wall_known && finding->saved_calls && finding->saved_ns < run->wall_ns / 1000;
}

/* Findings overlap: writes can be small and again what was written before. */
static void total_line(const struct sc_screen *text, const struct sc_report_run *run)
{
    char shown[32];
    if (run->finding_count < 2 || !run->saved_calls)
        return;
    fprintf(text->out, "All findings of %s together would save at most %" PRIu64 " calls", run->label,
            run->saved_calls);
    if (run->times_known)
        fprintf(text->out, ", %s", sc_text_time(run->saved_ns, shown, sizeof shown));
    fputs(", each call counted once.\n", text->out);
}

static int by_kind(const void *left, const void *right)
{
    const struct sc_finding *a = *(const struct sc_finding *const *)left, *b = *(const struct sc_finding *const *)right;
    int order = strcmp(a->id, b->id);
    return order ? order : strcmp(a->role, b->role);
}

/* The findings of a run in the order of by_kind, to be freed; NULL where memory is short. */
static const struct sc_finding **sort_out(const struct sc_report_run *run)
{
    const struct sc_finding **sorted = calloc(run->finding_count + 1, sizeof *sorted);
    for (size_t i = 0; sorted && i < run->finding_count; i++)
        sorted[i] = &run->findings[i];
    if (sorted)
        qsort(sorted, run->finding_count, sizeof *sorted, by_kind);
    return sorted;
}

static void one_sided(const struct sc_screen *text, const struct sc_report_run *run, const struct sc_report_run *other)
{
    const struct sc_finding **others = sort_out(other);
    size_t shown = 0;
    for (size_t i = 0; others && i < run->finding_count && shown < SHOWN_ONE_SIDED; i++) {
        const struct sc_finding *finding = &run->findings[i];
        if (finding->saved_calls || bsearch(&finding, others, other->finding_count, sizeof *others, by_kind))
            continue;
        if (shown++)
            fputs(", ", text->out);
        else
            fprintf(text->out, "  Of %s alone: ", run->label);
        fputs(finding->id, text->out);
        if (*finding->role) {
            fputs(" of ", text->out);
            sc_text_role(text->out, finding->role);
        }
        fprintf(text->out, " (%" PRIu64 " call%s)", finding->calls, finding->calls == 1 ? "" : "s");
    }
    if (shown)
        putc('\n', text->out);
    free(others);
}

void sc_text_one_sided(const struct sc_screen *text)
{
    const struct sc_report_run *runs = text->report->runs;
    if (sc_text_is_void(text->report, 0) || sc_text_is_void(text->report, 1))
        return;
    one_sided(text, &runs[0], &runs[1]);
    one_sided(text, &runs[1], &runs[0]);
}

void sc_text_findings(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    size_t at[2] = {0, 0}, shown = 0, rest = 0, idle = 0, top = report->ranking.top;
    unsigned run = 0;
    bool known = false;
    for (unsigned i = 0; i < report->run_count; i++)
        known |= report->runs[i].findings_known;
    if (!known)
        return;
    fputs("## Findings\n", text->out);
    for (const struct sc_finding *finding; (finding = next_finding(report, at, &run));) {
        if (!top && is_idle(&report->runs[run], finding)) {
            idle++;
            continue;
        }
        if (shown == (top ? top : SHOWN_FINDINGS)) {
            rest++;
            continue;
        }
        shown++;
        finding_head(text, report->runs[run].label, finding, report->runs[run].times_known);
        finding_details(text, finding);
    }
    if (rest)
        fprintf(text->out, "and %zu more (--top 0 shows all)\n", rest);
    for (unsigned i = 0; i < report->run_count; i++)
        if (!sc_text_is_void(report, i))
            total_line(text, &report->runs[i]);
    if (idle)
        fprintf(text->out, "%zu more would save less than a thousandth of the run (--top 0 shows them)\n", idle);
    fputs(shown || idle ? "\n" : "none\n\n", text->out);
}
