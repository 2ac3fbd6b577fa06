/*
 * input.h: inputs that cannot be read in place: standard input ("-"), pipes and packed files. What they hold is put
 * into a temporary file without a name first, and all who open the path read that one; a pipe has no second beginning.
 */
#ifndef SC_INPUT_H
#define SC_INPUT_H

#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "error.h"

struct sc_input;

/* 16 GiB: the most that an input may have that is no file read in place. In memory (no TMPDIR) it is 1 GiB at most. */
#define SC_UNPACKED_MAX (UINT64_C(16) << 30)
void sc_input_limit(uint64_t bytes);

/*
 * Before a path is opened: 0 and what sc_input_release takes, *ret_input being NULL for a file that is read in place;
 * or -errno and ret_error. From many threads at once.
 */
int sc_input_take(const char *path, struct sc_input **ret_input, struct sc_error *ret_error);
void sc_input_release(struct sc_input *input);

/* Bytes that it has when unpacked, and why these are not all (NULL: they are). */
uint64_t sc_input_bytes(const struct sc_input *input);
const char *sc_input_damage(const struct sc_input *input);

/* As open and fopen. The descriptor has a place that others share: read by pread. Or -errno. */
int sc_input_open(const char *path);
FILE *sc_input_stream(const char *path);

/* As stat, standard input being what it was given. */
int sc_input_stat(const char *path, struct stat *ret_info);

#endif
