/*
 * name_match.h: patterns of names, as fnmatch(3) takes them without flags: * is any text, ? one byte, [a-c] one of
 * these, [!a] any other, \ takes what follows for itself. Where nothing but our own code may run there is no fnmatch.
 */
#ifndef SC_NAME_MATCH_H
#define SC_NAME_MATCH_H

#include <stdbool.h>

/* A slash is a byte like others. */
bool sc_matches(const char *pattern, const char *text);

/*
 * Of a file: its whole name, or, where the pattern doesn't begin with a slash, what follows some slash in it; of a
 * pattern without slashes that is the last part.
 */
bool sc_name_fits(const char *pattern, const char *name);

/*
 * Does one of several fit, with colons between them? A pattern of SC_PATTERN_BYTES or more is taken to fit: it would
 * not go on a small stack.
 */
enum { SC_PATTERN_BYTES = 512 };
bool sc_name_fits_one(const char *patterns, const char *name);

#endif
