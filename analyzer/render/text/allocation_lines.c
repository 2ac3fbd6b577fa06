/* allocation_lines.c: what seeks were for, how room is made in files, and whether they are mapped. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../text_util.h"

enum { SHOWN = 6 };

static bool is_told(const struct sc_report *report, unsigned run)
{
    return report->runs[run].findings_known && !sc_text_is_void(report, run);
}

static void seeks_line(const struct sc_screen *text, unsigned run)
{
    const struct sc_report_seeks *seeks = &text->report->runs[run].seeks;
    uint64_t total = seeks->redundant + seeks->before_write + seeks->before_read + seeks->other;
    sc_text_head(text, run, "seeks");
    fprintf(text->out, "%" PRIu64, total);
    if (total)
        fprintf(text->out,
                ": %" PRIu64 " before a write (pwrite would do), %" PRIu64 " before a read (pread would do), %" PRIu64
                " redundant, %" PRIu64 " other",
                seeks->before_write, seeks->before_read, seeks->redundant, seeks->other);
    putc('\n', text->out);
}

static int role_of(const void *role, const void *way)
{
    return strcmp(role, ((const struct sc_report_allocation *)way)->role);
}

static const struct sc_report_allocation *find(const struct sc_report_run *run, const char *role)
{
    return run->way_count ? bsearch(role, run->ways, run->way_count, sizeof *run->ways, role_of) : NULL;
}

static void way_line(const struct sc_screen *text, const char *role)
{
    const struct sc_report *report = text->report;
    sc_print_safe(text->out, role, 0);
    const char *between = ": ";
    for (unsigned i = 0; i < report->run_count; i++) {
        if (!is_told(report, i))
            continue;
        const struct sc_report_allocation *way = find(&report->runs[i], role);
        fprintf(text->out, "%s%s ", between, report->runs[i].label);
        between = "; ";
        if (!way || !way->calls)
            fputs("does not allocate it ahead", text->out);
        else
            fprintf(text->out, "%s (%" PRIu64 " call%s)", way->allocation, way->calls, way->calls == 1 ? "" : "s");
        if (way && way->maps)
            fprintf(text->out, " and maps it (%" PRIu64 " mmap)", way->maps);
    }
    putc('\n', text->out);
}

void sc_text_allocation(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    size_t lines = 0, mapped = 0;
    bool told = false;
    for (unsigned i = 0; i < report->run_count; i++)
        told |= is_told(report, i);
    if (!told)
        return;
    fputs("## Seeks, Allocation, Mapping\n", text->out);
    for (unsigned i = 0; i < report->run_count; i++)
        if (is_told(report, i))
            seeks_line(text, i);
    for (unsigned i = 0; i < report->run_count; i++) {
        const struct sc_report_run *run = &report->runs[i];
        for (size_t k = 0; is_told(report, i) && k < run->way_count; k++) {
            bool met = i == 1 && is_told(report, 0) && find(&report->runs[0], run->ways[k].role);
            mapped += run->ways[k].maps > 0;
            if (!met && lines++ < SHOWN)
                way_line(text, run->ways[k].role);
        }
    }
    if (lines > SHOWN)
        fprintf(text->out, "and %zu more files (see --format json)\n", lines - SHOWN);
    if (!lines)
        fputs("No file is allocated ahead.\n", text->out);
    if (!mapped)
        fputs("No file is mapped to be shared.\n", text->out);
    putc('\n', text->out);
}
