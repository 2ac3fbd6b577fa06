#include "health.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coverage.h"

static void judge_end(struct sc_report_run *run, bool pair)
{
    char text[64];
    const char *tail = pair ? "; this is not a like-for-like comparison" : "";
    if (sc_end_is_good(&run->end))
        return;
    run->dead = true;
    if (run->kind == SC_RUN_STRACE_SUMMARY && run->end.kind == SC_ENDED_UNKNOWN) {
        sc_strings_add(&run->problems, "unknown how it ended: a strace -c table does not say");
        sc_strings_addf(&run->warnings, "how %s ended is unknown, a strace -c table does not say%s.", run->label, tail);
        run->dead = false;
        return;
    }
    sc_end_text(&run->end, text, sizeof text);
    sc_strings_add(&run->problems, text);
    sc_strings_addf(&run->warnings, "%s %s (%s)%s.", run->label,
                    run->end.kind == SC_ENDED_UNKNOWN ? "has no recorded end" : "did not finish normally", text, tail);
}

static int list_children(const struct sc_run *source, struct sc_report_run *run)
{
    char text[64];
    run->failed = calloc(source->child_count + 1, sizeof *run->failed);
    if (!run->failed)
        return -ENOMEM;
    for (size_t i = 0; i < source->child_count; i++) {
        const struct sc_child *child = &source->children[i];
        if (child->end.kind == SC_ENDED_UNKNOWN || sc_end_is_good(&child->end))
            continue;
        struct sc_report_child *failed = &run->failed[run->failed_count++];
        *failed = (struct sc_report_child){.pid = child->pid, .end = child->end};
        if (child->command && !(failed->command = strdup(child->command)))
            return -ENOMEM;
        sc_strings_addf(&run->warnings, "%s: child %d%s%s%s %s.", run->label, (int)child->pid,
                        child->command ? " (" : "", child->command ? child->command : "", child->command ? ")" : "",
                        sc_end_text(&child->end, text, sizeof text));
    }
    return 0;
}

int sc_judge_health(const struct sc_run *source, bool pair, struct sc_report_run *run)
{
    judge_end(run, pair);
    int error = sc_judge_coverage(source, pair, run);
    if (!error)
        error = list_children(source, run);
    if (!error && (run->problems.failed || run->warnings.failed))
        error = -ENOMEM;
    return error;
}
