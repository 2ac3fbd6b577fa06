/* to_jsonl.c: a call a line, as a JSON object with the same keys in each. */
#include "call_fields.h"

static void key(struct sc_row_buffer *rows, const char *name)
{
    sc_row_bytes(rows, ",\"", 2);
    sc_row_text(rows, name);
    sc_row_bytes(rows, "\":", 2);
}

static void text(struct sc_row_buffer *rows, const char *name, const char *value)
{
    key(rows, name);
    sc_row_json(rows, value);
}

static void number(struct sc_row_buffer *rows, const char *name, bool known, int64_t value)
{
    key(rows, name);
    if (known)
        sc_row_number(rows, value);
    else
        sc_row_text(rows, "null");
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    static const struct sc_field_writer writer = {number, text};
    struct sc_call_fields fields;
    struct sc_row_buffer *rows = export->state;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    sc_row_text(rows, "{\"run\":");
    sc_row_number(rows, run->number);
    sc_write_fields(rows, &writer, event, &fields);
    sc_row_bytes(rows, "}\n", 2);
    return 0;
}

const struct sc_export_ops sc_export_jsonl = {
    .name = "jsonl", .what = "a call a line, as JSON", .begin = sc_begin_rows, .call = call, .end = sc_end_rows};
