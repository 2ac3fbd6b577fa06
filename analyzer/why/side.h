/*
 * side.h: one side of a comparison, for what compares what the two were given.
 */
#ifndef SC_SIDE_H
#define SC_SIDE_H

#include "../model/files.h"
#include "../model/run.h"
#include "../text/normalise.h"

struct sc_side {
    const struct sc_run *run;
    struct sc_normaliser *normaliser; /* or NULL: names are compared as they are */
    const struct sc_files *files;     /* or NULL */
};

#endif
