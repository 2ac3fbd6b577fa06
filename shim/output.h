/*
 * output.h: the capture's name, from the pattern in SYSCAP_OUTPUT.
 */
#ifndef SC_OUTPUT_H
#define SC_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Expands pattern (%n program, %p pid, %% percent sign) into path (SC_PATH_BYTES), made absolute with the working
 * folder, and into fresh a name beside it that nobody else uses. 0, or -ENAMETOOLONG, or getcwd's error.
 */
int sc_output_names(const char *pattern, uint64_t nonce, char *path, char *fresh, size_t fresh_bytes);

/* One line on the standard error output: "syscap: " and the three texts. The only thing that is ever written there. */
void sc_complain(const char *what, const char *name, const char *why);

/* ": " and a short text for an error number; strerror would load locales and allocate. */
const char *sc_error_text(int error);

#endif
