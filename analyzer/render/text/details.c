#include "../text_util.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TOP_CALLS = 15, TOP_FILES = 15, ROLE_COLUMNS = 60, SIZES_COLUMNS = 20 };

static int column(const struct sc_report *report, unsigned run, uint64_t most)
{
    int label = (int)sc_text_width(report->runs[run].label), digits = sc_text_digits(most);
    return 2 + (label > digits ? label : digits);
}

/* The first columns are the calls of each run and their difference; what was added later stands behind them, so that
 * scripts that cut columns out go on working. */
static void call_row(const struct sc_screen *text, const int *widths, const char *name, const struct sc_call_pair *pair)
{
    const struct sc_report *report = text->report;
    char shown[64];
    fprintf(text->out, "%-24s", name);
    for (unsigned run = 0; run < report->run_count; run++)
        fprintf(text->out, "%*" PRIu64, widths[run], pair->calls[run]);
    if (report->run_count == 2)
        fprintf(text->out, "  %+8" PRId64, sc_difference(pair->calls));
    for (unsigned run = 0; run < report->run_count; run++)
        fprintf(text->out, " %7" PRIu64, pair->errors[run]);
    for (unsigned run = 0; run < report->run_count; run++)
        fprintf(text->out, " %11s",
                report->runs[run].times_known ? sc_text_time(pair->time_ns[run], shown, sizeof shown) : "-");
    for (unsigned run = 0; run < report->run_count; run++)
        fprintf(text->out, "  %-*s", run + 1 < report->run_count ? SIZES_COLUMNS : 0,
                sc_text_sizes(&pair->sizes[run], shown, sizeof shown));
    putc('\n', text->out);
}

static void calls_head(const struct sc_screen *text, int *widths)
{
    const struct sc_report *report = text->report;
    int runs = (int)report->run_count;
    fprintf(text->out, "## Calls\n%-24s", "call");
    for (int run = 0; run < runs; run++) {
        widths[run] = column(report, (unsigned)run, report->runs[run].counts.total);
        for (int blank = (int)sc_text_width(report->runs[run].label); blank < widths[run]; blank++)
            putc(' ', text->out);
        fputs(report->runs[run].label, text->out);
    }
    if (runs == 2)
        fprintf(text->out, "  %8s", "Diff");
    fprintf(text->out, "%*s%*s  %s\n", 8 * runs, "errors", 12 * runs, "time", "min/median/max bytes");
}

static void calls(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    size_t count = 0, top = sc_text_top(report, TOP_CALLS);
    struct sc_call_pair *pairs = sc_pair_calls(report, &count), rest = {0};
    int widths[2];
    if (!pairs)
        return;
    calls_head(text, widths);
    for (size_t i = 0; i < count; i++) {
        if (i < top) {
            call_row(text, widths, pairs[i].name, &pairs[i]);
            continue;
        }
        for (unsigned run = 0; run < 2; run++) {
            rest.calls[run] += pairs[i].calls[run];
            rest.errors[run] += pairs[i].errors[run];
            rest.time_ns[run] += pairs[i].time_ns[run];
        }
    }
    if (count > top) {
        char name[32];
        snprintf(name, sizeof name, "(%zu others)", count - top);
        call_row(text, widths, name, &rest);
    }
    putc('\n', text->out);
    free(pairs);
}

static void time_spent(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    for (unsigned run = 0; run < report->run_count; run++)
        if (!report->runs[run].times_known || report->runs[run].kind != report->runs[0].kind)
            return; /* times measured in different ways say nothing about each other */
    char shown[32];
    fputs("## Time\n", text->out);
    for (unsigned i = 0; i <= SC_CAT_COUNT; i++) {
        fprintf(text->out, "%-12s:", i < SC_CAT_COUNT ? sc_category_name(i) : "total");
        for (unsigned run = 0; run < report->run_count; run++) {
            const struct sc_counts *counts = &report->runs[run].counts;
            uint64_t ns = i < SC_CAT_COUNT ? counts->time_ns[i] : counts->time_total;
            fprintf(text->out, "%s %s %10s", run ? "," : "", report->runs[run].label,
                    sc_text_time(ns, shown, sizeof shown));
        }
        putc('\n', text->out);
    }
    putc('\n', text->out);
}

static void file_row(const struct sc_screen *text, const char *label, size_t label_width, bool timed,
                     const struct sc_report_file *file)
{
    char shown[32], sizes[64];
    fputs("  ", text->out);
    sc_text_padded(text->out, label, label_width);
    if (!file) {
        fputs("  not used\n", text->out);
        return;
    }
    char seeks[64];
    snprintf(seeks, sizeof seeks, "%" PRIu64 " (%" PRIu64 ")", file->counts.seeks, file->counts.redundant_seeks);
    fprintf(text->out,
            " %6" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %14s %12" PRIu64 " %12" PRIu64 " %12" PRIu64
            " %7" PRIu64 " %11s  %s\n",
            file->counts.opens, file->counts.reads, file->counts.writes, file->counts.zero_writes, seeks,
            file->counts.bytes_read, file->counts.bytes_written, file->counts.zero_bytes, file->counts.errors,
            timed ? sc_text_time(file->counts.time_ns, shown, sizeof shown) : "-",
            sc_text_sizes(&file->sizes, sizes, sizeof sizes));
    if (file->counts.requests)
        fprintf(text->out, "  %*s  of these %" PRIu64 " requests (Linux AIO, io_uring), no calls\n", (int)label_width,
                "", file->counts.requests);
    if (file->counts.touched_pages) {
        struct sc_report_mapped mapped = {1, file->counts.touched_pages, file->counts.touched_zero_pages,
                                          file->counts.touched_unseen_pages};
        fprintf(text->out, "  %*s  ", (int)label_width, "");
        sc_text_mapped_pages(text->out, &mapped);
        putc('\n', text->out);
    }
}

/* What a renamed file was called before: of both runs, where they differ in it. */
static void first_names(const struct sc_screen *text, const struct sc_file_pair *pair)
{
    const char *shown = NULL;
    for (unsigned run = 0; run < 2; run++) {
        const char *name = pair->files[run] ? pair->files[run]->first_role : NULL;
        if (!name || (shown && strcmp(shown, name) == 0))
            continue;
        fputs(shown ? ", " : ", at first ", text->out);
        sc_print_safe(text->out, name, ROLE_COLUMNS);
        shown = name;
    }
}

static void files(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    size_t count = 0, width = 0, top = sc_text_top(report, TOP_FILES);
    struct sc_file_pair *pairs = sc_pair_files(report, &count);
    for (unsigned run = 0; run < report->run_count; run++) {
        size_t have = sc_text_width(report->runs[run].label);
        width = have > width ? have : width;
    }
    if (pairs && count) {
        fputs("## Files\n  ", text->out);
        sc_text_padded(text->out, "", width);
        fprintf(text->out, " %6s %7s %7s %7s %14s %12s %12s %12s %7s %11s  %s\n", "opens", "reads", "writes", "zero",
                "seeks (redun.)", "bytes read", "written", "zero bytes", "errors", "time", "min/median/max bytes");
        for (size_t i = 0; i < count && i < top; i++) {
            sc_print_safe(text->out, pairs[i].role, ROLE_COLUMNS);
            first_names(text, &pairs[i]);
            putc('\n', text->out);
            for (unsigned run = 0; run < report->run_count; run++)
                if (report->runs[run].calls_known)
                    file_row(text, report->runs[run].label, width, report->runs[run].times_known, pairs[i].files[run]);
        }
        if (count > top)
            fprintf(text->out, "(%zu others)\n", count - top);
        putc('\n', text->out);
    }
    free(pairs);
}

static void startup(const struct sc_screen *text)
{
    fputs("## Start-up\n", text->out);
    for (unsigned i = 0; i < text->report->run_count; i++) {
        const struct sc_report_run *run = &text->report->runs[i];
        sc_text_head(text, i, "start-up calls");
        if (run->startup_known)
            fprintf(text->out, "%" PRIu64 "%s\n", run->startup_calls,
                    run->startup_left_out ? ", left out of all counts above" : ", counted above");
        else
            fputs("unknown\n", text->out);
        if (run->startup_names)
            fprintf(text->out, "    %s\n", run->startup_names);
        if (!run->runtime_names)
            continue;
        sc_text_head(text, i, "runtime calls");
        fprintf(text->out, "%" PRIu64 " of the runtime of %s, counted above and in no finding\n    %s\n",
                run->runtime_calls, run->runtime_languages, run->runtime_names);
    }
    putc('\n', text->out);
}

static const char *mode_text(const struct sc_report_run *run)
{
    if (run->kind == SC_RUN_STRACE)
        return "strace log";
    if (run->kind == SC_RUN_STRACE_SUMMARY)
        return "strace -c table";
    return run->mode == SC_MODE_FULL ? "capture (full)" : "capture (interpose)";
}

static void sites(const struct sc_screen *text, unsigned index)
{
    const struct sc_report_run *run = &text->report->runs[index];
    if (!run->coverage.sites_found)
        return;
    sc_text_head(text, index, "call sites");
    fprintf(text->out, "%" PRIu64 " watched, %" PRIu64 " left alone",
            run->coverage.sites_found - run->coverage.sites_left, run->coverage.sites_left);
    for (size_t i = 0; i < run->sites_left.count; i++) {
        fputs(i ? ", " : ": ", text->out);
        sc_print_safe(text->out, run->sites_left.items[i], 0);
    }
    putc('\n', text->out);
    if (run->program_count < 2)
        return;
    uint64_t left = 0;
    for (size_t i = 0; i < run->program_count; i++)
        left += run->programs[i].left;
    sc_text_head(text, index, "call sites");
    fprintf(text->out, "in all %zu programs %" PRIu64 " left alone, most in ", run->program_count, left);
    sc_print_safe(text->out, run->programs[0].program, 0);
    fprintf(text->out, " (%" PRIu64 " of %" PRIu64 ")\n", run->programs[0].left, run->programs[0].found);
}

static void counted(const struct sc_screen *text, const char *what, uint64_t seen, uint64_t kernel, bool left_out)
{
    fprintf(text->out, ", %s calls: %" PRIu64 " of %" PRIu64 " %s", what, seen, kernel,
            left_out ? "recorded, others left out" : "seen");
}

static void coverage(const struct sc_screen *text)
{
    fputs("## Coverage\n", text->out);
    for (unsigned i = 0; i < text->report->run_count; i++) {
        const struct sc_report_run *run = &text->report->runs[i];
        const struct sc_coverage *seen = &run->coverage;
        sc_text_head(text, i, "coverage");
        fputs(mode_text(run), text->out);
        if (seen->counters_known) {
            counted(text, "write", seen->write_calls_seen, seen->write_calls_kernel, seen->writes_left_out);
            counted(text, "read", seen->read_calls_seen, seen->read_calls_kernel, seen->reads_left_out);
        } else if (run->complete == SC_NOT_KNOWN)
            fputs(", completeness unknown", text->out);
        if (seen->requests)
            fprintf(text->out, ", requests of Linux AIO: %" PRIu64 " of %" PRIu64 " seen", seen->requests_told,
                    seen->requests);
        if (seen->ring_requests)
            fprintf(text->out, ", requests of io_uring: %" PRIu64 " of %" PRIu64 " seen", seen->ring_requests_told,
                    seen->ring_requests);
        if (run->calls_known)
            fprintf(text->out, ", %" PRIu32 " process%s, %" PRIu32 " thread%s", run->processes,
                    run->processes == 1 ? "" : "es", run->threads, run->threads == 1 ? "" : "s");
        if (seen->static_programs)
            fprintf(text->out, "; statically linked, loaded by syscap-static: %" PRIu64 " program%s",
                    seen->static_programs, seen->static_programs == 1 ? "" : "s");
        putc('\n', text->out);
        sites(text, i);
    }
    putc('\n', text->out);
}

static void list(const struct sc_screen *text, const char *heading, const char *label, const struct sc_strings *lines,
                 size_t from, bool *headed)
{
    if (lines->count > from && !*headed) {
        fprintf(text->out, "## %s\n", heading);
        *headed = true;
    }
    for (size_t i = from; i < lines->count; i++) {
        fprintf(text->out, "%s%s", label ? label : "", label ? ": " : "");
        sc_print_safe(text->out, lines->items[i], 0);
        putc('\n', text->out);
    }
}

void sc_text_details(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    calls(text);
    sc_text_failures(text);
    time_spent(text);
    files(text);
    sc_text_processes(text);
    sc_text_sites(text);
    startup(text);
    coverage(text);
    bool headed = false;
    for (unsigned i = 0; i < report->run_count; i++)
        list(text, "Mappings", report->runs[i].label, &report->runs[i].mappings, 0, &headed);
    if (headed)
        putc('\n', text->out);
    headed = false;
    for (unsigned i = 0; i < report->run_count; i++)
        list(text, "Warnings", NULL, &report->runs[i].warnings, SC_SHOWN_WARNINGS, &headed);
    if (headed)
        putc('\n', text->out);
    headed = false;
    list(text, "Output files", NULL, &report->written, 0, &headed);
}
