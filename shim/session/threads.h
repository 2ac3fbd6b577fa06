/*
 * threads.h: the start and the end of the program's threads.
 *
 * A thread's writer is there before its first call and goes to another thread after its last one that we can see: a key
 * destructor that puts itself off to the last round, so that other keys' destructors are still recorded.
 */
#ifndef SC_THREADS_H
#define SC_THREADS_H

#include "../core/state.h"

/* What a new thread is to run; from a pool of our own, so that nothing is allocated in the program's heap. */
struct sc_thread_start {
    void *(*start)(void *);
    void *argument;
    uint32_t patched;
};

void sc_threads_init(void);
struct sc_thread_start *sc_thread_prepare(void *(*start)(void *), void *argument);
void sc_thread_release(struct sc_thread_start *carried);
void *sc_thread_run(void *carried);

#endif
