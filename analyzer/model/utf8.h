/*
 * utf8.h: names are bytes, and most formats take UTF-8 alone.
 */
#ifndef SC_UTF8_H
#define SC_UTF8_H

#include <stdbool.h>

/* RFC 3629. */
bool sc_is_utf8(const char *text);

/*
 * text itself where it is UTF-8; else a copy with \xNN for each byte that is not ASCII, which *ret_copy owns: to be
 * freed, NULL where there is none. NULL where memory is short.
 */
const char *sc_utf8_text(const char *text, char **ret_copy);

#endif
