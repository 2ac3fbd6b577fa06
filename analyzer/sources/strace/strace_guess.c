#include "strace_guess.h"

#include <errno.h>
#include <stdlib.h>

enum {
    LOOK_AHEAD = 256 << 10, /* bytes to find one thread's parent in */
    LOOK_FREE = 8 << 20,    /* and for all threads together, so that no log takes out of proportion: so much, */
    LOOK_EACH = 4096,       /* and so much for each thread */
    LOOK_MAKER = 64,        /* what a thread that waits for its child counts for */
};

bool sc_strace_makes_child(const struct sc_call_desc *desc)
{
    return desc && desc->means == SC_MEANS_FORK;
}

static bool waits_for_child(const struct sc_strace_thread *thread)
{
    return thread->seen && thread->pending && !thread->child && sc_strace_makes_child(thread->pending_desc);
}

static bool makes_thread(const struct sc_strace_thread *parent)
{
    return memmem(parent->text, parent->text_len, "CLONE_THREAD", 12) != NULL;
}

static bool may_look(const struct sc_strace_log *log)
{
    return log->looked < LOOK_FREE + LOOK_EACH * log->strangers;
}

/*
 * Several threads are making children at once, and a new one has appeared: in the lines that were read ahead one of
 * them is told its number.
 */
static struct sc_strace_thread *told_ahead(struct sc_strace_log *log, int32_t tid)
{
    const struct sc_strace_input *input = log->input;
    const char *p = input->data + input->begin, *end = input->data + input->end;
    if (end - p > LOOK_AHEAD)
        end = p + LOOK_AHEAD;
    while (p < end && may_look(log)) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        if (!newline)
            return NULL;
        log->looked += (uint64_t)(newline - p) + 1;
        struct sc_strace_prefix prefix;
        sc_strace_prefix((struct sc_span){p, (size_t)(newline - p)}, &prefix);
        p = newline + 1;
        struct sc_strace_thread *thread = prefix.tid ? sc_strace_table_get(log, prefix.tid) : log->root;
        if (!thread || !waits_for_child(thread) || !sc_span_begins(prefix.body, "<... "))
            continue;
        const char *equals = memrchr(prefix.body.at, '=', prefix.body.len);
        int64_t result;
        const char *body_end = prefix.body.at + prefix.body.len;
        if (equals && body_end - equals > 2 && sc_strace_number(equals + 2, body_end, &result) && result == tid)
            return thread;
    }
    return NULL;
}

/* The thread whose unfinished clone or fork made tid, as far as can be told. */
static struct sc_strace_thread *parent_of(struct sc_strace_log *log, int32_t tid)
{
    struct sc_strace_thread *found = NULL, *next;
    size_t candidates = 0;
    log->strangers++;
    for (struct sc_strace_thread *thread = log->makers; thread && (may_look(log) || !found); thread = next) {
        next = thread->next_maker;
        log->looked += LOOK_MAKER;
        if (!waits_for_child(thread)) {
            sc_strace_maker_remove(thread);
            continue;
        }
        candidates++;
        if (!found || thread->number < found->number)
            found = thread;
    }
    if (candidates > 1) {
        struct sc_strace_thread *told = told_ahead(log, tid);
        return told ? told : found;
    }
    return found;
}

static struct sc_strace_thread *new_thread(struct sc_strace_log *log, int32_t tid)
{
    struct sc_strace_thread *thread = calloc(1, sizeof *thread);
    if (thread) {
        thread->tid = tid;
        if (tid == 0 || sc_strace_table_put(log, thread) == 0)
            return thread;
        free(thread);
    }
    log->failure = -ENOMEM;
    return NULL;
}

static struct sc_strace_thread *stranger(struct sc_strace_log *log, int32_t tid)
{
    struct sc_strace_thread *parent = log->has_root ? parent_of(log, tid) : NULL;
    /* a log that began without an execve is of a process that was running, maybe with threads */
    struct sc_strace_thread *sibling = parent || log->from_exec || !tid ? NULL : log->root;
    struct sc_strace_thread *thread = new_thread(log, tid);
    if (!thread)
        return NULL;
    if (parent) {
        parent->child = tid;
        bool as_thread = makes_thread(parent);
        sc_strace_enrol(log, thread, as_thread ? parent->process : NULL, parent->process);
    } else {
        sc_strace_enrol(log, thread, sibling ? sibling->process : NULL, NULL);
    }
    if (!thread->seen) {
        sc_strace_table_remove(log, tid);
        sc_strace_thread_free(thread);
        return NULL;
    }
    if (!log->has_root) {
        log->has_root = true;
        log->root = thread;
        log->source.run.root_pid = tid;
    } else if (!tid) {
        log->root = thread; /* a further run in a log without pids */
    }
    return thread;
}

/* A thread that its parent's call told of gives its first sign of life. */
static void first_seen(struct sc_strace_log *log, struct sc_strace_thread *thread)
{
    log->unseen--;
    struct sc_strace_process *parent = thread->process; /* referred to until now, too */
    sc_strace_enrol(log, thread, thread->announced_thread ? parent : NULL, parent);
    sc_strace_process_unref(parent);
}

/* The thread of a line that names none: strace prints pids only while there are several. */
static struct sc_strace_thread *solo(struct sc_strace_log *log)
{
    if (log->root && log->live_threads == 1)
        return log->root;
    if (log->live_threads == 0)
        return NULL;
    if (log->live_threads == 1 && log->current)
        return log->current;
    if (log->live_threads == 1)
        for (size_t i = 0; i < log->table_size; i++)
            if (log->table[i] && log->table[i]->seen)
                return log->current = log->table[i];
    return log->root ? log->root : log->current;
}

static int32_t tid_of(const struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    return prefix->tid ? prefix->tid : log->input->tid;
}

struct sc_strace_thread *sc_strace_thread_known(struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    int32_t tid = tid_of(log, prefix);
    if (tid == 0)
        return solo(log);
    if (log->current && log->current->tid == tid)
        return log->current;
    struct sc_strace_thread *thread = sc_strace_table_get(log, tid);
    return thread && thread->seen ? (log->current = thread) : NULL;
}

static bool is_roots_own(const struct sc_strace_log *log, bool resume)
{
    return log->root && log->root->tid == 0 && (resume || !waits_for_child(log->root));
}

struct sc_strace_thread *sc_strace_thread_of(struct sc_strace_log *log, const struct sc_strace_prefix *prefix,
                                             bool resume)
{
    struct sc_strace_thread *thread = sc_strace_thread_known(log, prefix);
    if (thread)
        return thread;
    int32_t tid = tid_of(log, prefix);
    if (prefix->tid)
        log->multi = true;
    thread = tid ? sc_strace_table_get(log, tid) : NULL;
    if (thread) {
        first_seen(log, thread);
        if (!thread->seen)
            return NULL;
    } else if (tid && is_roots_own(log, resume)) {
        thread = log->root;
        thread->tid = thread->process->pid = log->source.run.root_pid = tid;
        if (sc_strace_table_put(log, thread)) {
            thread->tid = 0;
            log->failure = -ENOMEM;
        }
    } else {
        thread = stranger(log, tid);
    }
    return log->current = thread;
}

void sc_strace_child(struct sc_strace_log *log, struct sc_strace_thread *parent, int32_t tid, bool as_thread)
{
    struct sc_strace_thread *thread = sc_strace_table_get(log, tid);
    if (thread && thread->seen)
        return;
    if (!thread && parent->child == tid)
        return; /* it came, and was gone, before its parent was told of it */
    if (!thread) {
        if (!log->multi && log->unseen >= SC_STRACE_UNSEEN_MAX)
            return;
        thread = new_thread(log, tid);
        if (!thread)
            return;
        log->unseen++;
    }
    thread->announced_thread = as_thread;
    parent->process->refs++;
    sc_strace_process_unref(thread->process);
    thread->process = parent->process;
    if (log->multi)
        first_seen(log, thread);
} /* NOLINT(clang-analyzer-unix.Malloc): the thread is in the log's table */

void sc_strace_attached(struct sc_strace_log *log, int32_t tid)
{
    log->multi = true;
    struct sc_strace_thread *thread = sc_strace_table_get(log, tid);
    if (thread && !thread->seen)
        first_seen(log, thread);
    else if (!thread)
        (void)stranger(log, tid);
}
