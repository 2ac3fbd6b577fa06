/*
 * environ.h: the environment with which the program starts other programs.
 */
#ifndef SC_ENVIRON_H
#define SC_ENVIRON_H

#include "../core/state.h"

/* An environment of the program's, every string of which can be read. */
struct sc_environ {
    sc_addr array;
    size_t count;
    sc_addr preload; /* the value of LD_PRELOAD, 0: there is none, */
    size_t preload_bytes;
    bool asan_anywhere; /* ASAN_OPTIONS allow the runtime to come behind other libraries */
};

/* Asks for all of it. False where it can't be read: the kernel is to see it as it is. */
bool sc_environ_read(sc_addr array, struct sc_environ *ret_environ);

/* The value of a variable, named with its sign, in an environment that can be read; 0 where it is not there. */
sc_addr sc_environ_find(const struct sc_environ *given, const char *name_and_sign);

/* Who hands the session on: the process that the new program replaces, or the parent of the one that will run it. */
struct sc_identity {
    uint32_t process;
    int pid; /* 0: the program runs in another process */
    uint32_t execs;
};

/*
 * The environment for a program about to be started: the given one with what hands the session on, or, where load is
 * false, without our LD_PRELOAD entry. Built in area, which holds area_bytes. Returns the array, or NULL where area is
 * too small; *ret_needed says how much it takes.
 */
char **sc_environ_make(const struct sc_environ *given, bool load, const struct sc_identity *identity, void *area,
                       size_t area_bytes, size_t *ret_needed);

#endif
