/* message.h: the capture's name, expanded from the pattern in SYSCAP_OUTPUT, and our lines on stderr. */
#ifndef SC_MESSAGE_H
#define SC_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Expands pattern (%n program, %p pid, %% percent sign) into path (SC_PATH_BYTES), made absolute by the working
 * directory, and into fresh an unused name in the same directory. turn: from 2 on, the name to try when the earlier
 * ones are taken: name.2.bin. 0, or -ENAMETOOLONG, or getcwd's error.
 */
int sc_output_names(const char *pattern, unsigned turn, uint64_t nonce, char *path, char *fresh, size_t fresh_bytes);

/* One line on the standard error output: "syscap: " and the three texts. The only thing that is ever written there. */
void sc_complain(const char *what, const char *name, const char *why);

/* ": " and a short text for an error number; strerror would load locales and allocate. */
const char *sc_error_text(int error);

#endif
