/* capture_end.c: what is known when all of a capture has been read. */
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_child(struct sc_capture *capture, size_t *capacity, const struct sc_child *child)
{
    struct sc_run *run = &capture->source.run;
    if (sc_reserve((void **)&run->children, capacity, run->child_count, sizeof *run->children) != 0)
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
        struct sc_child child = {(uint32_t)i, process->pid, process->command, process->end};
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

/* Complete or unknown: a thread whose end was not counted (a kill, an unreadable /proc) takes the sum's meaning. */
static void finish_coverage(struct sc_capture *capture)
{
    struct sc_coverage *coverage = &capture->source.run.coverage;
    bool known = capture->thread_count > 0;
    for (size_t i = 0; i < capture->thread_count; i++) {
        const struct sc_cap_thread *thread = &capture->threads[i];
        known &= thread->counted && !thread->gap;
        sc_capture_add_up(thread, coverage);
    }
    coverage->counters_known = known;
}

static const char *stop_text(enum sc_stop stop)
{
    switch (stop) {
    case SC_STOP_LIMIT: return "the size limit (SYSCAP_MAX_SIZE) was reached";
    case SC_STOP_SPACE: return "there was no space left for the capture";
    case SC_STOP_MEMORY: return "no memory could be mapped for it";
    case SC_STOP_SECCOMP: return "the program installed a seccomp filter";
    case SC_STOP_FILE: return "the capture's file could not be reached any more";
    default: return "of a reason that is not known here";
    }
}

static void warn_losses(struct sc_capture *capture)
{
    const struct sc_coverage *coverage = &capture->source.run.coverage;
    if (coverage->stop && coverage->stop_errno)
        sc_capture_warn(capture, "Recording stopped before the program ended: %s (%s).", stop_text(coverage->stop),
                        strerror(coverage->stop_errno));
    else if (coverage->stop)
        sc_capture_warn(capture, "Recording stopped before the program ended: %s.", stop_text(coverage->stop));
    if (coverage->dropped_records)
        sc_capture_warn(capture, "%llu calls were counted but not recorded.",
                        (unsigned long long)coverage->dropped_records);
    if (capture->damages > SC_DAMAGES_SAID)
        sc_capture_warn(capture, "%s: %llu damaged places in all.", capture->path,
                        (unsigned long long)capture->damages);
    if (!capture->chunk_count)
        sc_capture_warn(capture, "%s holds no calls.", capture->path);
    else if (!capture->times_known)
        sc_capture_warn(capture,
                        "Times are not known: the run was too short, or ended too early, to measure its clock.");
}

/* "libc.so.6+0x27274": the offset as objdump shows it, from the module map. */
static char *site_name(const struct sc_run *run, uint64_t address)
{
    char *text = NULL;
    for (size_t i = 0; i < run->module_count; i++) {
        const struct sc_module_map *module = &run->modules[i];
        if (module->process != 0 || address < module->begin || address >= module->end)
            continue;
        const char *slash = strrchr(module->path, '/');
        if (asprintf(&text, "%s+0x%llx", slash ? slash + 1 : module->path,
                     (unsigned long long)(address - module->bias)) < 0)
            return NULL;
        return text;
    }
    return asprintf(&text, "0x%llx", (unsigned long long)address) < 0 ? NULL : text;
}

static void name_sites(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    run->sites_left = calloc(capture->sites_left_count + 1, sizeof *run->sites_left);
    for (unsigned i = 0; run->sites_left && i < capture->sites_left_count; i++)
        if (!(run->sites_left[i] = site_name(run, capture->sites_left[i])))
            break; /* memory is short: the rest stays unnamed, the count tells */
}

static void warn_notes(struct sc_capture *capture)
{
    const uint64_t *notes = capture->notes;
    const struct sc_note *first = capture->first_notes;
    struct sc_run *run = &capture->source.run;
    if (notes[SC_NOTE_MODE_FALLBACK]) {
        run->mode_fallback = true;
        sc_capture_warn(capture, "Full mode was asked for and could not be had: what libc calls inside itself "
                                 "was not recorded.");
    }
    if (notes[SC_NOTE_IO_URING])
        sc_capture_warn(capture, "%llu io_uring set up: what is submitted through it is not seen.",
                        (unsigned long long)notes[SC_NOTE_IO_URING]);
    if (notes[SC_NOTE_SHARED_MAPPING])
        sc_capture_warn(capture, "%llu writable shared mappings of files: stores through them are not seen.",
                        (unsigned long long)notes[SC_NOTE_SHARED_MAPPING]);
    if (notes[SC_NOTE_UNTRACED_CHILD])
        sc_capture_warn(capture,
                        "%llu programs were started that cannot be recorded (static, setuid or of another "
                        "kind): their calls are missing.",
                        (unsigned long long)notes[SC_NOTE_UNTRACED_CHILD]);
    run->coverage.sites_found = first[SC_NOTE_SITES].a;
    run->coverage.sites_left = first[SC_NOTE_SITES].b;
    name_sites(capture);
}

void sc_capture_finish(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    if (capture->finished)
        return;
    capture->finished = true;
    run->processes = (uint32_t)capture->process_count;
    run->threads = (uint32_t)capture->thread_count;
    run->parents = calloc(capture->process_count + 1, sizeof *run->parents);
    for (size_t i = 0; run->parents && i < capture->process_count; i++)
        run->parents[i] = capture->processes[i].parent;
    finish_ends(capture);
    finish_coverage(capture);
    warn_losses(capture);
    warn_notes(capture);
}
