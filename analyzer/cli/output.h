/*
 * output.h: a file that is there whole or not at all: written under a temporary name beside it and renamed.
 */
#ifndef SC_OUTPUT_H
#define SC_OUTPUT_H

#include <stdio.h>

#include "../sources/source.h"

struct sc_output {
    FILE *file;
    char *path;
    char *temporary; /* NULL: path is no regular file (a terminal, /dev/null) and is written directly */
};

/* What is analysed, as it was named: files, and prefixes of files (strace -ff). */
struct sc_inputs {
    const char *const *paths;
    size_t count;
};

/*
 * A file that is an input, by whatever name, or that holds a capture is refused: nothing can bring a recording back.
 * 0, or -errno and ret_error filled.
 */
int sc_output_open(const char *path, const struct sc_inputs *inputs, struct sc_output *ret_output,
                   struct sc_error *ret_error);

/* Puts the file in its place, or with failed away; frees output. failed is returned, or -errno and ret_error filled. */
int sc_output_close(struct sc_output *output, int failed, struct sc_error *ret_error);

/* Makes a directory and those above it. 0, or -errno and ret_error filled. */
int sc_make_directory(const char *path, struct sc_error *ret_error);

#endif
