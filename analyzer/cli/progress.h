/*
 * progress.h: a line on stderr while a long input is read, on a terminal only.
 */
#ifndef SC_PROGRESS_H
#define SC_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "../sources/source.h"

struct sc_progress {
    bool terminal, shown;
    uint32_t turns;
    struct timespec next;
    const char *what; /* "reading rust.bin" */
    const char *name;
};

/* what and name have to outlive the progress. */
void sc_progress_begin(struct sc_progress *progress, const char *what, const char *name);

/* Cheap enough for every batch of events. */
void sc_progress_step(struct sc_progress *progress, const struct sc_source *source);

/* Takes the line away. */
void sc_progress_end(struct sc_progress *progress);

#endif
