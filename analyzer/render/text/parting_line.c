/* parting_line.c: the first call that two runs do not have in common. */
#include <inttypes.h>
#include <string.h>

#include "../text_util.h"

enum {
    PARTING_COLUMNS = 60,
    PARTING_HEAD = 24,   /* of a call that is shown in two parts */
    PARTING_BEFORE = 12, /* of what is equal, before the difference */
};

/* Where two texts begin to differ. */
static size_t equal_bytes(const char *a, const char *b)
{
    size_t equal = 0;
    while (a[equal] && a[equal] == b[equal])
        equal++;
    return equal;
}

/*
 * A call as far as it fits: "newfstatat(AT_FDCWD, "in"...". Two that are equal for so long would be shown as the same:
 * of those its beginning, and what is about the place where they differ.
 */
static void parting_call(FILE *out, const char *call, size_t equal)
{
    size_t from = 0;
    int columns = PARTING_COLUMNS;
    if (equal + PARTING_BEFORE > PARTING_COLUMNS) {
        from = equal - PARTING_BEFORE;
        columns -= fprintf(out, "%.*s...", PARTING_HEAD, call);
    }
    fprintf(out, "%.*s%s", columns, call + from, strlen(call + from) > (size_t)columns ? "..." : "");
}

/* "They part after 217 equal calls (start-up aside): Rust lseek(...); C++ no more" */
void sc_text_parting(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    const struct sc_parting *parting = &report->parting;
    if (!parting->parted)
        return;
    fprintf(text->out, "They part after %" PRIu64 " equal call%s", parting->equal, parting->equal == 1 ? "" : "s");
    if (report->runs[0].threads > 1 || report->runs[1].threads > 1)
        fprintf(text->out, " of P%" PRIu32 ".T%" PRIu32, parting->process, parting->thread);
    fputs(" (start-up aside):", text->out);
    const char *next[2];
    for (unsigned i = 0; i < 2; i++)
        next[i] = parting->next[i] ? parting->next[i] : "no more";
    size_t equal = equal_bytes(next[0], next[1]);
    for (unsigned i = 0; i < 2; i++) {
        fprintf(text->out, "%s %s ", i ? ";" : "", report->runs[i].label);
        parting_call(text->out, next[i], equal);
    }
    putc('\n', text->out);
}
