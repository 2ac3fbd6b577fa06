/*
 * view_calls.c: the calls in their order, as strace -f -tt -T prints them: when, who, the call, how long. Requests
 * stand where their end was seen, with the time at which they were handed over.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../model/array.h"
#include "../model/safe.h"
#include "../text/format.h"
#include "export.h"

enum { LINE_BYTES = 16384, NS = 1000000000, US = 1000 };

struct state {
    struct sc_normaliser *names; /* the real ones, of two runs too */
    bool *met;                   /* by process: a call of it was printed, so its end is too */
    size_t met_capacity;
    bool any; /* of this run's calls */
    char line[LINE_BYTES];
};

static int begin(struct sc_export *export)
{
    export->state = calloc(1, sizeof(struct state));
    if (export->state && export->report->filter) {
        fputs("FILTER: ", export->out);
        sc_print_safe(export->out, export->report->filter, 0);
        fputs("\n\n", export->out);
    }
    return export->state ? 0 : -ENOMEM;
}

static int begin_run(struct sc_export *export, const struct sc_export_run *run)
{
    struct state *state = export->state;
    state->names = sc_normaliser_new(run->run, NULL, NULL, NULL, NULL, 0);
    if (!state->names)
        return -ENOMEM;
    sc_normaliser_keep_names(state->names);
    if (export->report->run_count == 2)
        fprintf(export->out, "%s# %s\n", run->number ? "\n" : "", run->report->label);
    return 0;
}

/* "0.001234 4711/4712  ": since the run's begin; the process, and the thread where it is not the first. */
static void when_and_who(FILE *out, const struct sc_export_run *run, const struct sc_event *event)
{
    char who[32] = "-";
    bool thread = event->tid && event->tid != event->pid;
    bool threads = run->run->threads > run->run->processes;
    if (thread)
        snprintf(who, sizeof who, "%" PRId32 "/%" PRId32, event->pid, event->tid);
    else if (event->pid)
        snprintf(who, sizeof who, "%" PRId32, event->pid);
    /* Of threads one may have begun before the event that was read first. */
    uint64_t since = event->start_ns > run->begin_ns ? event->start_ns - run->begin_ns : 0;
    if (event->has_start)
        fprintf(out, "%4" PRIu64 ".%06" PRIu64 " ", since / NS, since % NS / US);
    fprintf(out, "%-*s ", threads ? 15 : 7, who);
}

static void print_end(FILE *out, const struct sc_export_run *run, const struct sc_event *event)
{
    const struct sc_end *end = sc_export_end(run, event->process);
    char text[96];
    if (!end)
        return;
    when_and_who(out, run, event);
    fprintf(out, "+++ %s +++\n", sc_end_text(end, text, sizeof text));
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    struct state *state = export->state;
    FILE *out = export->out;
    if (SC_RESERVE_ZERO(state->met, state->met_capacity, (size_t)event->process + 1))
        return -ENOMEM;
    if (event->type == SC_EVENT_PROCESS_END && state->met[event->process])
        print_end(out, run, event);
    if (!sc_event_does(event))
        return 0;
    state->any = state->met[event->process] = true;
    const struct sc_formatter formatter = {
        .files = run->files,
        .normaliser = state->names,
        .mappings = sc_threads_many(run->threads, event->process) ? NULL : run->mappings,
        .access = access,
    };
    sc_format_line(&formatter, event, state->line, sizeof state->line);
    when_and_who(out, run, event);
    sc_print_safe(out, state->line, 0);
    if (event->has_duration)
        fprintf(out, " <%" PRIu64 ".%09" PRIu64 ">", event->duration_ns / NS, event->duration_ns % NS);
    putc('\n', out);
    return ferror(out) ? -EPIPE : 0;
}

static int end_run(struct sc_export *export, const struct sc_export_run *run)
{
    struct state *state = export->state;
    if (!state->any)
        fprintf(export->out, "none of the %" PRIu64 " calls\n", run->report->total);
    state->any = false;
    sc_normaliser_free(state->names);
    free(state->met);
    state->names = NULL;
    state->met = NULL;
    state->met_capacity = 0;
    return 0;
}

static int end(struct sc_export *export, bool failed)
{
    struct state *state = export->state;
    (void)failed;
    if (state) {
        sc_normaliser_free(state->names);
        free(state->met);
    }
    free(state);
    return 0;
}

const struct sc_export_ops sc_view_calls = {
    .name = "calls",
    .begin = begin,
    .begin_run = begin_run,
    .call = call,
    .end_run = end_run,
    .end = end,
};
