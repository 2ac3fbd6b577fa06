/* to_jsonl.c: a call a line, as a JSON object with the same keys in each. */
#include <inttypes.h>

#include "call_fields.h"
#include "write_text.h"

static void text(FILE *out, const char *key, const char *value)
{
    fprintf(out, ",\"%s\":", key);
    sc_write_json_text(out, value);
}

static void number(FILE *out, const char *key, bool known, int64_t value)
{
    if (known)
        fprintf(out, ",\"%s\":%" PRId64, key, value);
    else
        fprintf(out, ",\"%s\":null", key);
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    static const struct sc_field_writer writer = {number, text};
    struct sc_call_fields fields;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    fprintf(export->out, "{\"run\":%u", run->number);
    sc_write_fields(export->out, &writer, event, &fields);
    fputs("}\n", export->out);
    return 0;
}

const struct sc_export_ops sc_export_jsonl = {.name = "jsonl", .what = "a call a line, as JSON", .call = call};
