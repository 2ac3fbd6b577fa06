/*
 * harness.h: the library's core (writers, records, the file, fork, options) in an ordinary program, so that a sanitizer
 * can look at it. What it has written is read with the analyzer's own reader.
 */
#ifndef SC_HARNESS_H
#define SC_HARNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../shim/args/call_record.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Begins a session in this process. limit: SYSCAP_MAX_SIZE, 0: none; keep_last: what of it stays. */
void harness_begin(const char *path, uint64_t limit, bool keep_last, char **argv);

/* Records a call that says "writer's number so-and-so"; every 16th with a string, so that strings are stored too. */
void harness_record(uint32_t writer, uint64_t number);

/* What a capture may lack: nothing; what found no room; the oldest of each writer. */
enum harness_lack { HARNESS_NOTHING, HARNESS_LOST, HARNESS_OLDEST };

/*
 * Reads the capture: of each of the writers, its numbers 0 to counts[writer] - 1, each once and in order. Returns how
 * many calls the capture says are missing; so many may lack.
 */
uint64_t harness_expect(const char *path, const uint64_t *counts, uint32_t writers, enum harness_lack lack);

/* The scenes; each leaves its capture at path. */
void scene_threads(const char *path, char **argv);
void scene_signals(const char *path, char **argv);
void scene_fork(const char *path, char **argv);
void scene_limit(const char *path, char **argv);
void scene_keep(const char *path, char **argv);
void scene_options(const char *path, char **argv);

#endif
