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

#endif
