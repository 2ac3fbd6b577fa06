/* build_why.c: the part of a report that says why: findings, causes, and the start-up apart from the work. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocation.h"
#include "breakdown.h"
#include "build_report.h"
#include "failures.h"
#include "findings.h"

struct named {
    const char *name;
    uint64_t calls;
};

static int by_calls(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    if (a->calls != b->calls)
        return a->calls < b->calls ? 1 : -1;
    return strcmp(a->name, b->name);
}

static int by_name(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* Those of one name become one. Returns how many are left. */
static size_t unite(struct named *calls, size_t count)
{
    size_t used = 0;
    qsort(calls, count, sizeof *calls, by_name);
    for (size_t i = 0; i < count; i++)
        if (used && strcmp(calls[used - 1].name, calls[i].name) == 0)
            calls[used - 1].calls += calls[i].calls;
        else
            calls[used++] = calls[i];
    return used;
}

/* "brk 3, futex 1": the calls that have wanted of the two facts. NULL where there are none. */
static int name_calls(const struct sc_ledger *ledger, uint32_t wanted, uint64_t *ret_total, char **ret_names)
{
    const struct sc_row *rows;
    size_t count = sc_ledger_rows(ledger, &rows), used = 0;
    struct named *calls = calloc(count + 1, sizeof *calls);
    *ret_total = 0;
    *ret_names = NULL;
    if (!calls)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if ((rows[i].facts & (SC_FACT_STARTUP | SC_FACT_RUNTIME)) != wanted || !rows[i].calls || rows[i].way)
            continue;
        calls[used++] = (struct named){sc_ledger_call(ledger, &rows[i]), rows[i].calls};
        *ret_total += rows[i].calls;
    }
    used = unite(calls, used);
    qsort(calls, used, sizeof *calls, by_calls);
    size_t size;
    FILE *out = used ? open_memstream(ret_names, &size) : NULL;
    for (size_t i = 0; out && i < used; i++)
        fprintf(out, "%s%s %" PRIu64, i ? ", " : "", calls[i].name, calls[i].calls);
    free(calls);
    return used && (!out || fclose(out)) ? -ENOMEM : 0;
}

/* Whose runtimes were met. */
static int name_languages(const struct sc_ledger *ledger, char **ret_names)
{
    const struct sc_row *rows;
    size_t count = sc_ledger_rows(ledger, &rows), size;
    unsigned met = 0;
    for (size_t i = 0; i < count; i++)
        met |= rows[i].calls ? 1U << sc_row_language(&rows[i]) : 0;
    *ret_names = NULL;
    if (!(met >> SC_RUST))
        return 0;
    FILE *out = open_memstream(ret_names, &size);
    if (!out)
        return -ENOMEM;
    for (unsigned language = SC_RUST; language <= SC_PYTHON; language++)
        if (met & 1U << language)
            fprintf(out, "%s%s", met & ((1U << language) - 2) ? " and " : "", sc_language_name(language));
    return fclose(out) ? -ENOMEM : 0;
}

static int add_startup(const struct sc_ledger *ledger, struct sc_report_run *run)
{
    uint64_t startup;
    int error = name_calls(ledger, SC_FACT_STARTUP, &startup, &run->startup_names);
    error = error ? error : name_languages(ledger, &run->runtime_languages);
    return error ? error : name_calls(ledger, SC_FACT_RUNTIME, &run->runtime_calls, &run->runtime_names);
}

static int add_causes(const struct sc_file_groups groups[2], const bool with_startup[2], struct sc_report *report)
{
    const struct sc_counts *const counts[2] = {&report->runs[0].counts, &report->runs[1].counts};
    struct sc_cause_list list;
    if (report->runs[0].dead || report->runs[1].dead)
        return 0;
    bool rows = groups[0].view->ledger && groups[1].view->ledger;
    bool times = report->runs[0].times_known && report->runs[1].times_known;
    enum sc_rank rank = report->ranking.by;
    int error = rows ? sc_find_breakdown(groups, with_startup, times, rank, &list)
                     : sc_find_breakdown_by_name(counts, times, rank, &list);
    report->causes = list.items;
    report->cause_count = list.count;
    report->causes_known = true;
    return error;
}

static int add_findings(const struct sc_file_groups groups[2], const struct sc_thresholds *thresholds,
                        struct sc_report *report)
{
    struct sc_finding_list lists[2] = {{0}, {0}};
    const char *const names[2] = {report->runs[0].label, report->run_count == 2 ? report->runs[1].label : ""};
    int error = 0;
    for (unsigned i = 0; i < report->run_count && !error; i++) {
        report->runs[i].findings_known = groups[i].view->ledger != NULL;
        error = sc_find_findings(&groups[i], thresholds, &lists[i]);
        if (!error)
            error = sc_find_allocation(&groups[i], thresholds, &report->runs[i]);
    }
    if (!error && report->run_count == 2 && !report->runs[0].dead && !report->runs[1].dead)
        error = sc_find_between(groups, names, thresholds, lists);
    for (unsigned i = 0; i < report->run_count; i++) {
        if (!error)
            error = sc_findings_total(&lists[i], &report->runs[i].saved_calls, &report->runs[i].saved_ns);
        sc_findings_free_rows(&lists[i]);
        sc_findings_sort(&lists[i], report->ranking.by, report->runs[i].times_known);
        report->runs[i].findings = lists[i].items;
        report->runs[i].finding_count = lists[i].count;
    }
    return error;
}

static void add_waiting(const struct sc_report_input *input, bool with_startup, struct sc_report_run *run)
{
    const struct sc_row *rows;
    size_t count = sc_ledger_rows(input->ledger, &rows);
    for (size_t i = 0; i < count; i++)
        if ((with_startup || !(rows[i].facts & SC_FACT_STARTUP)) && sc_row_waits(input->files, &rows[i]))
            run->waiting_ns += rows[i].time_ns;
}

int sc_report_why(const struct sc_report_input *inputs, const bool with_startup[2], struct sc_report *report)
{
    struct sc_file_groups groups[2] = {{0}, {0}};
    struct sc_run_view views[2];
    struct sc_thresholds thresholds;
    sc_thresholds_default(&thresholds);
    const unsigned count = report->run_count;
    int error = 0;
    for (unsigned i = 0; i < count && !error; i++) {
        bool seen = inputs[i].ledger && inputs[i].files;
        views[i] = (struct sc_run_view){inputs[i].run, inputs[i].files, seen ? inputs[i].ledger : NULL,
                                        inputs[i].normaliser, inputs[i].symbols};
        error = sc_file_groups_make(&views[i], &groups[i]);
        if (!error && seen)
            error = add_startup(inputs[i].ledger, &report->runs[i]);
        if (seen)
            add_waiting(&inputs[i], with_startup[i], &report->runs[i]);
    }
    if (!error)
        error = add_findings(groups, inputs[0].thresholds ? inputs[0].thresholds : &thresholds, report);
    if (!error)
        error = sc_find_failed_calls(groups, with_startup, report);
    if (!error && count == 2)
        error = add_causes(groups, with_startup, report);
    sc_file_groups_free(&groups[0]);
    sc_file_groups_free(&groups[1]);
    return error;
}
