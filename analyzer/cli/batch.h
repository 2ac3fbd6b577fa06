/*
 * batch.h: every pair of a directory, and which names make one.
 */
#ifndef SC_BATCH_H
#define SC_BATCH_H

#include "../sources/source.h"
#include "options.h"

/* One pair of inputs: paths in the directory, and what tells it from the other pairs. */
struct sc_batch_pair {
    char *paths[2];
    char *name; /* X; with the ending where two pairs have the same X */
};

struct sc_batch_pairs {
    struct sc_batch_pair *items;
    size_t count;
    struct sc_strings unpaired;
};

/*
 * Pairs the files of a directory whose names begin with the prefixes and go on alike: rust_X.bin with cpp_X.bin, or
 * else with cpp_X of another ending. The files of a strace -ff family (NAME.PID) are one input, NAME. What this program
 * itself writes is passed over. 0, or -errno and ret_error filled.
 */
int sc_batch_find(const char *directory, char *const prefixes[2], struct sc_batch_pairs *ret_pairs,
                  struct sc_error *ret_error);
void sc_batch_pairs_free(struct sc_batch_pairs *pairs);

/* Compares them all, and writes the page of --html. A pair that cannot be read is named in the result. 0, or -errno and
 * ret_error filled. */
int sc_batch_run(const struct sc_options *options, struct sc_report_batch *ret_batch, struct sc_error *ret_error);

#endif
