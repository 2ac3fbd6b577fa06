/*
 * capture_name.h: the name of a capture: from the user's pattern, and where that is taken.
 */
#ifndef SC_CAPTURE_NAME_H
#define SC_CAPTURE_NAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * Expands pattern into path (of bytes): %n is the last part of program, a path, %p the pid, %% a percent sign. path
 * holds used bytes already, the working directory where the pattern is relative. 0 or -ENAMETOOLONG.
 */
int sc_expand_name(const char *pattern, const char *program, uint32_t pid, char *path, size_t used, size_t bytes);

/*
 * Makes path (of bytes) the turn's choice, in place: before the ending of its last part, "rust.bin" becomes
 * "rust.2.bin"; turn 1 leaves it. 0 or -ENAMETOOLONG.
 */
int sc_other_name(char *path, unsigned turn, size_t bytes);

#endif
