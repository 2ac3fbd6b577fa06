#include "read_events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"

enum { BATCH = 64 }; /* few enough to stay in the cache nearest to the core */

int sc_read_events(struct sc_source *source, const char *doing, const char *path, sc_take_events *take, void *state,
                   struct sc_error *ret_error)
{
    struct sc_event *events = calloc(BATCH, sizeof *events);
    struct sc_progress progress;
    int64_t count = 0;
    int error = events ? 0 : -ENOMEM;
    ret_error->text[0] = '\0';
    sc_progress_begin(&progress, doing, path);
    while (!error && (count = sc_source_next(source, events, BATCH, ret_error)) > 0) {
        error = take(state, events, (size_t)count);
        sc_progress_step(&progress, source);
    }
    sc_progress_end(&progress);
    free(events);
    if (error && !ret_error->text[0])
        snprintf(ret_error->text, sizeof ret_error->text, "%s", error == -ENOMEM ? "out of memory" : strerror(-error));
    return count < 0 ? (int)count : error;
}
