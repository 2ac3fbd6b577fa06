/*
 * runtime.h: calls of a language's runtime, recognised by their order: they say something about the language and
 * nothing about the work. Known so far: Rust's standard library, which at its start polls the three standard
 * descriptors, ignores SIGPIPE, has glibc read the bounds of the stack from /proc/self/maps, and gives every thread a
 * signal stack that it takes down at the thread's end.
 */
#ifndef SC_RUNTIME_H
#define SC_RUNTIME_H

#include "../model/event.h"

/* All bits zero is the state before the first call. */
struct sc_runtime {
    bool seen;       /* the sequence began */
    bool in_chain;   /* the last call of thread was the runtime's */
    bool polled;     /* the last call of thread was the poll that the sequence begins with */
    uint32_t thread; /* whose calls these are */
    bool starting;   /* before the first call that is not the runtime's */
};

enum sc_runtime_call { SC_RUNTIME_NO, SC_RUNTIME_YES, SC_RUNTIME_YES_AND_BEFORE };

/* path: of the file that the call is about, or NULL. Whether the call is the runtime's; YES_AND_BEFORE: so was the one
 * before it on its thread. */
enum sc_runtime_call sc_runtime_step(struct sc_runtime *runtime, const struct sc_event *event, const char *path);

#endif
