#include "../../model/array.h"
#include "strace_log.h"

#include <errno.h>
#include <stdlib.h>

#include "strace_guess.h"

/* process: what is known of it is taken over; NULL: nothing is. */
static void add_child_end(struct sc_strace_log *log, struct sc_strace_process *process, int32_t pid, struct sc_end end)
{
    struct sc_run *run = &log->source.run;
    if (SC_RESERVE_NEXT(run->children, run->child_count)) {
        log->failure = -ENOMEM;
        return;
    }
    struct sc_child *child = &run->children[run->child_count++];
    *child = (struct sc_child){.process = UINT32_MAX, .pid = pid, .end = end};
    if (!process)
        return;
    child->process = process->number;
    child->command = process->command;
    child->argv = process->argv.items;
    child->argv_cut = process->argv.cut || process->argv.elided;
    process->command = NULL;
    process->argv = (struct sc_strace_words){0};
}

void sc_strace_child_end(struct sc_strace_log *log, int32_t pid, struct sc_end end)
{
    const struct sc_run *run = &log->source.run;
    if (log->multi || pid <= 0)
        return;
    /* SIGCHLD and wait4 tell the same */
    for (size_t i = run->child_count; i > 0 && i + 16 > run->child_count; i--)
        if (run->children[i - 1].pid == pid)
            return;
    struct sc_strace_thread *unseen = sc_strace_table_get(log, pid);
    if (unseen && !unseen->seen) {
        sc_strace_table_remove(log, pid);
        sc_strace_thread_free(unseen);
        log->unseen--;
    }
    add_child_end(log, NULL, pid, end);
}

static void end_process(struct sc_strace_log *log, struct sc_strace_process *process, int32_t tid, struct sc_end end)
{
    if (process->ended)
        return;
    process->ended = true;
    if (process->number == 0) {
        log->source.run.end = end;
    } else if (end.kind != SC_ENDED_UNKNOWN) {
        add_child_end(log, process, process->pid, end);
    }
    struct sc_event *event = sc_strace_slot(log);
    memset(event, 0, sizeof *event);
    event->type = SC_EVENT_PROCESS_END;
    event->process = process->number;
    event->pid = process->pid;
    event->tid = tid;
    event->desc = sc_call(SC_NR_LIMIT);
    sc_strace_commit(log, event);
}

void sc_strace_process_unref(struct sc_strace_process *process)
{
    if (!process || --process->refs > 0)
        return;
    sc_strace_words_free(&process->argv);
    free(process->command);
    free(process);
}

static void release_thread(struct sc_strace_log *log, struct sc_strace_thread *thread)
{
    if (thread->tid)
        sc_strace_table_remove(log, thread->tid);
    if (log->root == thread)
        log->root = NULL;
    if (log->current == thread)
        log->current = NULL;
    if (log->held == thread)
        log->held = NULL;
    log->live_threads--;
    thread->process->live--;
    sc_strace_thread_free(thread);
}

void sc_strace_thread_ended(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_end end)
{
    sc_strace_drop_pending(log, thread);
    struct sc_strace_process *process = thread->process;
    /* the kernel keeps the leader's end back until all other threads have ended */
    if (thread->tid == process->pid || process->live == 1)
        end_process(log, process, thread->tid, end);
    release_thread(log, thread);
}

void sc_strace_superseded(struct sc_strace_log *log, struct sc_strace_thread *thread, int32_t by)
{
    struct sc_strace_thread *heir = sc_strace_table_get(log, by);
    int32_t tid = thread->tid;
    if (!heir || !heir->seen || heir == thread || heir->process != thread->process)
        return;
    bool was_root = log->root == thread;
    sc_strace_drop_pending(log, thread);
    release_thread(log, thread);
    sc_strace_table_remove(log, by);
    heir->tid = tid;
    log->current = NULL;
    if (was_root)
        log->root = heir;
    if (sc_strace_table_put(log, heir))
        log->failure = -ENOMEM;
}

static int by_number(const void *a, const void *b)
{
    const struct sc_strace_thread *left = *(struct sc_strace_thread *const *)a,
                                  *right = *(struct sc_strace_thread *const *)b;
    return (left->number > right->number) - (left->number < right->number);
}

/* All threads that are left: what they had begun never ended, and a last exit_group is an end. */
void sc_strace_processes_finish(struct sc_strace_log *log)
{
    struct sc_strace_thread **left = calloc(log->table_used + 1, sizeof(struct sc_strace_thread *));
    size_t count = 0;
    if (!left) {
        log->failure = -ENOMEM;
        return;
    }
    for (size_t i = 0; i < log->table_size; i++)
        if (log->table[i] && log->table[i]->seen)
            left[count++] = log->table[i];
    if (log->root && log->root->tid == 0)
        left[count++] = log->root;
    qsort(left, count, sizeof *left, by_number);
    for (size_t i = 0; i < count; i++)
        sc_strace_drop_pending(log, left[i]);
    for (size_t i = 0; i < count; i++) {
        struct sc_strace_process *process = left[i]->process;
        if (!process->ended && process->exit_code >= 0)
            end_process(log, process, left[i]->tid, (struct sc_end){SC_ENDED_EXITED, process->exit_code, 0});
        release_thread(log, left[i]);
    }
    free(left);
}

void sc_strace_processes_free(struct sc_strace_log *log)
{
    if (log->root && log->root->tid == 0)
        release_thread(log, log->root);
    for (size_t i = 0; i < log->table_size; i++) {
        struct sc_strace_thread *thread = log->table[i];
        sc_strace_thread_free(thread);
    }
    free(log->table);
}

/* Gives numbers to a thread; as a thread of process, or, where that is NULL, of a new child of parent's. */
void sc_strace_enrol(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_strace_process *process,
                     const struct sc_strace_process *parent)
{
    struct sc_run *run = &log->source.run;
    bool is_new = !process;
    if (is_new && !(process = calloc(1, sizeof *process))) {
        log->failure = -ENOMEM;
        return;
    }
    thread->seen = true;
    thread->process = process;
    thread->number = run->threads++;
    process->live++;
    process->refs++;
    log->live_threads++;
    if (!is_new)
        return;
    bool root = run->processes == 0;
    process->number = run->processes++;
    process->pid = thread->tid;
    process->exit_code = -1;
    process->program = root || !parent ? (uint32_t)SC_NO_PROGRAM : sc_run_forked(run, parent->program);
    struct sc_event *event = sc_strace_slot(log);
    memset(event, 0, sizeof *event);
    event->type = SC_EVENT_PROCESS;
    event->process = process->number;
    event->thread = thread->number;
    event->pid = event->tid = thread->tid;
    event->desc = sc_call(SC_NR_LIMIT);
    event->parent = root ? process->number : parent ? parent->number : 0;
    event->origin = root ? SC_ORIGIN_ROOT : SC_ORIGIN_FORK;
    sc_strace_commit(log, event);
}

/* The calls that it had begun: said as such, and forgotten. */
void sc_strace_drop_pending(struct sc_strace_log *log, struct sc_strace_thread *thread)
{
    if (!thread->pending)
        return;
    bool never_returns = thread->pending_desc && thread->pending_desc->ret == SC_RET_N;
    uint8_t outcome = never_returns ? SC_NO_RETURN : SC_UNFINISHED;
    thread->pending = SC_PENDING_NONE;
    if (log->held == thread)
        log->held = NULL;
    sc_strace_emit_begun(log, thread, outcome);
    thread->child = 0;
}

int sc_strace_keep_pending(struct sc_strace_thread *thread, struct sc_span text, uint8_t state)
{
    if (SC_RESERVE(thread->text, thread->text_capacity, text.len + SC_STRACE_PAD))
        return -ENOMEM;
    memcpy(thread->text, text.at, text.len);
    memset(thread->text + text.len, 0, SC_STRACE_PAD);
    thread->text_len = text.len;
    thread->pending = state;
    return 0;
}
