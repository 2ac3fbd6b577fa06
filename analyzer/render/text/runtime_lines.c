/* runtime_lines.c: how many of the calls that differ are those of a language's runtime, and no work of the program. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../text_util.h"

/* What is summed over the causes of one pattern; first: the place of the first of them. */
struct pattern {
    const char *name;
    size_t first;
    int64_t calls;
};

static int by_name(const void *left, const void *right)
{
    const struct pattern *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : (a->first > b->first) - (a->first < b->first);
}

static int by_place(const void *left, const void *right)
{
    const struct pattern *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

/* "8 read, 5 rt_sigaction": a runtime's calls, by how much they differ. Causes are in the order of that. */
static void runtime_calls(const struct sc_screen *text, const char *language)
{
    const struct sc_report *report = text->report;
    struct pattern *patterns = calloc(report->cause_count + 1, sizeof *patterns);
    const char *between = ": ";
    size_t count = 0, used = 0;
    for (size_t i = 0; patterns && i < report->cause_count; i++)
        if (report->causes[i].runtime == language)
            patterns[count++] = (struct pattern){report->causes[i].pattern, i, sc_difference(report->causes[i].calls)};
    if (count)
        qsort(patterns, count, sizeof *patterns, by_name);
    for (size_t i = 0; i < count; i++)
        if (used && strcmp(patterns[used - 1].name, patterns[i].name) == 0)
            patterns[used - 1].calls += patterns[i].calls;
        else
            patterns[used++] = patterns[i];
    if (used)
        qsort(patterns, used, sizeof *patterns, by_place);
    for (size_t i = 0; i < used; i++) {
        if (!patterns[i].calls)
            continue;
        fprintf(text->out, "%s%" PRIu64 " %s", between, sc_absolute(patterns[i].calls),
                strstr(patterns[i].name, ", ") + 2);
        between = ", ";
    }
    free(patterns);
}

/* One language's, in a line. */
static void runtime_line(const struct sc_screen *text, const char *language)
{
    const struct sc_report *report = text->report;
    int64_t runtime = 0;
    for (size_t i = 0; i < report->cause_count; i++)
        if (report->causes[i].runtime == language)
            runtime += sc_difference(report->causes[i].calls);
    if (!runtime)
        return;
    bool remains = 2 * sc_absolute(runtime) > sc_absolute(report->total_diff) && !report->differences.count;
    fprintf(text->out, "  %s%s's runtime: %" PRIu64 " of these calls, no work of the program",
            remains ? "What remains is " : "", language, sc_absolute(runtime));
    if (remains)
        runtime_calls(text, language);
    else
        putc('.', text->out);
    putc('\n', text->out);
}

void sc_text_runtimes(const struct sc_screen *text)
{
    enum { LANGUAGES = 8 }; /* more than are known (stages/runtime.h) */
    const struct sc_report *report = text->report;
    const char *met[LANGUAGES];
    size_t count = 0;
    for (size_t i = 0; i < report->cause_count; i++) {
        const char *language = report->causes[i].runtime;
        size_t at = 0;
        while (at < count && met[at] != language)
            at++;
        if (!language || at < count || count == LANGUAGES)
            continue;
        met[count++] = language;
        runtime_line(text, language);
    }
}
