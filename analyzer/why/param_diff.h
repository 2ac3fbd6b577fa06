/*
 * param_diff.h: where two runs were given different things to do: a reader must never take a parameter for a language.
 */
#ifndef SC_PARAM_DIFF_H
#define SC_PARAM_DIFF_H

#include "../model/strings.h"
#include "side.h"

/*
 * Compares command lines option by option (--name value, --name=value; the program's name differs naturally) and the
 * environments as far as they are known, but for variables without effect; there, names of files by their normalised
 * form. Paths in the command line are said, and are no more than names where both name the same thing (named.h).
 * Adds one line each, "--initialize true / false"; "environment INIT differs" where only hashes are known, which can't
 * tell the name of a file either. other_names has those that are no more than names. A side whose command line is not
 * known differs in nothing.
 */
void sc_find_param_diff(const struct sc_side *a, const struct sc_side *b, struct sc_strings *lines,
                        struct sc_strings *other_names);

#endif
