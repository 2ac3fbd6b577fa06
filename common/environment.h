/*
 * environment.h: the two variables that start the recording in a program, how they are put into its environment, and
 * how a session is described in one of them. What a session's keys mean: shim/session/session_options.h.
 */
#ifndef SC_ENVIRONMENT_H
#define SC_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SC_SESSION_IS "SYSCAP_SESSION="
#define SC_PRELOAD_IS "LD_PRELOAD="

/* Whether an entry begins with that; entries need not be memory that the caller may just read. */
typedef bool sc_entry_begins(const char *entry, const char *with);

/*
 * Puts ours into an array of count entries, in place; it has room for three more pointers. preload takes the place of
 * the first LD_PRELOAD, or is added; others go. session comes last. Either may be NULL: then there is none. Ends with
 * NULL.
 */
void sc_environment_fill(char **entries, size_t count, sc_entry_begins *begins, char *preload, char *session);

/* ";k=HEX", without a NUL, at most SC_KEY_BYTES: one of a session's values. How many. */
enum { SC_KEY_BYTES = 3 + 16 };
size_t sc_put_key(char *at, char key, uint64_t value);

/*
 * What syscap-record was told to record alone (user_options.h) stands before the capture's name, each with a semicolon
 * behind it: two keys say how long.
 */
struct sc_only_texts {
    const char *trace, *paths; /* or NULL */
};
enum { SC_ONLY_KEYS_BYTES = 2 * SC_KEY_BYTES };
size_t sc_put_only_keys(char *at, const struct sc_only_texts *only); /* at most SC_ONLY_KEYS_BYTES */
size_t sc_only_bytes(const struct sc_only_texts *only);
size_t sc_put_only(char *at, const struct sc_only_texts *only);

/*
 * Takes the texts off that stand at at; they end with NUL then. Returns what is behind them, or NULL where they are not
 * there. Of length 0: none.
 */
char *sc_read_only(char *at, uint64_t trace_bytes, uint64_t paths_bytes, struct sc_only_texts *ret_only);

/*
 * What our loader (shim/static) is to load stands behind the capture's name, the last value of a session. Names may
 * hold any character: two keys before the name say how long it and the program's file are.
 */
struct sc_to_load {
    const char *program; /* the file, absolute; NULL: a program that loads our library by itself */
    const char *execfn;  /* the name by which it is executed */
};

/* The keys, nothing without a program; at most SC_LOAD_KEYS_BYTES. How many bytes. */
enum { SC_LOAD_KEYS_BYTES = 2 * SC_KEY_BYTES };
size_t sc_put_load_keys(char *at, const struct sc_to_load *load, size_t name_bytes);

/* The bytes of what stands behind the name, without a NUL, and puts it there. */
size_t sc_load_bytes(const struct sc_to_load *load);
size_t sc_put_load(char *at, const struct sc_to_load *load);

/* Takes apart a capture's name that is followed by them: both end with NUL then. False where they are not there. */
bool sc_read_load(char *name, uint64_t name_bytes, uint64_t program_bytes, struct sc_to_load *ret_load);

#endif
