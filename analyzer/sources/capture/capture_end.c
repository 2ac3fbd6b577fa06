/* capture_end.c: what is known when all of a capture has been read. */
#include "../../model/array.h"
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../model/strings.h"

enum { GENERATIONS = 64 }; /* of parents that are followed: the file may hold a ring */

static void add_child(struct sc_capture *capture, size_t *capacity, const struct sc_child *child)
{
    struct sc_run *run = &capture->source.run;
    if (SC_RESERVE(run->children, *capacity, run->child_count + 1))
        capture->failed = -ENOMEM;
    else
        run->children[run->child_count++] = *child;
}

static void finish_ends(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    size_t capacity = 0;
    for (size_t i = 1; i < capture->process_count; i++) {
        struct sc_cap_process *process = &capture->processes[i];
        struct sc_child child = {(uint32_t)i,  process->pid,  process->command,
                                 process->end, process->argv, process->argv_cut};
        add_child(capture, &capacity, &child);
    }
    for (size_t i = 0; i < capture->stray_count; i++) {
        struct sc_child child = {.process = UINT32_MAX, .pid = capture->strays[i].pid};
        sc_end_from_wait(&child.end, capture->strays[i].status);
        add_child(capture, &capacity, &child);
    }
    run->launched = capture->header.launched != 0;
    if (capture->process_count)
        run->end = capture->processes[0].end;
    if (capture->header.launched == 2)
        sc_end_from_wait(&run->end, capture->header.wait_status);
}

/* Why nobody knows how many calls a thread made. Returns text. */
static const char *why_uncounted(const struct sc_capture *capture, const struct sc_cap_thread *thread, char *text,
                                 size_t capacity)
{
    const struct sc_cap_process *process = &capture->processes[thread->process];
    char end[64];
    if (thread->gap == SC_GAP_UNREADABLE)
        snprintf(text, capacity, "its counters in /proc could not be read (not dumpable, or no /proc there)");
    else if (thread->gap == SC_GAP_EXEC)
        snprintf(text, capacity, "not counted before it replaced its program");
    else if (process->became)
        snprintf(text, capacity, "replaced by a program that is not recorded");
    else if (process->end.kind == SC_ENDED_SIGNALED)
        snprintf(text, capacity, "%s", sc_end_text(&process->end, end, sizeof end));
    else if (process->end.kind == SC_ENDED_UNKNOWN)
        snprintf(text, capacity, "no end is recorded: killed, crashed or still running");
    else
        snprintf(text, capacity, "a thread ended uncounted");
    return text;
}

/* Threads of programs of one name that are not counted for one reason. */
struct uncounted {
    int32_t pid;
    uint64_t count;
};

static void list_uncounted(struct sc_capture *capture, const struct sc_intern *texts, const struct uncounted *groups)
{
    struct sc_run *run = &capture->source.run;
    run->uncounted = calloc((size_t)texts->count + 1, sizeof *run->uncounted);
    for (uint32_t i = 0; run->uncounted && groups && i < texts->count; i++) {
        const char *name = sc_intern_text(texts, i), *why = name + strlen(name) + 1;
        int len = groups[i].count > 1
                      ? asprintf(&run->uncounted[i], "%s (pid %d and %llu more): %s", *name ? name : "?",
                                 (int)groups[i].pid, (unsigned long long)groups[i].count - 1, why)
                      : asprintf(&run->uncounted[i], "%s (pid %d): %s", *name ? name : "?", (int)groups[i].pid, why);
        if (len < 0) {
            run->uncounted[i] = NULL; /* the list ends here */
            return;
        }
    }
}

static const char *name_of(const struct sc_capture *capture, const struct sc_cap_process *process)
{
    const char *name = process->image ? capture->images[process->image - 1].program : NULL;
    for (unsigned i = 0; !name && i < GENERATIONS; i++) { /* forked */
        process = &capture->processes[process->parent];
        name = process->image ? capture->images[process->image - 1].program : NULL;
    }
    return name ? name : "";
}

static int add_uncounted(struct sc_capture *capture, const struct sc_cap_thread *thread, struct sc_intern *texts,
                         struct uncounted **groups, size_t *capacity)
{
    const struct sc_cap_process *process = &capture->processes[thread->process];
    char why[128], text[512];
    why_uncounted(capture, thread, why, sizeof why);
    int name_bytes = snprintf(text, sizeof text - sizeof why, "%s", name_of(capture, process));
    size_t at = (size_t)name_bytes < sizeof text - sizeof why ? (size_t)name_bytes + 1 : sizeof text - sizeof why;
    memcpy(text + at, why, strlen(why) + 1);
    uint32_t id, before = texts->count;
    if (sc_intern_add(texts, text, at + strlen(why), &id) != 0 || SC_RESERVE(*groups, *capacity, (size_t)id + 1))
        return -ENOMEM;
    if (id == before)
        (*groups)[id] = (struct uncounted){.pid = process->pid};
    (*groups)[id].count++;
    return 0;
}

/* Complete or unknown: a thread whose end was not counted (a kill, an unreadable /proc) takes the sum's meaning. */
static void finish_coverage(struct sc_capture *capture)
{
    struct sc_coverage *coverage = &capture->source.run.coverage;
    struct sc_intern texts = {0};
    struct uncounted *groups = NULL;
    size_t capacity = 0;
    bool known = capture->thread_count > 0 && !coverage->overwritten_calls;
    for (size_t i = 0; i < capture->thread_count; i++) {
        const struct sc_cap_thread *thread = &capture->threads[i];
        sc_capture_add_up(thread, coverage);
        /* what was overwritten is nobody's any more, so that no thread's count can be held against the kernel's */
        if ((thread->counted && !thread->gap) || coverage->overwritten_calls)
            continue;
        known = false;
        if (add_uncounted(capture, thread, &texts, &groups, &capacity) != 0)
            capture->failed = -ENOMEM;
    }
    coverage->counters_known = known;
    if (!capture->failed) /* else a text may have no group */
        list_uncounted(capture, &texts, groups);
    free(groups);
    sc_intern_free(&texts);
}

/* What is lost is said with what it means for the run, in Run Health; here is the rest. */
static void warn_about_file(struct sc_capture *capture)
{
    if (capture->damages > SC_DAMAGES_SAID)
        sc_capture_warn(capture, "%s: %llu damaged places in all.", capture->path,
                        (unsigned long long)capture->damages);
    if (!capture->chunk_count)
        sc_capture_warn(capture, "%s holds no calls.", capture->path);
    else if (!capture->times_known)
        sc_capture_warn(capture,
                        "Times are not known: the run was too short, or ended too early, to measure its clock.");
}

void sc_capture_finish(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    if (capture->finished)
        return;
    capture->finished = true;
    run->processes = (uint32_t)capture->process_count;
    run->threads = (uint32_t)capture->thread_count;
    finish_ends(capture);
    finish_coverage(capture);
    warn_about_file(capture);
    sc_capture_finish_variables(capture);
    sc_capture_finish_notes(capture);
}
