/*
 * runtime.h: calls of a language's runtime: they say something about the language and nothing about the work.
 *
 * Rust's standard library (library/std/src/rt.rs, sys/unix), recognised by order: it polls the three standard
 * descriptors, ignores SIGPIPE, has glibc read the bounds of the stack from /proc/self/maps, and gives every thread a
 * signal stack that it takes down at the thread's end.
 *
 * CPython (Modules/getpath.py, Python/pylifecycle.c, Lib/site.py), from its first call, or where the program is not
 * known from its look for pyvenv.cfg (PEP 405), to the first call that has nothing to do with its own files, signals
 * and descriptors: it looks for its library, installs its handlers, loads its first modules and reads the script.
 *
 * libstdc++, by call site: what its locales initialise once (glibc's pthread_once tells waiters, of which there are
 * none), and the locale's files. A capture in full mode has other sites for its reads: the thread tells those.
 */
#ifndef SC_RUNTIME_H
#define SC_RUNTIME_H

#include "../model/event.h"
#include "../model/run.h"

enum sc_language { SC_NO_LANGUAGE, SC_RUST, SC_CPP, SC_PYTHON };

/* All bits zero is the state before the first call. */
struct sc_runtime {
    struct {
        bool seen;                    /* the sequence began */
        bool in_chain;                /* the last call of thread was the runtime's */
        bool polled;                  /* the last call of thread was the poll that the sequence begins with */
        uint32_t thread;              /* whose calls these are */
        bool starting;                /* before the first call that is not the runtime's */
        int64_t stack_at, stack_size; /* the first thread's signal stack */
    } rust;
    struct {
        bool starting;
        uint32_t asked; /* the last process that looked for pyvenv.cfg, + 1 */
        uint32_t thread;
        int64_t copy; /* of a standard descriptor, to be closed at once */
    } python;
    uint32_t cpp_thread; /* the last one in which libstdc++ opened a file of a locale, + 1 */
    bool any;            /* calls were seen */
};

/*
 * Whose call it is. path: of what the call is about, or NULL; run: as far as it is known. ret_before: the call before
 * it on its thread was that runtime's too. For calls behind the start-up, and for SC_EVENT_EXEC.
 */
enum sc_language sc_runtime_step(struct sc_runtime *runtime, const struct sc_run *run, const struct sc_event *event,
                                 const char *path, bool *ret_before);

/* "Rust", and "" for none. */
const char *sc_language_name(enum sc_language language);

#endif
