#include "../../model/array.h"
#include "strace_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "strace_guess.h"

enum { NOTES = 5, EXCERPT = 60, GLUED_TRIES = 32 };

struct sc_event *sc_strace_slot(struct sc_strace_log *log)
{
    if (log->count < log->capacity && log->overflow_count == log->overflow_at)
        return &log->events[log->count];
    if (SC_RESERVE(log->overflow, log->overflow_capacity, log->overflow_count + 1)) {
        log->failure = -ENOMEM;
        return &log->scratch;
    }
    return &log->overflow[log->overflow_count];
}

void sc_strace_commit(struct sc_strace_log *log, const struct sc_event *slot)
{
    if (log->overflow && slot == &log->overflow[log->overflow_count])
        log->overflow_count++;
    else if (slot != &log->scratch)
        log->count++;
}

/* A line that is nothing of strace's: counted, and the first few named. */
void sc_strace_note(struct sc_strace_log *log, const char *what)
{
    const struct sc_strace_input *input = log->input;
    if (log->note_count == NOTES)
        return;
    char excerpt[EXCERPT + 1], *note = NULL;
    size_t len = input->line.len < EXCERPT ? input->line.len : EXCERPT;
    for (size_t i = 0; i < len; i++)
        excerpt[i] = (char)(input->line.at[i] >= ' ' && input->line.at[i] <= '~' ? input->line.at[i] : '?');
    excerpt[len] = '\0';
    const char *dots = input->line.len > EXCERPT ? "..." : "";
    if (asprintf(&note, "%s:%llu: %s: %s%s", input->path, (unsigned long long)input->line_number, what, excerpt, dots) <
        0) {
        log->failure = -ENOMEM;
        return;
    }
    log->notes[log->note_count++] = note;
}

static void garbage(struct sc_strace_log *log)
{
    log->unparsed++;
    sc_strace_note(log, "no line of strace's");
}

/* Whose call it is, and when; after that the call counts. */
static void complete(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_event *event)
{
    struct sc_strace_process *process = thread->process;
    event->type = SC_EVENT_CALL;
    event->process = process->number;
    event->program = process->program;
    event->thread = thread->number;
    event->pid = process->pid;
    event->tid = thread->tid;
    event->parent = 0;
    event->origin = 0;
    event->startup = sc_strace_startup(log, process, event);
    event->constructor = false;
    event->way = SC_WAY_CALL;
    event->requests = NULL;
    event->request_count = event->requests_taken = 0;
    if (event->desc->means == SC_MEANS_IO_URING && event->outcome == SC_DONE && event->result >= 0)
        log->source.run.coverage.rings++; /* strace shows no requests of it */
    if (event->desc->means == SC_MEANS_AIO_SUBMIT && event->outcome == SC_DONE)
        sc_strace_submitted(log, event);
    log->first_call_seen = true;
    sc_strace_root_pid(log, event);
    if (event->has_duration)
        log->source.run.has_times = true;
    if (event->desc->ret == SC_RET_N)
        process->exit_code =
            event->desc->means == SC_MEANS_EXIT_GROUP || process->live == 1
                ? event->nargs && event->args[0].state & SC_ARG_VALUE ? (int)(event->args[0].value & 0xff) : -1
                : process->exit_code;
    else if (event->outcome == SC_DONE)
        process->exit_code = -1;
}

static void replaced_program(struct sc_strace_log *log, struct sc_strace_thread *thread, bool told)
{
    thread->process->execed = true;
    if (told)
        return; /* the root's first: the start of it all */
    struct sc_event *event = sc_strace_slot(log);
    memset(event, 0, sizeof *event);
    event->type = SC_EVENT_EXEC;
    event->process = thread->process->number;
    event->thread = thread->number;
    event->pid = thread->process->pid;
    event->tid = thread->tid;
    event->desc = sc_call(SC_NR_LIMIT);
    sc_strace_commit(log, event);
}

/* What a call says of processes, beside being a call. The event is committed here. */
static void finish_call(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_event *event,
                        struct sc_span body)
{
    complete(log, thread, event);
    bool exec = event->desc->means == SC_MEANS_EXEC && event->outcome == SC_NO_RETURN;
    bool first_exec = exec && thread->process->number == 0 && !thread->process->execed;
    if (exec) {
        if (first_exec || thread->process->number)
            sc_strace_command(log, thread->process, event);
        const struct sc_arg *path = &event->args[event->desc->kinds[0] == SC_KIND_DIRFD];
        if (path->text)
            thread->process->program =
                sc_run_program(&log->source.run, thread->process->number ? SC_PROGRAM_CHILD : SC_PROGRAM_ROOT,
                               path->text, path->text_len);
        free(thread->process->command);
        thread->process->command = event->nargs && path->text ? strndup(path->text, path->text_len) : NULL;
    }
    bool child = event->outcome == SC_DONE && event->result > 0 && sc_strace_makes_child(event->desc);
    int64_t result = event->result;
    bool as_thread = child && memmem(body.at, body.len, "CLONE_THREAD", 12) != NULL;
    sc_strace_see(log, event, child, as_thread);
    if (event->desc->means == SC_MEANS_WAIT_CHILD && event->outcome == SC_DONE && result > 0 && event->nargs > 1 &&
        event->args[1].extra_count) {
        int status = (int)event->args[1].extra[0];
        if ((status & 0x7f) == 0)
            sc_strace_child_end(log, (int32_t)result, (struct sc_end){SC_ENDED_EXITED, status >> 8 & 0xff, 0});
        else if ((status & 0x7f) != 0x7f)
            sc_strace_child_end(log, (int32_t)result, (struct sc_end){SC_ENDED_SIGNALED, 0, status & 0x7f});
    }
    if (!exec || !sc_strace_is_stated(event))
        sc_strace_commit(log, event);
    if (event->desc->means == SC_MEANS_AIO_EVENTS && event->outcome == SC_DONE)
        sc_strace_ended(log, event);
    if (exec)
        replaced_program(log, thread, first_exec);
    if (child && result <= INT32_MAX)
        sc_strace_child(log, thread, (int32_t)result, as_thread);
    thread->child = 0;
}

void sc_strace_emit_begun(struct sc_strace_log *log, struct sc_strace_thread *thread, uint8_t outcome)
{
    char *copy = sc_strace_arena_room(&log->arena, thread->text_len);
    if (!copy) {
        log->failure = -ENOMEM;
        return;
    }
    memcpy(copy, thread->text, thread->text_len + SC_STRACE_PAD);
    sc_strace_arena_take(&log->arena, thread->text_len + SC_STRACE_PAD);
    struct sc_event *event = sc_strace_slot(log);
    memset(event, 0, offsetof(struct sc_event, args));
    event->desc = thread->pending_desc ? thread->pending_desc : sc_call(SC_NR_LIMIT);
    event->name = copy;
    event->name_len = thread->pending_name_len;
    sc_strace_args(log, copy + event->name_len + 1, copy + thread->text_len, event);
    event->outcome = outcome;
    event->has_start = thread->has_start;
    event->start_ns = thread->start_ns;
    event->site = thread->site;
    log->unfinished += outcome == SC_UNFINISHED;
    finish_call(log, thread, event, (struct sc_span){copy, thread->text_len});
}

static void when(const struct sc_strace_log *log, struct sc_event *event)
{
    const struct sc_strace_input *input = log->input;
    event->has_start = input->prefix.has_time || input->prefix.has_delta;
    event->start_ns = event->has_start ? input->when : 0;
    event->site = input->prefix.ip;
}

/* Keeps the first part of a call until the rest comes. */
static void begin_call(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_span body,
                       const struct sc_strace_parsed *parsed, uint8_t state)
{
    if (thread->pending)
        sc_strace_drop_pending(log, thread);
    struct sc_event at;
    when(log, &at);
    thread->has_start = at.has_start;
    thread->start_ns = at.start_ns;
    thread->site = at.site;
    thread->pending_desc = parsed->desc;
    thread->pending_name_len = parsed->name_len;
    if (sc_strace_makes_child(thread->pending_desc))
        sc_strace_maker_add(log, thread);
    if (sc_strace_keep_pending(thread, body, state))
        log->failure = -ENOMEM;
    if (state == SC_PENDING_HELD)
        log->held = thread;
}

/* The call that the kept text and its rest make together. false where they make none. */
static bool join(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_span rest)
{
    size_t len = thread->text_len + rest.len;
    char *whole = sc_strace_arena_room(&log->arena, len);
    if (!whole) {
        log->failure = -ENOMEM;
        return true;
    }
    memcpy(whole, thread->text, thread->text_len);
    memcpy(whole + thread->text_len, rest.at, rest.len);
    memset(whole + len, 0, SC_STRACE_PAD);
    sc_strace_arena_take(&log->arena, len + SC_STRACE_PAD);
    struct sc_span body = {whole, len};
    struct sc_strace_parsed parsed;
    struct sc_event *event = sc_strace_slot(log);
    enum sc_shape shape = sc_strace_call(log, body, event, &parsed);
    if (shape == SC_SHAPE_UNFINISHED && thread->pending == SC_PENDING_HELD) {
        body.len = parsed.body_len;
        log->held = NULL;
        if (sc_strace_keep_pending(thread, body, SC_PENDING_UNFINISHED))
            log->failure = -ENOMEM;
        return true;
    }
    if (shape != SC_SHAPE_CALL)
        return false;
    if (log->held == thread)
        log->held = NULL;
    thread->pending = SC_PENDING_NONE;
    event->has_start = thread->has_start;
    event->start_ns = thread->start_ns;
    event->site = thread->site;
    finish_call(log, thread, event, body);
    return true;
}

/* "<... read resumed>" whose beginning is not in the log: counted with what is known of it. */
static void orphan(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_span name, struct sc_span rest)
{
    if (thread->pending)
        sc_strace_drop_pending(log, thread);
    struct sc_event *event = sc_strace_slot(log);
    memset(event, 0, offsetof(struct sc_event, args));
    const struct sc_call_desc *desc = sc_strace_call_named(log->names, name.at, name.len);
    event->desc = desc ? desc : sc_call(SC_NR_LIMIT);
    event->name = name.at;
    event->name_len = name.len;
    event->outcome = SC_UNKNOWN;
    const char *end = rest.at + rest.len;
    for (const char *at = end; (at = memrchr(rest.at, ')', (size_t)(at - rest.at)));)
        if (sc_strace_result(log, at + 1, end, event))
            break;
    if (event->outcome == SC_DONE && event->result > 0 && event->desc->category == SC_CAT_WRITE)
        event->data = SC_DATA_UNSEEN;
    when(log, event);
    event->has_start = false; /* the time is that of its end */
    finish_call(log, thread, event, rest);
}

static void resumed(struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    static const char marker[] = " resumed>";
    struct sc_span body = prefix->body;
    const char *name = body.at + 5;
    const char *mark = body.len > 5 ? memmem(name, body.len - 5, marker, sizeof marker - 1) : NULL;
    if (!mark || mark == name ||
        sc_strace_name_begins((struct sc_span){name, (size_t)(mark - name)}) != (size_t)(mark - name)) {
        garbage(log);
        return;
    }
    struct sc_strace_thread *thread = sc_strace_thread_of(log, prefix, true);
    if (!thread)
        return;
    struct sc_span called = {name, (size_t)(mark - name)};
    struct sc_span rest = {mark + sizeof marker - 1, (size_t)(body.at + body.len - mark) - (sizeof marker - 1)};
    bool fits = thread->pending == SC_PENDING_UNFINISHED && thread->pending_name_len == called.len &&
                memcmp(thread->text, called.at, called.len) == 0;
    if (!fits || !join(log, thread, rest))
        orphan(log, thread, called, rest);
}

/* A call at the beginning of the body. false where it is none. */
static bool call(struct sc_strace_log *log, const struct sc_strace_prefix *prefix, struct sc_span body)
{
    struct sc_strace_thread *thread = sc_strace_thread_known(log, prefix);
    bool direct = thread && !thread->pending;
    struct sc_event *event = direct ? sc_strace_slot(log) : &log->scratch;
    struct sc_strace_parsed parsed;
    enum sc_shape shape = sc_strace_call(log, body, event, &parsed);
    if (shape == SC_SHAPE_NONE)
        return false;
    log->glued += parsed.glued;
    if (!direct) {
        thread = sc_strace_thread_of(log, prefix, false);
        if (!thread)
            return true;
        if (thread->pending)
            sc_strace_drop_pending(log, thread);
    }
    if (shape == SC_SHAPE_UNFINISHED) {
        body.len = parsed.body_len;
        begin_call(log, thread, body, &parsed, SC_PENDING_UNFINISHED);
        return true;
    }
    if (shape == SC_SHAPE_OPEN) {
        begin_call(log, thread, body, &parsed, SC_PENDING_HELD);
        if (log->input->skipping) { /* the rest of an overlong line will not come */
            log->held = NULL;
            thread->pending = SC_PENDING_NONE;
            sc_strace_emit_begun(log, thread, SC_UNKNOWN);
        }
        return true;
    }
    if (!direct) {
        event = sc_strace_slot(log);
        if (event != &log->scratch)
            *event = log->scratch;
    }
    when(log, event);
    finish_call(log, thread, event, body);
    return true;
}

/* "hellowrite(1, ...) = 5": program output that ended without a newline, and a line of strace's behind it. */
static bool glued_call(struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    struct sc_span line = log->input->line;
    const char *end = line.at + line.len, *paren = line.at;
    for (int tries = 0; tries < GLUED_TRIES && (paren = memchr(paren, '(', (size_t)(end - paren))); tries++, paren++) {
        const char *begin = paren;
        while (begin > line.at && paren - begin < 32 &&
               ((begin[-1] >= 'a' && begin[-1] <= 'z') || begin[-1] == '_' || (begin[-1] >= '0' && begin[-1] <= '9')))
            begin--;
        for (; begin < paren; begin++) {
            if (begin == line.at || !sc_strace_call_named(log->names, begin, (size_t)(paren - begin)))
                continue;
            struct sc_strace_prefix owner = *prefix;
            const char *pid = memrchr(line.at, '[', (size_t)(begin - line.at));
            if (pid && sc_span_begins((struct sc_span){pid, (size_t)(end - pid)}, "[pid "))
                sc_strace_prefix((struct sc_span){pid, (size_t)(end - pid)}, &owner);
            /* what ends like a whole call only: a phantom would be worse than a line not understood */
            struct sc_span body = {begin, (size_t)(end - begin)};
            struct sc_strace_parsed parsed;
            enum sc_shape shape = sc_strace_call(log, body, &log->scratch, &parsed);
            if ((shape == SC_SHAPE_CALL || shape == SC_SHAPE_UNFINISHED) && call(log, &owner, body)) {
                log->glued++;
                return true;
            }
        }
    }
    return false;
}

/* Program output can break a line of strace's in two; this may be the second half. */
static bool held_call(struct sc_strace_log *log)
{
    return log->held && join(log, log->held, log->input->line);
}

void sc_strace_line(struct sc_strace_log *log, struct sc_strace_input *input)
{
    const struct sc_strace_prefix *prefix = &input->prefix;
    struct sc_span body = prefix->body;
    log->input = input;
    if (input->line_cut && input->skipping)
        log->long_lines++;
    if (input->line.len == 0)
        return;
    if (body.len == 0) {
        garbage(log);
        return;
    }
    body = sc_strace_remark(log, prefix);
    if (body.len == 0)
        return;
    char first = body.at[0];
    if (((first >= 'a' && first <= 'z') || first == '_') && call(log, prefix, body))
        return;
    if (first == '<' && sc_span_begins(body, "<... ")) {
        resumed(log, prefix);
        return;
    }
    if (sc_strace_notice(log, prefix))
        return;
    if (held_call(log) || glued_call(log, prefix))
        return;
    garbage(log);
}
