/*
 * counters.h: the kernel's own count of a thread's reads and writes, which tells how complete a capture is.
 *
 * From /proc/PID/task/TID/io. A new thread's counters begin at zero, so that only the first thread of a program needs
 * a reading at the start; the process's sum will not do, because the counters of reaped children are added to it.
 */
#ifndef SC_COUNTERS_H
#define SC_COUNTERS_H

#include "../core/state.h"

/* By the constructor, as its last act that reads anything: the calling thread's counters so far. */
void sc_counters_at_start(void);

/* Before the thread ends: what comes after belongs to another. */
void sc_counters_at_thread_end(struct sc_writer *writer);

/* Before it replaces its program, which may fail. */
void sc_counters_before_exec(struct sc_writer *writer);

/* A thread whose end was recorded calls on after all. */
void sc_counters_at_return(struct sc_writer *writer);

/* Those of all live threads. flush: stdio's buffers are written after this and are to be counted too. */
void sc_counters_at_process_end(bool flush);

#endif
