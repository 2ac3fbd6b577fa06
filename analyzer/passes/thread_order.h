/*
 * thread_order.h: the threads of a run in an order in which scheduling has no part. Sources number them as they are
 * first seen to do something, and which of two new threads does something first is chance. And how many calls were made
 * as it had it, see scheduling.h.
 */
#ifndef SC_THREAD_ORDER_H
#define SC_THREAD_ORDER_H

#include "../model/counts.h"
#include "../model/event.h"
#include "../model/report.h"

struct sc_threads;
struct sc_threads *sc_threads_new(void); /* NULL where memory is short */
void sc_threads_free(struct sc_threads *threads);
/* Every event of a run, once. 0, or -ENOMEM. */
int sc_threads_add(struct sc_threads *threads, const struct sc_event *event);

/* A thread, and what it is called: process and thread count from 0, threads within their process. */
struct sc_thread_number {
    uint32_t source; /* its number in events */
    uint32_t process, thread;
};

/*
 * All threads that made a call: first those that were there, then what each of them made, in the order in which it made
 * them, and so on. Where the call is not known (symbol wrappers do not see clone) a process is its parent's, and a
 * thread its process's first one's: these in the order of ranks, which says what they do. ranks: by source number, of
 * ranks_count threads. ret_order: to be freed. 0, or -ENOMEM.
 */
int sc_threads_order(const struct sc_threads *threads, const uint32_t *ranks, uint32_t ranks_count,
                     struct sc_thread_number **ret_order, size_t *ret_count);

/*
 * Gives a report's processes, which have their numbers in the source, those that the order gives them; the ones that
 * made no call come behind. 0, or -ENOMEM.
 */
int sc_threads_number_processes(const struct sc_threads *threads, struct sc_report_process *table, size_t count);

/* Some thread of the process had that number, and was not its first. */
bool sc_threads_is_thread(const struct sc_threads *threads, uint32_t process, int32_t tid);

/* Several threads share the process. */
bool sc_threads_many(const struct sc_threads *threads, uint32_t process);

/* Notes in counts how many calls were made as scheduling had it. */
void sc_threads_mark_chance(const struct sc_threads *threads, struct sc_counts *counts);

#endif
