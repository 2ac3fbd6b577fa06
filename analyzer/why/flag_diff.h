/*
 * flag_diff.h: command lines that differ in nothing but options of one word. Then no option's value needs to be told
 * from an argument, which nobody knows who does not know the program.
 */
#ifndef SC_FLAG_DIFF_H
#define SC_FLAG_DIFF_H

#include <stdbool.h>

#include "../model/strings.h"

/* "-v", "--verbose", "-Ifolder"; a number is none. */
bool sc_is_option(const char *text);

/* Says what differs where that is all, and whether it is. argv[0] is not looked at. */
bool sc_find_flag_diff(char *const *a, char *const *b, struct sc_strings *lines);

#endif
