/* to_perfetto.c: a trace for ui.perfetto.dev: threads, files and rates over time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/index.h"
#include "../passes/thread_numbers.h"
#include "byte_rate.h"
#include "call_fields.h"
#include "perfetto_trace.h"

/* A trace knows processes by pid alone. Linux has none of more than 22 bits: above them stand the second run's, then
 * those that are not known or are another process's already. */
enum { RUN_PIDS = 1 << 22, OTHER_PIDS = 2 * RUN_PIDS };

struct process {
    uint64_t track; /* 0: it made no call yet */
    int64_t pid;
    uint64_t exec_flow; /* from its exec to the next call; 0: none */
};

/* Slices of one track must not overlap but as one within the other. Calls of several threads on one file do: then
 * there are further tracks of its name, which the viewer shows as one. */
struct lane {
    uint64_t track, end_ns;
    uint32_t next; /* + 1 */
};

struct tracing {
    struct sc_trace trace;
    struct sc_proto fields; /* of the call's slices */
    struct sc_index pids;   /* of both runs: those that are taken */
    int64_t other_pids;
    uint64_t flows;
    /* Of this run: */
    struct sc_thread_numbers numbers;
    const char **programs; /* by the report's number: what it has; NULL: none */
    size_t program_count;
    struct process *processes; /* by the report's number */
    size_t process_capacity;
    uint64_t *threads; /* their tracks, by number in the source */
    size_t thread_capacity;
    struct sc_index forks;  /* by what they returned */
    struct sc_intern paths; /* of files that have tracks */
    uint32_t *path_of;      /* by the file's number in the model, + 1; 0: it had no call yet */
    size_t path_of_capacity;
    uint32_t *first_lane; /* by number of the path, + 1 */
    size_t first_lane_capacity;
    struct lane *lanes;
    size_t lane_count, lane_capacity;
    uint64_t files, rate_tracks[2]; /* read, written */
    struct sc_byte_rate rates[2];
    uint64_t now_ns; /* of the last call whose time is known */
    bool any, any_time;
};

static int begin(struct sc_export *export)
{
    struct tracing *state = export->state = calloc(1, sizeof *state);
    if (!state)
        return -ENOMEM;
    state->trace.out = export->out;
    return 0;
}

/* Of two runs, a name says whose it is. NULL where memory is short; to be freed. */
static char *of_run(const struct sc_export *export, const struct sc_export_run *run, const char *name)
{
    char *text = NULL;
    bool two = export->report->run_count > 1;
    return asprintf(&text, "%s%s%s", two ? run->report->label : "", two ? ": " : "", name) < 0 ? NULL : text;
}

/* Of all processes of the report. */
static int list_programs(struct tracing *state, const struct sc_report_run *report)
{
    for (size_t i = 0; i < report->process_count; i++)
        if (report->process_table[i].number >= state->program_count)
            state->program_count = (size_t)report->process_table[i].number + 1;
    state->programs = calloc(state->program_count + 1, sizeof *state->programs);
    for (size_t i = 0; i < report->process_count && state->programs; i++)
        state->programs[report->process_table[i].number] = report->process_table[i].program;
    return state->programs ? 0 : -ENOMEM;
}

static int begin_run(struct sc_export *export, const struct sc_export_run *run)
{
    struct tracing *state = export->state;
    char *files = of_run(export, run, "files"), *read = of_run(export, run, "bytes read"),
         *written = of_run(export, run, "bytes written");
    int error = files && read && written ? 0 : -ENOMEM;
    if (!error) {
        state->files = sc_trace_track(&state->trace, 0, files);
        state->rate_tracks[0] = sc_trace_counter_track(&state->trace, 0, read, "B/s");
        state->rate_tracks[1] = sc_trace_counter_track(&state->trace, 0, written, "B/s");
        for (int i = 0; i < 2; i++)
            sc_byte_rate_begin(&state->rates[i], run->report->wall_known ? run->report->wall_ns : 0);
    }
    free(files);
    free(read);
    free(written);
    error = error ? error : list_programs(state, run->report);
    return error ? error : sc_thread_numbers_make(run->threads, &state->numbers);
}

/* A pid for the trace, as near to the real one as can be. */
static int choose_pid(struct tracing *state, const struct sc_export_run *run, int32_t pid, int64_t *ret_pid)
{
    int64_t chosen = (int64_t)run->number * RUN_PIDS + pid;
    if (pid <= 0 || pid >= RUN_PIDS || sc_index_get(&state->pids, (uint64_t)chosen) != SC_INDEX_NONE)
        chosen = OTHER_PIDS + ++state->other_pids;
    *ret_pid = chosen;
    return sc_index_put(&state->pids, (uint64_t)chosen, 1);
}

static const char *program_of(const struct tracing *state, const struct sc_export_run *run, uint32_t process,
                              const struct sc_event *event)
{
    enum sc_program_kind kind;
    if (process < state->program_count && state->programs[process])
        return state->programs[process];
    const char *name = sc_run_program_name(run->run, event->program, &kind);
    return name ? name : "unknown";
}

static int process_of(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                      uint32_t number, struct process **ret_process)
{
    struct tracing *state = export->state;
    int error = SC_RESERVE_ZERO(state->processes, state->process_capacity, (size_t)number + 1);
    if (error)
        return error;
    struct process *process = *ret_process = &state->processes[number];
    if (process->track)
        return 0;
    char *name = of_run(export, run, program_of(state, run, number, event));
    error = name ? choose_pid(state, run, event->pid, &process->pid) : -ENOMEM;
    if (!error)
        process->track =
            sc_trace_owned_track(&state->trace, &(struct sc_trace_owner){.pid = process->pid, .name = name});
    free(name);
    return error;
}

/* The track of the call's thread; ret_new: this is its first call. */
static int thread_of(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                     uint64_t *ret_track, bool *ret_new, struct process **ret_process)
{
    struct tracing *state = export->state;
    struct sc_thread_number number = sc_thread_number_of(&state->numbers, event);
    int error = process_of(export, run, event, number.process, ret_process);
    error = error ? error : SC_RESERVE_ZERO(state->threads, state->thread_capacity, (size_t)event->thread + 1);
    *ret_new = !error && !state->threads[event->thread];
    if (*ret_new) {
        char name[32];
        struct sc_trace_owner owner = {.pid = (*ret_process)->pid, .name = name, .is_thread = true};
        snprintf(name, sizeof name, "P%u.T%u", number.process, number.thread);
        owner.tid = owner.pid; /* as the viewer knows a process's first thread */
        if (event->tid != event->pid || number.thread)
            error = choose_pid(state, run, event->tid, &owner.tid);
        state->threads[event->thread] = error ? 0 : sc_trace_owned_track(&state->trace, &owner);
    }
    *ret_track = error ? 0 : state->threads[event->thread];
    return error;
}

/* The number of a file's path: several files may have had it, one after the other. */
static int path_of(struct tracing *state, const struct sc_export_run *run, uint32_t file, uint32_t *ret_id)
{
    if (SC_RESERVE_ZERO(state->path_of, state->path_of_capacity, (size_t)file + 1))
        return -ENOMEM;
    if (!state->path_of[file]) {
        const char *path = sc_last_path(run, file);
        int error = sc_intern_add(&state->paths, path, strlen(path), ret_id);
        if (error)
            return error;
        state->path_of[file] = *ret_id + 1;
    }
    *ret_id = state->path_of[file] - 1;
    return 0;
}

/* A track of the file on which nothing else happens at that time. */
static int lane_of(struct tracing *state, const struct sc_export_run *run, uint32_t file, uint64_t begin_ns,
                   struct lane **ret_lane)
{
    uint32_t id;
    int error = path_of(state, run, file, &id);
    error = error ? error : SC_RESERVE_ZERO(state->first_lane, state->first_lane_capacity, (size_t)id + 1);
    error = error ? error : SC_RESERVE(state->lanes, state->lane_capacity, state->lane_count + 1);
    if (error)
        return error;
    const char *path = sc_intern_text(&state->paths, id);
    uint32_t at = state->first_lane[id];
    while (at && state->lanes[at - 1].end_ns > begin_ns)
        at = state->lanes[at - 1].next;
    if (!at) {
        state->lanes[state->lane_count++] =
            (struct lane){.track = sc_trace_track(&state->trace, state->files, path), .next = state->first_lane[id]};
        at = state->first_lane[id] = (uint32_t)state->lane_count;
    }
    *ret_lane = &state->lanes[at - 1];
    return 0;
}

static void note_fields(struct tracing *state, const struct sc_call_fields *fields)
{
    struct sc_proto *notes = &state->fields;
    if (fields->offset_known)
        sc_trace_note_number(&state->trace, notes, "offset", fields->offset);
    if (fields->bytes_known)
        sc_trace_note_number(&state->trace, notes, "bytes", (int64_t)fields->bytes);
    if (fields->result_known)
        sc_trace_note_number(&state->trace, notes, "result", fields->result);
    if (fields->error)
        sc_trace_note_text(&state->trace, notes, "error", fields->error);
    if (fields->data)
        sc_trace_note_text(&state->trace, notes, "data", fields->data);
}

/* What the thread's slice has beside: what the file's tells by its track, and the flows. */
static int note_thread(struct tracing *state, const struct sc_export_run *run, const struct sc_event *event,
                       const struct sc_call_fields *fields, struct process *process, bool first)
{
    struct sc_proto *notes = &state->fields;
    const uint64_t born = UINT64_C(1) << 62 | (uint64_t)run->number << 32; /* and what the fork returned */
    bool forks = event->desc->means == SC_MEANS_FORK && event->outcome == SC_DONE && event->result > 0;
    if (fields->file)
        sc_trace_note_text(&state->trace, notes, "file", fields->file);
    if (fields->second)
        sc_trace_note_text(&state->trace, notes, "second file", fields->second);
    if (fields->site)
        sc_trace_note_text(&state->trace, notes, "from", fields->site);
    /* A child may be read before its parent's fork is: then the flow is left open, and their times order the two. */
    if (first && event->tid > 0 && event->process + event->thread > 0)
        sc_trace_note_flow(notes, born | (uint32_t)event->tid,
                           sc_index_get(&state->forks, (uint64_t)event->tid) != SC_INDEX_NONE);
    if (process->exec_flow)
        sc_trace_note_flow(notes, process->exec_flow, true);
    process->exec_flow = 0;
    if (event->desc->means == SC_MEANS_EXEC && !sc_event_failed(event)) {
        process->exec_flow = ++state->flows;
        sc_trace_note_flow(notes, process->exec_flow, false);
    }
    if (!forks)
        return 0;
    sc_trace_note_flow(notes, born | (uint32_t)event->result, false);
    return sc_index_put(&state->forks, (uint64_t)event->result, 1);
}

static void count_bytes(struct tracing *state, const struct sc_event *event, const struct sc_trace_slice *slice)
{
    bool writes = event->desc->category == SC_CAT_WRITE;
    sc_byte_rate_add(&state->rates[writes], slice->begin_ns, slice->took_ns, sc_event_bytes(event));
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    struct tracing *state = export->state;
    struct sc_call_fields fields;
    struct process *process;
    bool first;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    if (fields.time_known)
        state->now_ns = fields.start_ns;
    state->any = true;
    state->any_time |= fields.time_known;
    struct sc_trace_slice slice = {.begin_ns = state->now_ns,
                                   .took_ns = fields.took_known ? fields.took_ns : 0,
                                   .took_known = fields.took_known,
                                   .name = fields.call,
                                   .category = sc_category_name(event->desc->category)};
    sc_proto_clear(&state->fields);
    note_fields(state, &fields);
    if (access->file != SC_NO_FILE) {
        struct lane *lane;
        struct sc_trace_slice on_file = slice;
        int error = lane_of(state, run, access->file, slice.begin_ns, &lane);
        if (error)
            return error;
        lane->end_ns = slice.begin_ns + slice.took_ns;
        on_file.track = lane->track;
        on_file.category = "file";
        sc_trace_slice(&state->trace, &on_file, &state->fields);
    }
    int error = thread_of(export, run, event, &slice.track, &first, &process);
    error = error ? error : note_thread(state, run, event, &fields, process, first);
    if (error)
        return error;
    sc_trace_slice(&state->trace, &slice, &state->fields);
    count_bytes(state, event, &slice);
    return sc_trace_error(&state->trace);
}

static void forget_run(struct tracing *state)
{
    sc_thread_numbers_free(&state->numbers);
    sc_index_free(&state->forks);
    sc_intern_free(&state->paths);
    free(state->programs);
    free(state->processes);
    free(state->threads);
    free(state->path_of);
    free(state->first_lane);
    free(state->lanes);
    state->forks = (struct sc_index){0};
    state->paths = (struct sc_intern){0};
    state->programs = NULL;
    state->program_count = 0;
    state->processes = NULL;
    state->threads = NULL;
    state->path_of = NULL;
    state->first_lane = NULL;
    state->lanes = NULL;
    state->process_capacity = state->thread_capacity = state->path_of_capacity = state->first_lane_capacity = 0;
    state->lane_count = state->lane_capacity = 0;
    state->now_ns = 0;
    state->any = state->any_time = false;
}

static void write_rate(struct tracing *state, int which)
{
    const struct sc_byte_rate *rate = &state->rates[which];
    double shown = sc_byte_rate_at(rate, 0);
    sc_trace_counter(&state->trace, state->rate_tracks[which], 0, shown);
    for (unsigned i = 1; i < SC_RATE_STEPS; i++) {
        double value = sc_byte_rate_at(rate, i);
        if (value != shown)
            sc_trace_counter(&state->trace, state->rate_tracks[which], i * rate->step_ns, value);
        shown = value;
    }
    if (shown != 0)
        sc_trace_counter(&state->trace, state->rate_tracks[which], SC_RATE_STEPS * rate->step_ns, 0);
}

static int end_run(struct sc_export *export, const struct sc_export_run *run)
{
    struct tracing *state = export->state;
    int error = state->any && !state->any_time ? -ENODATA : 0;
    if (error)
        export->why = run->number ? "the second run's times are not known" : "the run's times are not known";
    for (int i = 0; i < 2 && !error; i++)
        write_rate(state, i);
    forget_run(state);
    return error ? error : sc_trace_error(&state->trace);
}

static int end(struct sc_export *export, bool failed)
{
    struct tracing *state = export->state;
    if (!state)
        return 0;
    int error = failed ? 0 : sc_trace_error(&state->trace);
    forget_run(state);
    sc_index_free(&state->pids);
    sc_proto_free(&state->fields);
    sc_trace_free(&state->trace);
    free(state);
    export->state = NULL;
    return error;
}

const struct sc_export_ops sc_export_perfetto = {.name = "perfetto",
                                                 .what = "a trace for ui.perfetto.dev",
                                                 .begin = begin,
                                                 .begin_run = begin_run,
                                                 .call = call,
                                                 .end_run = end_run,
                                                 .end = end};
