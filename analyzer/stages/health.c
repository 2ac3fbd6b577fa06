#include "health.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *stop_text(enum sc_stop stop)
{
    switch (stop) {
    case SC_STOP_LIMIT: return "the size limit was reached";
    case SC_STOP_SPACE: return "there was no space left";
    case SC_STOP_MEMORY: return "there was no memory left to map";
    case SC_STOP_SECCOMP: return "the program installed a seccomp filter";
    case SC_STOP_FILE: return "the capture's file could not be reached";
    default: return "the reason is not known";
    }
}

/* Both lists at once: what is wrong, and the sentence that says so. */
static void add_problem(struct sc_report_run *run, const char *problem, bool pair)
{
    sc_strings_add(&run->problems, problem);
    sc_strings_addf(&run->warnings, "%s: %s%s.", run->label, problem,
                    pair ? "; this is not a like-for-like comparison" : "");
}

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

static bool judge_counter(struct sc_report_run *run, const char *what, uint64_t seen, uint64_t kernel, bool pair)
{
    if (seen >= kernel)
        return false;
    char text[96];
    snprintf(text, sizeof text, "%s calls: %llu of %llu seen", what, (unsigned long long)seen,
             (unsigned long long)kernel);
    add_problem(run, text, pair);
    return true;
}

/* Our own number is wrong then, and as many calls may have been missed without a sign of it. */
static bool judge_excess(struct sc_report_run *run, const char *what, uint64_t excess, uint64_t kernel, bool pair)
{
    if (!excess)
        return false;
    char text[128];
    snprintf(text, sizeof text, "%s calls: %llu more seen than the kernel counted (%llu), which can hide a loss", what,
             (unsigned long long)excess, (unsigned long long)kernel);
    add_problem(run, text, pair);
    return true;
}

/* Below what the kernel counted: what was missed, as far as that is known, and what to do. */
static void advise(struct sc_report_run *run)
{
    if (run->mode == SC_MODE_FULL)
        sc_strings_addf(&run->warnings,
                        "%s: the kernel counts a call that a signal restarted twice; the rest was made from call sites "
                        "left alone (see Coverage).",
                        run->label);
    else
        sc_strings_addf(&run->warnings,
                        "%s: interpose mode misses what libc does inside itself, such as stdio's writes; record with "
                        "SYSCAP_MODE=full.",
                        run->label);
}

static bool judge_counters(struct sc_report_run *run, bool pair)
{
    const struct sc_coverage *coverage = &run->coverage;
    uint64_t writes = coverage->write_calls_seen - coverage->write_calls_excess;
    uint64_t reads = coverage->read_calls_seen - coverage->read_calls_excess;
    bool missing = judge_counter(run, "write", writes, coverage->write_calls_kernel, pair);
    missing |= judge_counter(run, "read", reads, coverage->read_calls_kernel, pair);
    if (missing)
        advise(run);
    missing |= judge_excess(run, "write", coverage->write_calls_excess, coverage->write_calls_kernel, pair);
    missing |= judge_excess(run, "read", coverage->read_calls_excess, coverage->read_calls_kernel, pair);
    return missing;
}

static void judge_coverage(struct sc_report_run *run, bool pair)
{
    const struct sc_coverage *coverage = &run->coverage;
    char text[160];
    bool missing = false;
    if (coverage->stop != SC_STOP_NONE) {
        snprintf(text, sizeof text, "cut: recording stopped early, %s%s%s", stop_text(coverage->stop),
                 coverage->stop_errno ? ": " : "", coverage->stop_errno ? strerror(coverage->stop_errno) : "");
        add_problem(run, text, pair);
        missing = true;
    }
    if (coverage->dropped_records) {
        snprintf(text, sizeof text, "%llu calls found no place and were not recorded",
                 (unsigned long long)coverage->dropped_records);
        add_problem(run, text, pair);
        missing = true;
    }
    if (coverage->damaged) {
        add_problem(run, "part of the input could not be read", pair);
        missing = true;
    }
    if (coverage->counters_known)
        missing |= judge_counters(run, pair);
    if (missing)
        run->complete = SC_NO;
    else if (run->kind == SC_RUN_STRACE || (run->kind == SC_RUN_CAPTURE && coverage->counters_known))
        run->complete = SC_YES;
    else
        run->complete = SC_NOT_KNOWN;
    if (run->complete == SC_NOT_KNOWN && run->kind == SC_RUN_CAPTURE && !run->dead)
        sc_strings_addf(&run->warnings, "%s: how many of its calls were seen is unknown.", run->label);
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
    judge_coverage(run, pair);
    int error = list_children(source, run);
    if (!error && (run->problems.failed || run->warnings.failed))
        error = -ENOMEM;
    return error;
}
