/* to_csv.c: a call a line, as comma-separated values (RFC 4180) under a line of names, those of jsonl. */
#include "call_fields.h"

static void number_name(struct sc_row_buffer *rows, const char *name, bool known, int64_t value)
{
    (void)known;
    (void)value;
    sc_row_char(rows, ',');
    sc_row_text(rows, name);
}

static void text_name(struct sc_row_buffer *rows, const char *name, const char *value)
{
    (void)value;
    sc_row_char(rows, ',');
    sc_row_text(rows, name);
}

static int begin(struct sc_export *export)
{
    static const struct sc_field_writer names = {number_name, text_name};
    static const struct sc_event event;
    static const struct sc_call_fields fields;
    int error = sc_begin_rows(export);
    if (error)
        return error;
    sc_row_text(export->state, "run");
    sc_write_fields(export->state, &names, &event, &fields);
    sc_row_char(export->state, '\n');
    return 0;
}

static void text(struct sc_row_buffer *rows, const char *name, const char *value)
{
    (void)name;
    sc_row_char(rows, ',');
    sc_row_csv(rows, value);
}

static void number(struct sc_row_buffer *rows, const char *name, bool known, int64_t value)
{
    (void)name;
    sc_row_char(rows, ',');
    if (known)
        sc_row_number(rows, value);
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    static const struct sc_field_writer writer = {number, text};
    struct sc_call_fields fields;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    sc_row_number(export->state, run->number);
    sc_write_fields(export->state, &writer, event, &fields);
    sc_row_char(export->state, '\n');
    return 0;
}

const struct sc_export_ops sc_export_csv = {.name = "csv",
                                            .what = "a call a line, as comma-separated values",
                                            .begin = begin,
                                            .call = call,
                                            .end = sc_end_rows};
