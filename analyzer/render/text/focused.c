#include "../render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "../text_util.h"

enum { NAME_COLUMNS = 48 };

struct focus {
    FILE *out;
    const struct sc_report *report;
    const struct sc_call_pair *calls;
    const struct sc_file_pair *files;
    size_t call_count, file_count;
    int width;
    bool any; /* a difference was found in this section */
};

/* One line of both runs; equal ones are left out, for the file holds differences. */
static void line(struct focus *focus, const char *name, uint64_t a, uint64_t b)
{
    char diff[64];
    if (a == b)
        return;
    focus->any = true;
    sc_text_padded(focus->out, name, NAME_COLUMNS);
    fprintf(focus->out, " | %*" PRIu64 " | %*" PRIu64 " | %s\n", focus->width, a, focus->width, b,
            sc_text_diff(a, b, diff, sizeof diff));
}

typedef uint64_t file_number(const struct sc_report_file *file);

static uint64_t file_opens(const struct sc_report_file *file)
{
    return file->counts.opens;
}

static uint64_t file_reads(const struct sc_report_file *file)
{
    return file->counts.reads;
}

static uint64_t file_writes(const struct sc_report_file *file)
{
    return file->counts.writes;
}

static uint64_t file_zeros(const struct sc_report_file *file)
{
    return file->counts.zero_writes;
}

static uint64_t file_seeks(const struct sc_report_file *file)
{
    return file->counts.seeks;
}

static uint64_t file_redundant(const struct sc_report_file *file)
{
    return file->counts.redundant_seeks;
}

static void per_file(struct focus *focus, const char *what, file_number *number)
{
    for (size_t i = 0; i < focus->file_count; i++) {
        const struct sc_file_pair *pair = &focus->files[i];
        char name[256];
        snprintf(name, sizeof name, "  %s %s", what, pair->role);
        line(focus, name, pair->files[0] ? number(pair->files[0]) : 0, pair->files[1] ? number(pair->files[1]) : 0);
    }
}

static void files_of(struct focus *focus, unsigned category)
{
    switch (category) {
    case SC_CAT_FILE: per_file(focus, "opens of", file_opens); break;
    case SC_CAT_READ: per_file(focus, "reads of", file_reads); break;
    case SC_CAT_WRITE:
        per_file(focus, "writes to", file_writes);
        per_file(focus, "zero writes to", file_zeros);
        break;
    case SC_CAT_SEEK:
        per_file(focus, "seeks in", file_seeks);
        per_file(focus, "redundant seeks in", file_redundant);
        break;
    default: break;
    }
}

static void write_kinds(struct focus *focus)
{
    const struct sc_write_counts *a = &focus->report->runs[0].counts.writes;
    const struct sc_write_counts *b = &focus->report->runs[1].counts.writes;
    line(focus, "  zero writes", a->zero, b->zero);
    line(focus, "  data writes", a->data, b->data);
    line(focus, "  small writes", a->small, b->small);
    line(focus, "  large writes", a->large, b->large);
    line(focus, "  bytes written", a->bytes, b->bytes);
    line(focus, "  zero bytes", a->zero_bytes, b->zero_bytes);
}

static void section(struct focus *focus, unsigned category)
{
    const struct sc_report_run *runs = focus->report->runs;
    fprintf(focus->out, "## %s\n", sc_category_name(category));
    focus->any = false;
    line(focus, "calls", runs[0].counts.categories[category], runs[1].counts.categories[category]);
    for (size_t i = 0; i < focus->call_count; i++) {
        if (focus->calls[i].category != category)
            continue;
        line(focus, focus->calls[i].name, focus->calls[i].calls[0], focus->calls[i].calls[1]);
        line(focus, "  of which failed", focus->calls[i].errors[0], focus->calls[i].errors[1]);
    }
    if (runs[0].calls_known && runs[1].calls_known) {
        if (category == SC_CAT_WRITE)
            write_kinds(focus);
        files_of(focus, category);
    }
    fputs(focus->any ? "\n" : "no difference\n\n", focus->out);
}

static void heading(struct focus *focus)
{
    const struct sc_report *report = focus->report;
    fprintf(focus->out, "# %s vs %s: key differences by operation type\n", report->runs[0].label,
            report->runs[1].label);
    if (!report->comparable) {
        fputs("VOID: ", focus->out);
        sc_print_safe(focus->out, report->why_not, 0);
        putc('\n', focus->out);
    }
    putc('\n', focus->out);
    sc_text_padded(focus->out, "", NAME_COLUMNS);
    for (unsigned i = 0; i < 2; i++) {
        fputs(" | ", focus->out);
        sc_text_padded(focus->out, report->runs[i].label, (size_t)focus->width);
    }
    fputs(" | difference\n", focus->out);
}

void sc_render_focused(FILE *out, const struct sc_report *report)
{
    struct focus focus = {.out = out, .report = report, .width = 10};
    for (unsigned i = 0; i < 2; i++) {
        int label = (int)sc_text_width(report->runs[i].label);
        focus.width = label > focus.width ? label : focus.width;
    }
    struct sc_call_pair *calls = sc_pair_calls(report, &focus.call_count);
    struct sc_file_pair *files = sc_pair_files(report, &focus.file_count);
    focus.calls = calls;
    focus.files = files;
    heading(&focus);
    if (calls && files)
        for (unsigned category = 0; category < SC_CAT_COUNT; category++)
            section(&focus, category);
    free(calls);
    free(files);
}
