/*
 * perfetto_trace.h: the packets of a trace for ui.perfetto.dev: tracks, slices, counters, and names that are written
 * once.
 *
 * Numbers of fields: protos/perfetto/trace/ of https://github.com/google/perfetto, at ec5d16b14b74; such numbers never
 * change.
 */
#ifndef SC_PERFETTO_TRACE_H
#define SC_PERFETTO_TRACE_H

#include <stdio.h>

#include "../model/intern.h"
#include "proto_write.h"

/* Names of one kind; their iids count from 1. */
enum sc_trace_names { SC_TRACE_CATEGORY, SC_TRACE_NAME, SC_TRACE_KEY, SC_TRACE_STRING, SC_TRACE_KINDS };

/* A name that was looked up, and where it stood then. */
struct sc_trace_recent {
    const char *at;
    uint32_t id;
};
enum { SC_TRACE_RECENT = 64 };

/* All zero but for out is a trace without packets. */
struct sc_trace {
    FILE *out;
    uint64_t tracks; /* uuids: 1 to it */
    bool begun;
    struct sc_intern names[SC_TRACE_KINDS];
    struct sc_trace_recent recent[SC_TRACE_KINDS][SC_TRACE_RECENT];
    struct sc_proto new_names; /* an InternedData: those that the next event uses first */
    struct sc_proto packet, event, inner, name;
    int error; /* the first one, -errno */
};

void sc_trace_free(struct sc_trace *trace);

/* 0, or -errno: of all that was done so far. */
int sc_trace_error(const struct sc_trace *trace);

/* Who is behind a track; thread 0: a process's own. */
struct sc_trace_owner {
    int64_t pid, tid;
    const char *name;
    bool is_thread;
};

/* All return the track's uuid. */
uint64_t sc_trace_owned_track(struct sc_trace *trace, const struct sc_trace_owner *owner);
/* parent 0: none. */
uint64_t sc_trace_track(struct sc_trace *trace, uint64_t parent, const char *name);
uint64_t sc_trace_counter_track(struct sc_trace *trace, uint64_t parent, const char *name, const char *unit);

/* Fields of an event that are the same on several tracks: its annotations and flows. */
void sc_trace_note_number(struct sc_trace *trace, struct sc_proto *fields, const char *key, int64_t value);
void sc_trace_note_text(struct sc_trace *trace, struct sc_proto *fields, const char *key, const char *text);
/* last: where it ends. */
void sc_trace_note_flow(struct sc_proto *fields, uint64_t flow, bool last);

struct sc_trace_slice {
    uint64_t track, begin_ns, took_ns;
    bool took_known; /* or it is an instant */
    const char *name, *category;
};

void sc_trace_slice(struct sc_trace *trace, const struct sc_trace_slice *slice, const struct sc_proto *fields);
void sc_trace_counter(struct sc_trace *trace, uint64_t track, uint64_t at_ns, double value);

#endif
