/* to_csv.c: a call a line, as comma-separated values (RFC 4180) under a line of names, those of jsonl. */
#include <inttypes.h>

#include "call_fields.h"
#include "write_text.h"

static void number_name(FILE *out, const char *name, bool known, int64_t value)
{
    (void)known;
    (void)value;
    fprintf(out, ",%s", name);
}

static void text_name(FILE *out, const char *name, const char *value)
{
    (void)value;
    fprintf(out, ",%s", name);
}

static int begin(struct sc_export *export)
{
    static const struct sc_field_writer names = {number_name, text_name};
    static const struct sc_event event;
    static const struct sc_call_fields fields;
    fputs("run", export->out);
    sc_write_fields(export->out, &names, &event, &fields);
    putc('\n', export->out);
    return 0;
}

static void text(FILE *out, const char *name, const char *value)
{
    (void)name;
    putc(',', out);
    sc_write_csv_text(out, value);
}

static void number(FILE *out, const char *name, bool known, int64_t value)
{
    (void)name;
    putc(',', out);
    if (known)
        fprintf(out, "%" PRId64, value);
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    static const struct sc_field_writer writer = {number, text};
    struct sc_call_fields fields;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    fprintf(export->out, "%u", run->number);
    sc_write_fields(export->out, &writer, event, &fields);
    putc('\n', export->out);
    return 0;
}

const struct sc_export_ops sc_export_csv = {
    .name = "csv", .what = "a call a line, as comma-separated values", .begin = begin, .call = call};
