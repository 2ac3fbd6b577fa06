/*
 * param_diff.h: where two runs were given different things to do: a reader must never take a parameter for a language.
 */
#ifndef SC_PARAM_DIFF_H
#define SC_PARAM_DIFF_H

#include "../model/files.h"
#include "../model/run.h"
#include "../model/strings.h"
#include "../text/normalise.h"

struct sc_side {
    const struct sc_run *run;
    struct sc_normaliser *normaliser; /* or NULL: names are compared as they are */
    const struct sc_files *files;     /* or NULL */
};

/*
 * Compares command lines option by option (--name value, --name=value; the program's name differs naturally) and the
 * environments as far as they are known, but for variables without effect; names of files by their normalised form.
 * Adds one line each, "--initialize true / false"; "environment INIT differs" where only hashes are known, which can't
 * tell the name of a file either.
 * ret_parameters: one of them is more than the name of a file. A side whose command line is not known differs in
 * nothing.
 */
void sc_find_param_diff(const struct sc_side *a, const struct sc_side *b, struct sc_strings *lines,
                        bool *ret_parameters);

#endif
