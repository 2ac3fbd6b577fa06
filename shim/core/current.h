/*
 * current.h: the one way to the calling thread's writer.
 *
 * In a library of the C library's it stands in thread-local storage that is there from the start (initial-exec). Built
 * with SC_CURRENT_IN_GS it stands where the thread's GS base points, which no C library on x86-64 uses: for programs
 * without such storage. Whoever makes a thread there sets the base, to a struct sc_current whose self is its address.
 */
#ifndef SC_CURRENT_H
#define SC_CURRENT_H

#include <stdbool.h>
#include <stdint.h>

struct sc_writer;

/* Belongs to the thread; all 0 (but for self) in a new one, and in a forked child as it was. */
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
extern __thread struct sc_current sc_thread_current __attribute__((tls_model("initial-exec")));
static inline struct sc_current *sc_current(void)
{
    return &sc_thread_current;
}
#endif

#endif
