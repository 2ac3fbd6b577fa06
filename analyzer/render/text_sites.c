/* text_sites.c: where the calls came from. */
#include <inttypes.h>

#include "show.h"

enum { TOP_SITES = 10, NAME_COLUMNS = 160, TREE_LINES = 60, TREE_INDENT = 2, DEEPEST = 40 };

static bool any(const struct sc_report *report, bool stacks)
{
    for (unsigned i = 0; i < report->run_count; i++)
        if (stacks ? report->runs[i].sites.stacks_wanted : report->runs[i].sites.known)
            return true;
    return false;
}

static void notes(const struct sc_screen *text, const struct sc_report_sites *sites)
{
    for (size_t i = 0; i < sites->notes.count; i++) {
        fputs("NOTE: ", text->out);
        sc_show_safe(text->out, sites->notes.items[i], 0);
        putc('\n', text->out);
    }
}

static void numbers(const struct sc_screen *text, uint64_t calls, uint64_t bytes, uint64_t time_ns)
{
    char shown[32];
    fprintf(text->out, "%9" PRIu64 " %12" PRIu64 " %12s", calls, bytes, sc_show_time(time_ns, shown, sizeof shown));
}

static void run_sites(const struct sc_screen *text, const struct sc_report_run *run)
{
    const struct sc_report_sites *sites = &run->sites;
    fprintf(text->out, "%s:\n", run->label);
    if (!sites->known) {
        fputs("  unknown: its source does not say where calls came from\n", text->out);
        return;
    }
    fprintf(text->out, "%9s %12s %12s  %-15s %s\n", "calls", "bytes", "time", "call", "from");
    for (size_t i = 0; i < sites->count && i < TOP_SITES; i++) {
        const struct sc_report_site *site = &sites->items[i];
        numbers(text, site->calls, site->bytes, site->time_ns);
        fputs("  ", text->out);
        sc_show_padded(text->out, site->call, 15);
        putc(' ', text->out);
        sc_show_safe(text->out, site->name, NAME_COLUMNS);
        putc('\n', text->out);
    }
    if (sites->total > TOP_SITES)
        fprintf(text->out, "(%" PRIu64 " others)\n", sites->total - TOP_SITES);
    notes(text, sites);
}

static void branch(const struct sc_screen *text, const struct sc_report_branch *branch)
{
    unsigned depth = branch->depth < DEEPEST ? branch->depth : DEEPEST;
    numbers(text, branch->calls, branch->bytes, branch->time_ns);
    fprintf(text->out, "  %*s", (int)(TREE_INDENT * depth), "");
    if (branch->name)
        sc_show_safe(text->out, branch->name, NAME_COLUMNS);
    else
        fprintf(text->out, "(%" PRIu32 " others)", branch->left_out);
    putc('\n', text->out);
}

static void run_stacks(const struct sc_screen *text, const struct sc_report_run *run)
{
    const struct sc_report_sites *sites = &run->sites;
    fprintf(text->out, "%s:\n", run->label);
    if (!sites->stacks_known) {
        fputs("  none were recorded; SYSCAP_STACK=N in the recorded program's environment keeps N frames per call\n",
              text->out);
        return;
    }
    fprintf(text->out, "%9s %12s %12s  %s\n", "calls", "bytes", "time", "outermost function first");
    for (size_t i = 0; i < sites->branch_count && i < TREE_LINES; i++)
        branch(text, &sites->branches[i]);
    if (sites->branch_count > TREE_LINES)
        fprintf(text->out, "(%zu lines more in the JSON)\n", sites->branch_count - TREE_LINES);
}

void sc_show_sites(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    if (any(report, false)) {
        fputs("## Call sites\n", text->out);
        for (unsigned i = 0; i < report->run_count; i++)
            run_sites(text, &report->runs[i]);
        putc('\n', text->out);
    }
    if (any(report, true)) {
        fputs("## Call stacks\n", text->out);
        for (unsigned i = 0; i < report->run_count; i++)
            run_stacks(text, &report->runs[i]);
        putc('\n', text->out);
    }
}
