/* capture_call.c: a call's record as an event. */
#include "capture.h"

/* What stood behind an argument's pointer, in the order in which event.h wants it. */
static void add_value(struct sc_arg *arg, const struct sc_record *record, int64_t value)
{
    if (arg->extra_count >= SC_ARG_EXTRAS)
        return;
    /* The record holds the offset after the call. */
    if (arg->kind == SC_KIND_OFF_PTR && record->result > 0)
        value = (int64_t)((uint64_t)value - (uint64_t)record->result);
    arg->extra[arg->extra_count++] = value;
}

static void add_text(const struct sc_stream *stream, struct sc_arg *arg, uint64_t offset)
{
    const uint8_t *payload;
    size_t bytes;
    if (sc_find_meta(stream->bytes, stream->ref->used, offset, SC_META_STRING, &payload, &bytes) != 0)
        return;
    /* A hostile file has one long string and many calls that name it: no more is taken than a writer stores. */
    arg->text = (const char *)payload;
    arg->text_len = bytes < SC_TEXT_MAX ? bytes : SC_TEXT_MAX;
    arg->state |= SC_ARG_TEXT;
    if (bytes >= SC_TEXT_MAX)
        arg->state |= SC_ARG_CUT;
}

static void add_extras(const struct sc_stream *stream, const struct sc_record *record, struct sc_event *event)
{
    for (unsigned i = 0; i < record->extra_count; i++) {
        const struct sc_extra *extra = &record->extras[i];
        if (extra->arg >= event->nargs)
            continue;
        if (extra->type == SC_EXTRA_TEXT)
            add_text(stream, &event->args[extra->arg], extra->value);
        else if (extra->type == SC_EXTRA_VALUE)
            add_value(&event->args[extra->arg], record, (int64_t)extra->value);
    }
}

static inline void set_arg(struct sc_arg *arg, uint8_t kind, uint8_t state, int64_t value)
{
    arg->kind = kind;
    arg->state = state;
    arg->extra_count = 0;
    arg->value = value;
    arg->text = arg->raw = NULL;
    arg->text_len = arg->raw_len = 0;
}

static void set_call(const struct sc_capture *capture, const struct sc_call_desc *desc, unsigned nr,
                     struct sc_event *event)
{
    event->type = SC_EVENT_CALL;
    event->data_cut = false;
    event->nargs = desc->nargs;
    event->desc = desc;
    event->name = capture->names[nr];
    event->name_len = capture->name_lens[nr];
    event->errno_name = NULL;
    event->opened = NULL;
    event->way = SC_WAY_CALL;
    event->requests = NULL;
    event->request_count = event->requests_taken = 0;
    event->has_start = capture->times_known;
}

/* An unfinished call is known by its first arguments only. */
static void inflight_event(const struct sc_capture *capture, const struct sc_inflight *inflight, struct sc_event *event)
{
    unsigned nr = (unsigned)inflight->nr1 - 1;
    const struct sc_call_desc *desc = capture->descs[nr];
    set_call(capture, desc, nr, event);
    event->outcome = SC_UNFINISHED;
    event->data = SC_DATA_NONE;
    event->result = 0;
    event->has_duration = false;
    event->start_ns = sc_tick_to_ns(capture, inflight->start);
    event->duration_ns = 0;
    event->site = 0;
    for (unsigned i = 0; i < desc->nargs; i++) {
        bool known = i < sizeof inflight->args / sizeof inflight->args[0] && desc->stored & 1 << i;
        int64_t value = known ? sc_widen(inflight->args[i], sc_kind(desc->kinds[i])->width) : 0;
        set_arg(&event->args[i], desc->kinds[i], known ? SC_ARG_VALUE : 0, value);
    }
}

void sc_call_event(const struct sc_capture *capture, const struct sc_stream *stream, const struct sc_item *item,
                   struct sc_event *event)
{
    if (item->type == SC_ITEM_INFLIGHT) {
        inflight_event(capture, &stream->ref->inflight[item->offset], event);
        return;
    }
    const struct sc_record *record = &item->record;
    const struct sc_call_desc *desc = record->desc;
    set_call(capture, desc, record->nr, event);
    event->outcome = record->noreturn ? SC_NO_RETURN : SC_DONE;
    event->data = record->data;
    event->result = record->result;
    event->has_duration = capture->times_known && !record->noreturn;
    event->start_ns = sc_tick_to_ns(capture, record->start);
    event->duration_ns = sc_ticks_to_ns(capture, record->duration);
    event->site = record->site;
    for (unsigned i = 0; i < desc->nargs; i++) {
        unsigned bit = 1u << i;
        uint8_t state = desc->stored & bit ? SC_ARG_VALUE : record->nulls & bit ? SC_ARG_NULL : 0;
        set_arg(&event->args[i], desc->kinds[i], state, (int64_t)record->args[i]);
    }
    if (record->extra_count)
        add_extras(stream, record, event);
}
