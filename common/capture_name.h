/*
 * capture_name.h: the name of a capture whose first choice is taken, by a session that is being recorded.
 */
#ifndef SC_CAPTURE_NAME_H
#define SC_CAPTURE_NAME_H

#include <stddef.h>

/*
 * Makes path (of bytes) the turn's choice, in place: before the ending of its last part, "rust.bin" becomes
 * "rust.2.bin"; turn 1 leaves it. 0 or -ENAMETOOLONG.
 */
int sc_other_name(char *path, unsigned turn, size_t bytes);

#endif
