/*
 * threads.h: the start and the end of the program's threads.
 *
 * A thread gets its writer before its first call and gives it away after the last call that we can see: in a key
 * destructor that postpones itself to the last round, so that other keys' destructors are still recorded.
 */
#ifndef SC_THREADS_H
#define SC_THREADS_H

#include "../core/state.h"

/* What a new thread is to run. From a pool of ours, so that nothing is allocated in the program's heap. */
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
