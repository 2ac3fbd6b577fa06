#include "strace_log.h"

#include <errno.h>
#include <stdlib.h>

#include "../../model/hash.h"

static size_t home(const struct sc_strace_log *log, int32_t tid)
{
    return sc_hash_number((uint32_t)tid) & (log->table_size - 1);
}

struct sc_strace_thread *sc_strace_table_get(const struct sc_strace_log *log, int32_t tid)
{
    if (log->table_size == 0)
        return NULL;
    for (size_t at = home(log, tid); log->table[at]; at = (at + 1) & (log->table_size - 1))
        if (log->table[at]->tid == tid)
            return log->table[at];
    return NULL;
}

static void place(struct sc_strace_log *log, struct sc_strace_thread *thread)
{
    size_t at = home(log, thread->tid);
    while (log->table[at])
        at = (at + 1) & (log->table_size - 1);
    log->table[at] = thread;
}

int sc_strace_table_put(struct sc_strace_log *log, struct sc_strace_thread *thread)
{
    if (2 * (log->table_used + 1) > log->table_size) {
        struct sc_strace_thread **old = log->table;
        size_t old_size = log->table_size, size = old_size ? 2 * old_size : 64;
        struct sc_strace_thread **table = calloc(size, sizeof(struct sc_strace_thread *));
        if (!table)
            return -ENOMEM;
        log->table = table;
        log->table_size = size;
        for (size_t i = 0; i < old_size; i++)
            if (old[i])
                place(log, old[i]);
        free(old);
    }
    place(log, thread);
    log->table_used++;
    return 0;
}

void sc_strace_table_remove(struct sc_strace_log *log, int32_t tid)
{
    if (log->table_size == 0)
        return;
    size_t mask = log->table_size - 1, at = home(log, tid);
    while (log->table[at] && log->table[at]->tid != tid)
        at = (at + 1) & mask;
    if (!log->table[at])
        return;
    log->table[at] = NULL;
    log->table_used--;
    /* those behind it may have come here only because their own place was taken */
    for (size_t next = (at + 1) & mask; log->table[next]; next = (next + 1) & mask) {
        struct sc_strace_thread *moved = log->table[next];
        log->table[next] = NULL;
        place(log, moved);
    }
}

void sc_strace_maker_add(struct sc_strace_log *log, struct sc_strace_thread *thread)
{
    if (thread->maker_link)
        return;
    thread->next_maker = log->makers;
    thread->maker_link = &log->makers;
    if (log->makers)
        log->makers->maker_link = &thread->next_maker;
    log->makers = thread;
}

void sc_strace_maker_remove(struct sc_strace_thread *thread)
{
    if (!thread->maker_link)
        return;
    *thread->maker_link = thread->next_maker;
    if (thread->next_maker)
        thread->next_maker->maker_link = thread->maker_link;
    thread->maker_link = NULL;
}

void sc_strace_thread_free(struct sc_strace_thread *thread)
{
    if (!thread)
        return;
    sc_strace_maker_remove(thread);
    sc_strace_process_unref(thread->process);
    free(thread->text);
    free(thread);
}
