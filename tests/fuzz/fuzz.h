/*
 * fuzz.h: what the fuzz targets share: any bytes through everything that the analyzer does with a run.
 */
#ifndef SC_FUZZ_H
#define SC_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../analyzer/sources/source.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * From one to the other, what is done must not take more steps or memory than so many bytes of input may; cost.c.
 * Aborts where it does.
 */
void fuzz_cost_begin(size_t input_bytes);
void fuzz_cost_end(void);

/* The bytes as a file of the name that is returned (in memory); the same file every time, with new contents. */
const char *fuzz_file(const uint8_t *data, size_t size);

/*
 * Opens path as that kind of source and does what syscap-analyze does: reads all of it, follows the files, counts,
 * reports as text and JSON; reads it a second time, an event a batch, and formats every line. Aborts where something
 * contradicts itself or a line holds a byte that a terminal might obey.
 */
void fuzz_whole_path(const struct sc_source_ops *ops, const char *path);

#endif
