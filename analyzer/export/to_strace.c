/*
 * to_strace.c: the text of strace -f -ttt -T -y -o, for what reads that. One line a call and no other that could be
 * taken for one but the root's execve, which every log of strace's begins with.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../text/format.h"
#include "export.h"

enum { LINE_MAX_BYTES = 1 << 20 }; /* more than format_strace's longest arguments make */

/* A second of -ttt before this one would be taken for a difference, as -r prints. */
#define LEAST_TTT_NS (UINT64_C(1000000) * 1000000000)
/* Where a run does not say when it was, it was in September 2001. */
#define FROM_NOTHING_NS (UINT64_C(1000000000) * 1000000000)

/* What is to be known of a process while it is written. */
struct process {
    int32_t pid;
    bool named; /* an execve says what it runs */
    bool ended;
    const char *awaiting; /* "execve": begun, and not known whether it was the process's own */
    int32_t awaiting_tid;
};

struct strace {
    char *line;
    uint64_t last_ns; /* of the line before, as the run has it */
    bool begun;
    bool *told; /* by thread: it was named as attached */
    size_t told_capacity;
    struct process *processes;
    size_t process_capacity;
    bool holds; /* the last line, an execve of that process, has no end yet: */
    uint32_t held;
};

static int begin(struct sc_export *export)
{
    struct strace *strace = calloc(1, sizeof *strace);
    export->state = strace;
    if (strace)
        strace->line = malloc(LINE_MAX_BYTES);
    return strace && strace->line ? 0 : -ENOMEM;
}

static uint64_t shown_ns(const struct sc_export_run *run, uint64_t ns)
{
    uint64_t begin = run->begin_ns + run->run->to_real_ns;
    return ns + run->run->to_real_ns + (begin < LEAST_TTT_NS ? FROM_NOTHING_NS : 0);
}

static void seconds(struct sc_out *out, uint64_t ns)
{
    uint64_t us = ns / 1000;
    sc_out_unsigned(out, us / 1000000);
    sc_out_char(out, '.');
    sc_out_digits(out, us % 1000000, 6);
}

/* What stands before a call. */
static void begin_line(struct sc_out *out, const struct sc_export *export, const struct sc_export_run *run, int32_t tid)
{
    const struct strace *strace = export->state;
    sc_out_begin(out, strace->line, LINE_MAX_BYTES);
    if (tid) {
        sc_out_signed(out, tid);
        while (out->at - out->begin < 5)
            sc_out_char(out, ' ');
        sc_out_char(out, ' ');
    }
    if (run->begin_ns) {
        seconds(out, shown_ns(run, strace->last_ns));
        sc_out_char(out, ' ');
    }
}

static void prefix(const struct sc_export *export, const struct sc_export_run *run, int32_t tid)
{
    struct sc_out out;
    begin_line(&out, export, run, tid);
    fwrite(out.begin, 1, sc_out_end(&out), export->out);
}

static void quoted(struct sc_export *export, const char *text)
{
    struct strace *strace = export->state;
    struct sc_out out;
    sc_out_begin(&out, strace->line, LINE_MAX_BYTES);
    sc_out_quoted(&out, text, strlen(text));
    sc_out_end(&out);
    fputs(strace->line, export->out);
}

/* An execve that is not among the calls, see SC_STATED_EXEC. argv: or NULL. */
static void state_exec(struct sc_export *export, const struct sc_export_run *run, int32_t tid, const char *path,
                       char **argv)
{
    prefix(export, run, tid);
    fputs("execve(", export->out);
    quoted(export, path);
    fputs(", [", export->out);
    for (size_t i = 0; argv && argv[i]; i++) {
        fputs(i ? ", " : "", export->out);
        quoted(export, argv[i]);
    }
    fputs(argv ? "" : "...", export->out);
    fputs("], {...} " SC_STATED_EXEC, export->out);
    if (argv && run->run->cwd) {
        putc(' ', export->out);
        quoted(export, run->run->cwd);
    }
    fputs(" */) = 0\n", export->out);
}

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* What the root began with, unless that is among the calls. A program goes by the name that it was called by. */
static void begin_root(struct sc_export *export, const struct sc_export_run *run)
{
    struct strace *strace = export->state;
    const struct sc_run *source = run->run;
    const char *exe = source->exe, *name = source->argv ? source->argv[0] : NULL;
    if (strace->begun)
        return;
    strace->begun = true;
    strace->last_ns = run->begin_ns;
    if (source->startup_seen && run->with_startup)
        return;
    if (name && *name && (!exe || strcmp(last_component(exe), last_component(name)) != 0))
        exe = name;
    if (exe)
        state_exec(export, run, source->root_pid, exe, source->argv);
}

/* how: NULL: it is not known. */
static void write_end(const struct sc_export *export, const struct sc_export_run *run, int32_t tid,
                      const struct sc_end *how)
{
    if (!how || how->kind == SC_ENDED_UNKNOWN)
        return;
    const char *signal = sc_signal_name(how->signal);
    prefix(export, run, tid);
    if (how->kind == SC_ENDED_EXITED)
        fprintf(export->out, "+++ exited with %d +++\n", how->code);
    else if (signal)
        fprintf(export->out, "+++ killed by %s +++\n", signal);
    else
        fprintf(export->out, "+++ killed by SIGRT_%d +++\n", how->signal - 32);
}

/* The call that made it may be filtered out, not recorded, or come only when it ends: then who made it is not known. */
static void tell_process(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event)
{
    struct strace *strace = export->state;
    int32_t parent = event->parent < strace->process_capacity ? strace->processes[event->parent].pid : 0;
    strace->processes[event->process].pid = event->pid;
    if (event->parent == event->process || !parent || !event->pid)
        return;
    begin_root(export, run);
    prefix(export, run, parent);
    fprintf(export->out, "strace: New Process %" PRId32 " attached\n", event->pid);
}

/* Likewise: a thread would be taken for a process. */
static int tell_thread(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event)
{
    struct strace *strace = export->state;
    if (event->tid == event->pid || !event->tid || !event->pid)
        return 0;
    if (SC_RESERVE_ZERO(strace->told, strace->told_capacity, (size_t)event->thread + 1))
        return -ENOMEM;
    if (!strace->told[event->thread]) {
        prefix(export, run, event->pid);
        fprintf(export->out, "strace: Process %" PRId32 " attached\n", event->tid);
    }
    strace->told[event->thread] = true;
    return 0;
}

/*
 * A capture by symbols has the execve of a vfork's child among its parent's calls. Whose it was shows what comes next:
 * until then it is unfinished.
 */
static void end_held(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event)
{
    struct strace *strace = export->state;
    struct process *process = &strace->processes[event->process];
    bool exec = event->type == SC_EVENT_EXEC;
    bool own = exec && strace->holds && strace->held == event->process;
    if (strace->holds)
        fputs(own ? ") = 0\n" : " <unfinished ...>\n", export->out);
    if (exec && !own && process->awaiting) {
        prefix(export, run, process->awaiting_tid);
        fprintf(export->out, "<... %s resumed>) = 0\n", process->awaiting);
    }
    if (exec && run->run->kind == SC_RUN_CAPTURE) /* else its execve is filtered out */
        process->named = process->awaiting != NULL;
    if (exec || event->type == SC_EVENT_CALL)
        process->awaiting = NULL;
    strace->holds = false;
}

/* What a process runs that was not seen to begin it. */
static void name_program(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event)
{
    struct strace *strace = export->state;
    struct process *process = &strace->processes[event->process];
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(run->run, event->program, &kind);
    if (!process->named && name && kind == SC_PROGRAM_CHILD)
        state_exec(export, run, event->pid, name, NULL);
    process->named |= name && kind == SC_PROGRAM_CHILD;
}

static void write_line(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                       const struct sc_access *access)
{
    static const char done[] = ") = 0";
    struct strace *strace = export->state;
    struct sc_formatter formatter = {.files = run->files, .access = access};
    bool makes = event->desc->means == SC_MEANS_FORK && event->outcome == SC_DONE && event->result > 0;
    bool exec = event->desc->means == SC_MEANS_EXEC && event->outcome == SC_NO_RETURN;
    struct sc_strace_hints hints = {
        .without_loader = !(run->run->startup_seen && run->with_startup),
        .makes_thread = makes && sc_threads_is_thread(run->threads, event->process, (int32_t)event->result)};
    int32_t tid = event->tid ? event->tid : event->pid;
    struct sc_out out;
    begin_line(&out, export, run, tid);
    sc_format_strace(&formatter, event, hints, &out);
    if (exec && run->run->kind == SC_RUN_CAPTURE) {
        fwrite(strace->line, 1, sc_out_end(&out) - strlen(done), export->out);
        strace->holds = true;
        strace->held = event->process;
        strace->processes[event->process].awaiting = event->desc->name;
        strace->processes[event->process].awaiting_tid = tid;
        return;
    }
    strace->processes[event->process].named |= exec;
    if (event->has_duration && event->outcome != SC_UNFINISHED) {
        sc_out_text(&out, " <");
        seconds(&out, event->duration_ns);
        sc_out_char(&out, '>');
    }
    sc_out_char(&out, '\n');
    fwrite(strace->line, 1, sc_out_end(&out), export->out);
    if (event->desc->means == SC_MEANS_EXIT && event->tid != event->pid) /* a process's own end is an event */
        write_end(export, run, tid, &(struct sc_end){SC_ENDED_EXITED, (int)(sc_event_value(event, 0) & 0xff), 0});
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    struct strace *strace = export->state;
    if (SC_RESERVE_ZERO(strace->processes, strace->process_capacity, (size_t)event->process + 1))
        return -ENOMEM;
    bool is_call = event->type == SC_EVENT_CALL, is_end = event->type == SC_EVENT_PROCESS_END;
    if (is_call || is_end)
        begin_root(export, run);
    end_held(export, run, event);
    if (event->has_start)
        strace->last_ns = event->start_ns;
    if (is_end) {
        write_end(export, run, event->pid, sc_export_end(run, event->process));
        strace->processes[event->process].ended = true;
    }
    if (event->type == SC_EVENT_PROCESS)
        tell_process(export, run, event);
    if (!is_call)
        return 0;
    name_program(export, run, event);
    int error = tell_thread(export, run, event);
    if (!error)
        write_line(export, run, event, access);
    return error;
}

static bool has_ended(const struct strace *strace, uint32_t process)
{
    return process < strace->process_capacity && strace->processes[process].ended;
}

/* Of those that were killed there is no last event. */
static int end_run(struct sc_export *export, const struct sc_export_run *run)
{
    struct strace *strace = export->state;
    const struct sc_run *source = run->run;
    begin_root(export, run);
    if (strace->holds)
        fputs(" <unfinished ...>\n", export->out);
    for (size_t i = 0; i < source->child_count; i++)
        if (source->children[i].process != UINT32_MAX && !has_ended(strace, source->children[i].process))
            write_end(export, run, source->children[i].pid, &source->children[i].end);
    if (!has_ended(strace, 0))
        write_end(export, run, source->root_pid, &source->end);
    return 0;
}

static int end(struct sc_export *export, bool failed)
{
    struct strace *strace = export->state;
    (void)failed;
    if (strace) {
        free(strace->line);
        free(strace->told);
        free(strace->processes);
        free(strace);
    }
    return 0;
}

const struct sc_export_ops sc_export_strace = {.name = "strace",
                                               .what = "the text of strace -f -ttt -T -y, of one run",
                                               .begin = begin,
                                               .call = call,
                                               .end_run = end_run,
                                               .end = end,
                                               .of_one_run = true};
