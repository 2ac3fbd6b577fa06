/*
 * input_diff.h: where two runs were given other contents to read: a program that reads more of it does more.
 */
#ifndef SC_INPUT_DIFF_H
#define SC_INPUT_DIFF_H

#include "../model/strings.h"
#include "side.h"

/* Read and never written by the run, and not of the system's own: its contents were given to the program. */
bool sc_is_input(const struct sc_file *file);

/*
 * Adds a line for each file that both sides read to its end and that was not as long, "input CWD/f: 4 KB / 6 MB",
 * "standard input: 0 bytes / 12 bytes". Files of the two sides are the same where their roles are.
 */
void sc_find_input_diff(const struct sc_side *a, const struct sc_side *b, struct sc_strings *lines);

#endif
