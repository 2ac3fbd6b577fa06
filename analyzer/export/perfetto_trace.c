#include "perfetto_trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/utf8.h"

/* trace.proto */
enum { TRACE_PACKET = 1 };
/* trace_packet.proto */
enum {
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE = 10, /* trusted_packet_sequence_id */
    PACKET_EVENT = 11,
    PACKET_NAMES = 12, /* interned_data */
    PACKET_FLAGS = 13,
    PACKET_TRACK = 60,
};
enum { FLAG_STATE_CLEARED = 1, FLAG_NEEDS_STATE = 2, SEQUENCE = 1 };
/* track_event/track_event.proto */
enum {
    EVENT_CATEGORY = 3,
    EVENT_ANNOTATION = 4,
    EVENT_TYPE = 9,
    EVENT_NAME = 10,
    EVENT_TRACK = 11,
    EVENT_DOUBLE_VALUE = 44,
    EVENT_FLOW = 47,
    EVENT_LAST_FLOW = 48,
};
enum { TYPE_BEGIN = 1, TYPE_END = 2, TYPE_INSTANT = 3, TYPE_COUNTER = 4 };
/* track_event/debug_annotation.proto */
enum { NOTE_KEY = 1, NOTE_NUMBER = 4, NOTE_STRING = 17 };
/* track_event/track_descriptor.proto */
enum { TRACK_UUID = 1, TRACK_NAME = 2, TRACK_PROCESS = 3, TRACK_THREAD = 4, TRACK_PARENT = 5, TRACK_COUNTER = 8 };
/* track_event/process_descriptor.proto, thread_descriptor.proto, counter_descriptor.proto */
enum { PROCESS_PID = 1, PROCESS_NAME = 6, THREAD_PID = 1, THREAD_TID = 2, THREAD_NAME = 5, COUNTER_UNIT = 6 };
/* interned_data/interned_data.proto: event_categories, event_names, debug_annotation_names,
 * debug_annotation_string_values; each of them has its iid as field 1 and the text as 2. */
static const unsigned char names_field[SC_TRACE_KINDS] = {1, 2, 3, 29};
enum { NAME_IID = 1, NAME_TEXT = 2 };

void sc_trace_free(struct sc_trace *trace)
{
    for (int i = 0; i < SC_TRACE_KINDS; i++)
        sc_intern_free(&trace->names[i]);
    sc_proto_free(&trace->new_names);
    sc_proto_free(&trace->packet);
    sc_proto_free(&trace->event);
    sc_proto_free(&trace->inner);
    sc_proto_free(&trace->name);
}

int sc_trace_error(const struct sc_trace *trace)
{
    bool failed = trace->new_names.failed || trace->packet.failed || trace->event.failed || trace->inner.failed ||
                  trace->name.failed;
    return trace->error ? trace->error : failed ? -ENOMEM : 0;
}

static void text(struct sc_trace *trace, struct sc_proto *proto, unsigned field, const char *value)
{
    char *copy;
    const char *shown = sc_utf8_text(value, &copy);
    if (shown)
        sc_proto_bytes(proto, field, shown, strlen(shown));
    else
        trace->error = -ENOMEM;
    free(copy);
}

/* Writes the packet. What cannot be written shows in out. */
static void end_packet(struct sc_trace *trace)
{
    struct sc_proto *packet = &trace->packet;
    sc_proto_number(packet, PACKET_SEQUENCE, SEQUENCE);
    sc_proto_number(packet, PACKET_FLAGS, trace->begun ? FLAG_NEEDS_STATE : FLAG_STATE_CLEARED | FLAG_NEEDS_STATE);
    trace->begun = true;
    sc_proto_clear(&trace->inner);
    sc_proto_message(&trace->inner, TRACE_PACKET, packet);
    fwrite(trace->inner.bytes, 1, trace->inner.count, trace->out);
    sc_proto_clear(packet);
}

/*
 * The iid of a name. One that is new goes with the packet that is written next. A call has a dozen names and they are
 * mostly at the same addresses, where what stood there the last time is soon compared.
 */
static uint64_t iid_of(struct sc_trace *trace, enum sc_trace_names kind, const char *value)
{
    struct sc_trace_recent *recent = &trace->recent[kind][((uintptr_t)value >> 3) % SC_TRACE_RECENT];
    uint32_t id, before = trace->names[kind].count;
    if (recent->at == value && strcmp(sc_intern_text(&trace->names[kind], recent->id), value) == 0)
        return (uint64_t)recent->id + 1;
    int error = sc_intern_add(&trace->names[kind], value, strlen(value), &id);
    if (error) {
        trace->error = error;
        return 0;
    }
    *recent = (struct sc_trace_recent){value, id};
    if (trace->names[kind].count != before) {
        sc_proto_clear(&trace->name);
        sc_proto_number(&trace->name, NAME_IID, (uint64_t)id + 1);
        text(trace, &trace->name, NAME_TEXT, value);
        sc_proto_message(&trace->new_names, names_field[kind], &trace->name);
    }
    return (uint64_t)id + 1;
}

static void end_event(struct sc_trace *trace, uint64_t at_ns)
{
    sc_proto_number(&trace->packet, PACKET_TIMESTAMP, at_ns);
    sc_proto_message(&trace->packet, PACKET_EVENT, &trace->event);
    if (trace->new_names.count)
        sc_proto_message(&trace->packet, PACKET_NAMES, &trace->new_names);
    sc_proto_clear(&trace->new_names);
    end_packet(trace);
}

static uint64_t end_track(struct sc_trace *trace)
{
    sc_proto_number(&trace->event, TRACK_UUID, ++trace->tracks);
    sc_proto_message(&trace->packet, PACKET_TRACK, &trace->event);
    end_packet(trace);
    return trace->tracks;
}

uint64_t sc_trace_owned_track(struct sc_trace *trace, const struct sc_trace_owner *owner)
{
    bool thread = owner->is_thread;
    sc_proto_clear(&trace->event);
    sc_proto_clear(&trace->inner);
    sc_proto_number(&trace->inner, thread ? THREAD_PID : PROCESS_PID, (uint64_t)owner->pid);
    if (thread)
        sc_proto_number(&trace->inner, THREAD_TID, (uint64_t)owner->tid);
    text(trace, &trace->inner, thread ? THREAD_NAME : PROCESS_NAME, owner->name);
    sc_proto_message(&trace->event, thread ? TRACK_THREAD : TRACK_PROCESS, &trace->inner);
    return end_track(trace);
}

static void begin_named(struct sc_trace *trace, uint64_t parent, const char *name)
{
    sc_proto_clear(&trace->event);
    if (parent)
        sc_proto_number(&trace->event, TRACK_PARENT, parent);
    text(trace, &trace->event, TRACK_NAME, name);
}

uint64_t sc_trace_track(struct sc_trace *trace, uint64_t parent, const char *name)
{
    begin_named(trace, parent, name);
    return end_track(trace);
}

uint64_t sc_trace_counter_track(struct sc_trace *trace, uint64_t parent, const char *name, const char *unit)
{
    begin_named(trace, parent, name);
    sc_proto_clear(&trace->inner);
    text(trace, &trace->inner, COUNTER_UNIT, unit);
    sc_proto_message(&trace->event, TRACK_COUNTER, &trace->inner);
    return end_track(trace);
}

void sc_trace_note_number(struct sc_trace *trace, struct sc_proto *fields, const char *key, int64_t value)
{
    sc_proto_clear(&trace->inner);
    sc_proto_number(&trace->inner, NOTE_KEY, iid_of(trace, SC_TRACE_KEY, key));
    sc_proto_number(&trace->inner, NOTE_NUMBER, (uint64_t)value);
    sc_proto_message(fields, EVENT_ANNOTATION, &trace->inner);
}

void sc_trace_note_text(struct sc_trace *trace, struct sc_proto *fields, const char *key, const char *value)
{
    sc_proto_clear(&trace->inner);
    sc_proto_number(&trace->inner, NOTE_KEY, iid_of(trace, SC_TRACE_KEY, key));
    sc_proto_number(&trace->inner, NOTE_STRING, iid_of(trace, SC_TRACE_STRING, value));
    sc_proto_message(fields, EVENT_ANNOTATION, &trace->inner);
}

void sc_trace_note_flow(struct sc_proto *fields, uint64_t flow, bool last)
{
    sc_proto_fixed64(fields, last ? EVENT_LAST_FLOW : EVENT_FLOW, flow);
}

static void begin_event(struct sc_trace *trace, uint64_t track, unsigned type)
{
    sc_proto_clear(&trace->event);
    sc_proto_number(&trace->event, EVENT_TRACK, track);
    sc_proto_number(&trace->event, EVENT_TYPE, type);
}

void sc_trace_slice(struct sc_trace *trace, const struct sc_trace_slice *slice, const struct sc_proto *fields)
{
    begin_event(trace, slice->track, slice->took_known ? TYPE_BEGIN : TYPE_INSTANT);
    sc_proto_number(&trace->event, EVENT_CATEGORY, iid_of(trace, SC_TRACE_CATEGORY, slice->category));
    sc_proto_number(&trace->event, EVENT_NAME, iid_of(trace, SC_TRACE_NAME, slice->name));
    sc_proto_append(&trace->event, fields);
    end_event(trace, slice->begin_ns);
    if (!slice->took_known)
        return;
    begin_event(trace, slice->track, TYPE_END);
    end_event(trace, slice->begin_ns + slice->took_ns);
}

void sc_trace_counter(struct sc_trace *trace, uint64_t track, uint64_t at_ns, double value)
{
    begin_event(trace, track, TYPE_COUNTER);
    sc_proto_double(&trace->event, EVENT_DOUBLE_VALUE, value);
    end_event(trace, at_ns);
}
