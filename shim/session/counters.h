/*
 * counters.h: the kernel's own count of a thread's reads and writes, which tells how complete a capture is.
 *
 * From /proc/PID/task/TID/io. A new thread's counters begin at zero, so only a program's first thread needs a reading
 * at the start. The process's sum will not do: it includes reaped children.
 */
#ifndef SC_COUNTERS_H
#define SC_COUNTERS_H

#include "../core/state.h"

/* By the constructor, after all that it reads: the calling thread's counters so far. */
void sc_counters_at_start(void);

/* Before the thread ends. What it reads later is not counted. */
void sc_counters_at_thread_end(struct sc_writer *writer);

/*
 * Before the thread calls exec, which may fail: all threads end with it, but a vfork child has only its own. room:
 * aligned, of SC_COUNTERS_ROOM bytes, since the stack may be small.
 */
enum { SC_COUNTERS_ROOM = 2048 };
void sc_counters_before_exec(struct sc_writer *writer, void *room);

/* A thread makes calls after its end was recorded. */
void sc_counters_at_return(struct sc_writer *writer);

/* The counters of all live threads. flush: stdio's buffers are written after this; count them too. */
void sc_counters_at_process_end(bool flush);

#endif
