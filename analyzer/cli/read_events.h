/*
 * read_events.h: a run read from its begin to its end, batch by batch.
 */
#ifndef SC_READ_EVENTS_H
#define SC_READ_EVENTS_H

#include "../model/event.h"
#include "../sources/source.h"

/* Takes the events of a batch, in order. 0, or -ENOMEM, or another -errno. */
typedef int sc_take_events(void *state, const struct sc_event *events, size_t count);

/*
 * doing: "reading", for the line on a terminal that tells how far it is; NULL: in silence. 0, or -errno and ret_error
 * filled: by the source, by take where it did, or for what take returned.
 */
int sc_read_events(struct sc_source *source, const char *doing, const char *path, sc_take_events *take, void *state,
                   struct sc_error *ret_error);

#endif
