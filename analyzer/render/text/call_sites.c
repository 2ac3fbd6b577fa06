/* call_sites.c: where the calls came from. */
#include <inttypes.h>

#include "../text_util.h"

enum { TOP_SITES = 10, NAME_COLUMNS = 160, NUMBER_COLUMNS = 35 };
enum { TREE_LINES = 50, TREE_INDENT = 2, DEEPEST = 40, THIN = 50, TREE_DEPTH = 8192 };

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
        sc_print_safe(text->out, sites->notes.items[i], 0);
        putc('\n', text->out);
    }
}

static void numbers(const struct sc_screen *text, uint64_t calls, uint64_t bytes, uint64_t time_ns)
{
    char shown[32];
    fprintf(text->out, "%9" PRIu64 " %12" PRIu64 " %12s", calls, bytes, sc_text_time(time_ns, shown, sizeof shown));
}

static void run_sites(const struct sc_screen *text, const struct sc_report_run *run)
{
    const struct sc_report_sites *sites = &run->sites;
    fprintf(text->out, "%s:\n", run->label);
    if (!sites->known) {
        fputs("  unknown: its source does not say where calls came from\n", text->out);
        return;
    }
    size_t shown = sc_text_top(text->report, TOP_SITES);
    shown = shown < sites->count ? shown : sites->count;
    fprintf(text->out, "%9s %12s %12s %7s  %-20s  %-15s %s\n", "calls", "bytes", "time", "errors",
            "min/median/max bytes", "call", "from");
    for (size_t i = 0; i < shown; i++) {
        const struct sc_report_site *site = &sites->items[i];
        char sizes[64];
        numbers(text, site->calls, site->bytes, site->time_ns);
        fprintf(text->out, " %7" PRIu64 "  %-20s  ", site->errors, sc_text_sizes(&site->sizes, sizes, sizeof sizes));
        sc_text_padded(text->out, site->call, 15);
        putc(' ', text->out);
        sc_print_safe(text->out, site->name, NAME_COLUMNS);
        putc('\n', text->out);
    }
    if (sites->total > shown)
        fprintf(text->out, "(%" PRIu64 " others)\n", sites->total - shown);
    notes(text, sites);
}

/* Whether the branch has one branch only, which all of its calls come from: both go on one line. */
static bool goes_on(const struct sc_report_sites *sites, size_t at)
{
    const struct sc_report_branch *branch = &sites->branches[at], *next = branch + 1;
    return at + 1 < sites->branch_count && next->name && next->depth == branch->depth + 1 &&
           next->calls == branch->calls;
}

/* A branch and what goes on from it, with indent levels before. Returns the last one's place. */
static size_t chain(const struct sc_screen *text, const struct sc_report_sites *sites, size_t at, unsigned indent)
{
    const struct sc_report_branch *branch = &sites->branches[at];
    size_t margin = TREE_INDENT * (size_t)(indent < DEEPEST ? indent : DEEPEST), width = margin;
    numbers(text, branch->calls, branch->bytes, branch->time_ns);
    fprintf(text->out, "  %*s", (int)margin, "");
    for (;; at++) {
        const char *name = sites->branches[at].name;
        sc_print_safe(text->out, name, NAME_COLUMNS);
        width += sc_text_width(name) + 3;
        if (!goes_on(sites, at))
            break;
        if (width + sc_text_width(sites->branches[at + 1].name) <= NAME_COLUMNS) {
            fputs(" > ", text->out);
            continue;
        }
        fprintf(text->out, " >\n%*s", (int)(NUMBER_COLUMNS + 2 + margin + TREE_INDENT), "");
        width = margin + TREE_INDENT;
    }
    putc('\n', text->out);
    return at;
}

static void tree(const struct sc_screen *text, const struct sc_report_sites *sites)
{
    uint64_t total = 0;
    size_t lines = 0, thin = 0;
    unsigned indents[TREE_DEPTH] = {0}; /* of the branches of that depth */
    for (size_t i = 0; i < sites->branch_count; i++)
        total += sites->branches[i].depth ? 0 : sites->branches[i].calls;
    for (size_t i = 0; i < sites->branch_count; i++) {
        const struct sc_report_branch *branch = &sites->branches[i];
        if (!branch->name || branch->calls * THIN < total || lines >= TREE_LINES || branch->depth + 1 >= TREE_DEPTH) {
            thin += branch->name ? 1 : branch->left_out;
            continue;
        }
        unsigned indent = indents[branch->depth];
        i = chain(text, sites, i, indent);
        if (sites->branches[i].depth + 1 < TREE_DEPTH)
            indents[sites->branches[i].depth + 1] = indent + 1;
        lines++;
    }
    if (thin)
        fprintf(text->out, "(%zu thinner branches are left out here)\n", thin);
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
    tree(text, sites);
}

void sc_text_sites(const struct sc_screen *text)
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
