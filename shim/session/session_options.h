/*
 * session_options.h: what the environment asks for, and how a session is handed from a process to its children.
 *
 * The user's variables are SYSCAP_OUTPUT, SYSCAP_MODE, SYSCAP_CHILDREN, SYSCAP_STACK and SYSCAP_MAX_SIZE; they stay in
 * the environment. SYSCAP_SESSION is ours: syscap-record and what hands it on (environ.h) add it and the constructor
 * takes it out before the program can see it. It is a list "key=value;...", path or output last, because they may hold
 * semicolons.
 */
#ifndef SC_OPTIONS_H
#define SC_OPTIONS_H

#include "../../common/user_options.h"
#include "../core/state.h"

struct sc_options {
    bool join;     /* a session exists: path, dev, ino, nonce, process, pid and execs describe it */
    bool launched; /* by syscap-record, which chose the nonce */
    bool hide;     /* our LD_PRELOAD entry is not the user's */
    struct sc_user_options asked;
    uint64_t nonce, dev, ino;
    uint32_t process, execs;
    int pid;
    bool renamed;     /* the name was taken by a capture that is being recorded */
    const char *path; /* where join */
    const char *bad;  /* name of a variable with a value that is none, or NULL */
};

/* Reads the options from an environment. The strings stay the environment's. */
void sc_options_read(char **environment, struct sc_options *ret_options);

/* Takes SYSCAP_SESSION, and where hide is set our entry of LD_PRELOAD, out of the environment, in place. */
void sc_environment_clean(char **environment, bool hide);

/* Our entry in a list of libraries, and its length; NULL where it is not among them. */
const char *sc_own_entry(const char *list, size_t *ret_length);

#endif
