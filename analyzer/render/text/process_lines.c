/* process_lines.c: the processes of each run, and the calls that failed. */
#include <inttypes.h>
#include <stdlib.h>

#include "../text_util.h"

enum { TOP_PROCESSES = 10, TOP_FAILURES = 10, NAMES_SHOWN = 3, NAME_COLUMNS = 60 };

void sc_text_process_head(FILE *out)
{
    fprintf(out, "%9s %12s %11s %11s %11s %11s  %-14s  ", "calls", "bytes", "time in I/O", "waiting", "begins", "ends",
            "how it ended");
}

void sc_text_process(FILE *out, const struct sc_report_process *process, bool times)
{
    char io[32], waiting[32], begin[32], end[32], how[96];
    fprintf(out, "%9" PRIu64 " %12" PRIu64, process->calls, process->bytes);
    fprintf(out, " %11s %11s", times ? sc_text_time(process->io_ns, io, sizeof io) : "-",
            times ? sc_text_time(process->waiting_ns, waiting, sizeof waiting) : "-");
    fprintf(out, " %11s %11s", process->times_known ? sc_text_time(process->begin_ns, begin, sizeof begin) : "-",
            process->times_known ? sc_text_time(process->end_ns, end, sizeof end) : "-");
    sc_end_text(&process->end, how, sizeof how);
    fprintf(out, "  %-14s  ", process->end.kind == SC_ENDED_UNKNOWN ? "unknown" : how);
}

static void process_row(const struct sc_screen *text, const struct sc_report_process *process, bool times)
{
    fprintf(text->out, "%7" PRIu32 " %8" PRId32 " %7" PRIu32 " ", process->number, process->pid, process->parent);
    sc_text_process(text->out, process, times);
    fputs(process->copy ? "copy of " : "", text->out);
    sc_print_safe(text->out, process->program ? process->program : "unknown", NAME_COLUMNS);
    if (process->command.count > 1) { /* what tells one git from another */
        const struct sc_strings words = {.items = process->command.items + 1, .count = process->command.count - 1};
        putc(' ', text->out);
        sc_text_command(text->out, &words, process->command_cut);
    }
    putc('\n', text->out);
}

/* The report has the dearest first. */
static int by_rank(const void *left, const void *right, void *rank)
{
    const struct sc_report_process *a = *(const struct sc_report_process *const *)left,
                                   *b = *(const struct sc_report_process *const *)right;
    bool bytes = *(const enum sc_rank *)rank == SC_RANK_BYTES;
    uint64_t of_a = bytes ? a->bytes : a->calls, of_b = bytes ? b->bytes : b->calls;
    if (of_a != of_b)
        return of_a < of_b ? 1 : -1;
    return a < b ? -1 : a > b;
}

static void run_processes(const struct sc_screen *text, const struct sc_report_run *run)
{
    size_t shown = sc_text_top(text->report, TOP_PROCESSES);
    shown = shown < run->process_count ? shown : run->process_count;
    uint64_t calls = 0;
    enum sc_rank by = text->report->ranking.by;
    const struct sc_report_process **rows = calloc(run->process_count + 1, sizeof *rows);
    if (!rows) {
        fputs("out of memory\n", text->out);
        return;
    }
    for (size_t i = 0; i < run->process_count; i++)
        rows[i] = &run->process_table[i];
    if (by == SC_RANK_CALLS || by == SC_RANK_BYTES)
        qsort_r(rows, run->process_count, sizeof *rows, by_rank, &by);
    fprintf(text->out, "%s:\n%7s %8s %7s ", run->label, "number", "pid", "parent");
    sc_text_process_head(text->out);
    fputs("program\n", text->out);
    for (size_t i = 0; i < shown; i++)
        process_row(text, rows[i], run->times_known);
    for (size_t i = shown; i < run->process_count; i++)
        calls += rows[i]->calls;
    free(rows);
    if (shown < run->process_count)
        fprintf(text->out, "(%zu others, %" PRIu64 " calls)\n", run->process_count - shown, calls);
}

void sc_text_processes(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    size_t most = 0;
    for (unsigned run = 0; run < report->run_count; run++)
        most = report->runs[run].process_count > most ? report->runs[run].process_count : most;
    if (most < 2)
        return;
    fputs("## Processes\n", text->out);
    for (unsigned run = 0; run < report->run_count; run++)
        if (report->runs[run].process_count)
            run_processes(text, &report->runs[run]);
    putc('\n', text->out);
}

static void failure_row(const struct sc_screen *text, const struct sc_report_failure *failure)
{
    const struct sc_report *report = text->report;
    fprintf(text->out, "%-17s %-15s", failure->call, failure->error);
    for (unsigned run = 0; run < report->run_count; run++)
        fprintf(text->out, " %9" PRIu64, failure->calls[run]);
    if (report->run_count == 2)
        fprintf(text->out, " %+9" PRId64, sc_difference(failure->calls));
    fprintf(text->out, " %7zu ", failure->name_count);
    for (size_t i = 0; i < failure->names.count && i < NAMES_SHOWN; i++) {
        fputs(i ? ", " : " ", text->out);
        sc_print_safe(text->out, failure->names.items[i], NAME_COLUMNS);
    }
    if (failure->names.count > NAMES_SHOWN)
        fputs(", ...", text->out);
    putc('\n', text->out);
}

void sc_text_failures(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    size_t shown = sc_text_top(report, TOP_FAILURES);
    if (!report->failure_count)
        return;
    fprintf(text->out, "## Failed calls\n%-17s %-15s", "call", "error");
    for (unsigned run = 0; run < report->run_count; run++) {
        for (size_t width = sc_text_width(report->runs[run].label); width < 10; width++)
            putc(' ', text->out);
        fputs(report->runs[run].label, text->out);
    }
    fprintf(text->out, "%s %7s  %s\n", report->run_count == 2 ? "      Diff" : "", "names", "on");
    for (size_t i = 0; i < report->failure_count && i < shown; i++)
        failure_row(text, &report->failures[i]);
    if (report->failure_count > shown)
        fprintf(text->out, "(%zu others)\n", report->failure_count - shown);
    putc('\n', text->out);
}
