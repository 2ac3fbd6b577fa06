#include "coverage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/elf_probe.h"

enum { NAMED = 8, NAMED_IN_PROBLEM = 3 }; /* of programs that are not recorded, and of processes that are not counted */

static const char *stop_text(enum sc_stop stop)
{
    switch (stop) {
    case SC_STOP_LIMIT: return "the size limit was reached";
    case SC_STOP_SPACE: return "there was no space left";
    case SC_STOP_MEMORY: return "there was no memory left to map";
    case SC_STOP_SECCOMP: return "the program installed a seccomp filter";
    case SC_STOP_DISPATCH: return "the program had its system calls handed back to it (syscall user dispatch)";
    case SC_STOP_GS: return "the program, statically linked, uses the GS register";
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

static bool judge_counter(struct sc_report_run *run, const char *what, uint64_t seen, uint64_t kernel, bool left_out,
                          bool pair)
{
    if (seen >= kernel || left_out)
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
    bool missing = judge_counter(run, "write", writes, coverage->write_calls_kernel, coverage->writes_left_out, pair);
    missing |= judge_counter(run, "read", reads, coverage->read_calls_kernel, coverage->reads_left_out, pair);
    if (missing)
        advise(run);
    missing |= judge_excess(run, "write", coverage->write_calls_excess, coverage->write_calls_kernel, pair);
    missing |= judge_excess(run, "read", coverage->read_calls_excess, coverage->read_calls_kernel, pair);
    return missing;
}

/* Where recording stopped, the calls that found no place are those that came after. */
static bool judge_losses(struct sc_report_run *run, bool pair)
{
    const struct sc_coverage *coverage = &run->coverage;
    char text[256], lost[96] = "";
    if (coverage->dropped_records)
        snprintf(lost, sizeof lost, "%" PRIu64 " calls found no place and were not recorded",
                 coverage->dropped_records);
    if (coverage->stop != SC_STOP_NONE)
        snprintf(text, sizeof text, "cut: recording stopped early, %s%s%s%s%s", stop_text(coverage->stop),
                 coverage->stop_errno ? ": " : "", coverage->stop_errno ? strerror(coverage->stop_errno) : "",
                 *lost ? "; " : "", lost);
    else
        snprintf(text, sizeof text, "%s", lost);
    if (*text)
        add_problem(run, text, pair);
    if (coverage->overwritten_calls) {
        snprintf(lost, sizeof lost, "the newest calls alone: %" PRIu64 " older ones were overwritten",
                 coverage->overwritten_calls);
        add_problem(run, lost, pair);
    }
    if (coverage->damaged) /* the warnings of the source say where */
        sc_strings_add(&run->problems, "part of the input could not be read");
    return *text || coverage->overwritten_calls || coverage->damaged;
}

/* Whose end nobody told the program of in a way that was seen is in no count: it may have moved bytes, or not. */
static bool judge_requests(struct sc_report_run *run, bool pair)
{
    const struct sc_coverage *seen = &run->coverage;
    const struct {
        uint64_t requests, told;
        const char *of;
    } rows[] = {{seen->requests, seen->requests_told, "Linux AIO (io_submit)"},
                {seen->ring_requests, seen->ring_requests_told, "io_uring"}};
    bool any = false;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        if (rows[i].requests <= rows[i].told)
            continue;
        snprintf(text, sizeof text,
                 "%" PRIu64 " of %" PRIu64 " requests of %s are not in the counts: their results were not seen",
                 rows[i].requests - rows[i].told, rows[i].requests, rows[i].of);
        add_problem(run, text, pair);
        any = true;
    }
    return any;
}

/* What programs submit through shared memory is no system call. */
static bool judge_rings(struct sc_report_run *run, bool pair)
{
    const struct sc_coverage *seen = &run->coverage;
    const struct {
        uint64_t count;
        const char *what;
    } rows[] = {{seen->rings_known ? 0 : seen->rings, "io_uring"},
                {seen->requests_known ? 0 : seen->aio_contexts, "context of Linux AIO (io_setup)"}};
    bool any = judge_requests(run, pair);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[160];
        if (!rows[i].count)
            continue;
        snprintf(text, sizeof text, "%" PRIu64 " %s set up: requests submitted through it are not in the counts",
                 rows[i].count, rows[i].what);
        add_problem(run, text, pair);
        any = true;
    }
    return any;
}

/* No system calls were missed by that: said, and no problem of completeness. */
static void judge_mapped(struct sc_report_run *run)
{
    const struct sc_coverage *seen = &run->coverage;
    if (seen->mappings_missed)
        sc_strings_addf(&run->warnings,
                        "%s: what it stored into files through memory is not all known: %" PRIu64
                        " time%s a mapping could not be looked at (/proc/self/pagemap was out of reach, or the process "
                        "was killed).",
                        run->label, seen->mappings_missed, seen->mappings_missed == 1 ? "" : "s");
}

static const char *untraced_name(const struct sc_untraced_group *group)
{
    return group->name ? group->name : "a program";
}

static int copy_untraced(const struct sc_run *source, struct sc_report_run *run)
{
    run->untraced = calloc(source->untraced_count + 1, sizeof *run->untraced);
    if (!run->untraced)
        return -ENOMEM;
    for (size_t i = 0; i < source->untraced_count; i++) {
        run->untraced[i] = source->untraced[i];
        run->untraced[i].name = NULL;
        run->untraced_count++;
        if (source->untraced[i].name && !(run->untraced[i].name = strdup(source->untraced[i].name)))
            return -ENOMEM;
    }
    return 0;
}

/* Each by name, with the reason; as a problem all together. */
static int judge_untraced(const struct sc_run *source, bool pair, struct sc_report_run *run)
{
    int error = copy_untraced(source, run);
    if (error || !run->untraced_count)
        return error;
    char *problem;
    size_t size;
    FILE *out = open_memstream(&problem, &size);
    if (!out)
        return -ENOMEM;
    fputs("programs not recorded: ", out);
    for (size_t i = 0; i < run->untraced_count; i++) {
        const struct sc_untraced_group *group = &run->untraced[i];
        if (i < NAMED_IN_PROBLEM)
            fprintf(out, "%s%s x %" PRIu64, i ? ", " : "", untraced_name(group), group->count);
        if (i < NAMED)
            sc_strings_addf(&run->warnings, "%s: not recorded: %s x %" PRIu64 " (started by process %d): %s%s.",
                            run->label, untraced_name(group), group->count, (int)group->pid,
                            sc_untraced_text(group->reason), pair ? "; this is not a like-for-like comparison" : "");
    }
    if (run->untraced_count > NAMED_IN_PROBLEM)
        fprintf(out, " and %zu more", run->untraced_count - NAMED_IN_PROBLEM);
    if (run->untraced_count > NAMED)
        sc_strings_addf(&run->warnings, "%s: not recorded: %zu more kinds of programs.", run->label,
                        run->untraced_count - NAMED);
    if (fclose(out))
        return -ENOMEM;
    sc_strings_add(&run->problems, problem);
    free(problem);
    return 0;
}

/* "sh (pid 12): killed by SIGKILL; cc (pid 13): ...; and 3 more": to be freed. NULL where memory is short. */
static char *list_uncounted(const struct sc_strings *uncounted)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (size_t i = 0; i < uncounted->count && i < NAMED_IN_PROBLEM; i++)
        fprintf(out, "%s%s", i ? "; " : "", uncounted->items[i]);
    if (uncounted->count > NAMED_IN_PROBLEM)
        fprintf(out, "; and %zu more", uncounted->count - NAMED_IN_PROBLEM);
    if (!uncounted->count)
        fputs("nothing of it was counted", out);
    return fclose(out) ? NULL : text;
}

/* Said even where the run failed: that, too, is no reason to take its counts for complete. */
static int judge_unknown(bool pair, struct sc_report_run *run)
{
    char *who = list_uncounted(&run->uncounted);
    if (!who)
        return -ENOMEM;
    if (run->complete == SC_NOT_KNOWN && !run->dead)
        sc_strings_addf(&run->problems, "how many of its calls were seen is unknown (%s)", who);
    sc_strings_addf(&run->warnings, "%s: how many of its calls were seen is unknown: %s%s.", run->label, who,
                    pair && !run->dead ? "; this is not a like-for-like comparison" : "");
    free(who);
    return 0;
}

static int copy_programs(const struct sc_run *source, struct sc_report_run *run)
{
    run->programs = calloc(source->program_count + 1, sizeof *run->programs);
    if (!run->programs)
        return -ENOMEM;
    for (size_t i = 0; i < source->program_count; i++) {
        run->programs[i] = (struct sc_report_program){strdup(source->programs[i].program), source->programs[i].found,
                                                      source->programs[i].left};
        run->program_count++;
        if (!run->programs[i].program)
            return -ENOMEM;
    }
    return 0;
}

int sc_judge_coverage(const struct sc_run *source, bool pair, struct sc_report_run *run)
{
    bool counted = run->coverage.counters_known;
    for (size_t i = 0; source->uncounted && source->uncounted[i]; i++)
        sc_strings_add(&run->uncounted, source->uncounted[i]);
    bool missing = judge_losses(run, pair);
    if (counted)
        missing |= judge_counters(run, pair);
    missing |= judge_rings(run, pair);
    judge_mapped(run);
    int error = judge_untraced(source, pair, run);
    missing |= run->untraced_count > 0;
    bool unchecked = run->coverage.reads_left_out && run->coverage.writes_left_out; /* by any number of the kernel's */
    if (missing)
        run->complete = SC_NO;
    else if (unchecked)
        run->complete = SC_NOT_KNOWN;
    else if (run->kind == SC_RUN_STRACE || (run->kind == SC_RUN_CAPTURE && counted))
        run->complete = SC_YES;
    else
        run->complete = SC_NOT_KNOWN;
    if (!error && run->kind == SC_RUN_CAPTURE && !counted && !run->coverage.overwritten_calls)
        error = judge_unknown(pair, run);
    return error ? error : copy_programs(source, run);
}
