/*
 * current.h: finds the calling thread's writer. Nothing else does.
 *
 * In a C library's process it is in initial-exec thread-local storage, which exists from the start. Built with
 * SC_CURRENT_IN_GS it is where the thread's GS base points, which no C library on x86-64 uses: for programs without
 * such storage. Whoever creates a thread there sets the base, to a struct sc_current whose self is its own address.
 */
#ifndef SC_CURRENT_H
#define SC_CURRENT_H

#include <stdbool.h>
#include <stdint.h>

struct sc_writer;

/* Belongs to the thread. All 0 (except self) in a new thread; a forked child has its parent's. */
struct sc_current {
    struct sc_current *self;
    struct sc_writer *writer;
    bool ended;          /* the thread's end is recorded */
    uint64_t time_asked; /* where the kernel's object is about to leave the time for us: clock.c */
};

#ifdef SC_CURRENT_IN_GS
static inline struct sc_current *sc_current(void)
{
    struct sc_current *current;
    __asm__ volatile("mov %%gs:0, %0" : "=r"(current));
    return current;
}
#else
extern __thread struct sc_current sc_thread_current __attribute__((tls_model("initial-exec"), visibility("hidden")));
static inline struct sc_current *sc_current(void)
{
    return &sc_thread_current;
}
#endif

#endif
