/*
 * options_check.h: which options go with which; looked at where none of them asks for help.
 */
#ifndef SC_OPTIONS_CHECK_H
#define SC_OPTIONS_CHECK_H

#include "options.h"

/* All options are read. 0, or -EINVAL and why filled. */
int sc_options_check(const struct sc_options *options, char *why);

#endif
