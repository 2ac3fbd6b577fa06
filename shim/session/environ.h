/* environ.h: the environment that the program gives to a program it starts. */
#ifndef SC_ENVIRON_H
#define SC_ENVIRON_H

#include "../../common/environment.h"
#include "../core/state.h"

/* An environment of the program's whose strings can all be read. */
struct sc_environ {
    sc_addr array;
    size_t count;
    sc_addr preload; /* the value of LD_PRELOAD, 0: there is none, */
    size_t preload_bytes;
    bool launched;      /* by a syscap-record: it has a session of its own in it */
    bool asan_anywhere; /* ASAN_OPTIONS allow the runtime to come after other libraries */
};

/* Asks whether all of it can be read. False: give it to the kernel as it is. */
bool sc_environ_read(sc_addr array, struct sc_environ *ret_environ);

/* The value of a variable (name: with its "="), in an environment that can be read; 0 if it is not there. */
sc_addr sc_environ_find(const struct sc_environ *given, const char *name_and_sign);

/* Who passes the session on: the process that the new program replaces, or the parent of the one that will run it. */
struct sc_identity {
    uint32_t process;
    int pid; /* 0: the program runs in another process */
    uint32_t execs;
    struct sc_to_load load; /* what our loader is to load, if that is started */
};

/*
 * The environment for a program about to be started: the given one plus the session, for the library that it is to load
 * (sc_process.library or other) or, if that is NULL, minus our LD_PRELOAD entry. Built in area (area_bytes). Returns
 * the array, or NULL if area is too small; *ret_needed is the size it takes.
 */
char **sc_environ_make(const struct sc_environ *given, const char *library, const struct sc_identity *identity,
                       void *area, size_t area_bytes, size_t *ret_needed);

#endif
