/*
 * session_options.h: what the environment asks for, and how a process passes the session to its children.
 *
 * The user's variables, SYSCAP_OUTPUT, SYSCAP_MODE, SYSCAP_CHILDREN, SYSCAP_STACK, SYSCAP_MAX_SIZE,
 * SYSCAP_ENV, SYSCAP_STATIC, SYSCAP_TRACE, SYSCAP_PATHS and SYSCAP_KEEP, stay in the environment. SYSCAP_SESSION is
 * ours: syscap-record and environ.h add it, and the constructor removes it before the program can see it. It is a list
 * "key=value;..." with path or output last, because those may hold semicolons.
 */
#ifndef SC_SESSION_OPTIONS_H
#define SC_SESSION_OPTIONS_H

#include "../../common/environment.h"
#include "../../common/user_options.h"
#include "../core/state.h"

struct sc_options {
    bool join;     /* a session exists: path, dev, ino, nonce, process, pid and execs describe it */
    bool launched; /* by syscap-record, which chose the nonce */
    bool hide;     /* our LD_PRELOAD entry is not the user's */
    bool swapped;  /* it is, but the user's names the library for the other C library */
    struct sc_user_options asked;
    uint64_t nonce, dev, ino;
    uint32_t process, execs;
    int pid;
    bool renamed;           /* the name was taken by a capture that is being recorded */
    const char *path;       /* where join */
    struct sc_to_load load; /* for our loader (../static): what it is to load */
    const char *bad;        /* name of a variable with a value that is none, or NULL */
};

/* The value of the variable, NULL where it is not there. */
char *sc_variable(char *const *environment, const char *name);

/* Reads the options from an environment. The strings stay the environment's. */
void sc_options_read(char **environment, struct sc_options *ret_options);

/*
 * Removes SYSCAP_SESSION from the environment and, if they say so, our LD_PRELOAD entry, or puts the user's in its
 * place again. In place.
 */
void sc_environment_clean(char **environment, const struct sc_options *options);

/* Our entry in a list of libraries, for either C library, and its length; NULL if it is not there. */
const char *sc_own_entry(const char *list, size_t *ret_length);

#endif
