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
    struct sc_call_fields fields;
    FILE *out = export->out;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    fprintf(out, "{\"run\":%u", run->number);
    number(out, "start_ns", fields.time_known, (int64_t)fields.start_ns);
    number(out, "took_ns", fields.took_known, (int64_t)fields.took_ns);
    number(out, "pid", event->pid != 0, event->pid);
    number(out, "tid", event->tid != 0, event->tid);
    text(out, "program", fields.program);
    text(out, "call", fields.call);
    number(out, "result", fields.result_known, fields.result);
    text(out, "error", fields.error);
    text(out, "file", fields.file);
    text(out, "second_file", fields.second);
    number(out, "offset", fields.offset_known, fields.offset);
    number(out, "bytes", fields.bytes_known, (int64_t)fields.bytes);
    text(out, "data", fields.data);
    text(out, "site", fields.site);
    fputs("}\n", out);
    return 0;
}

const struct sc_export_ops sc_export_jsonl = {.name = "jsonl", .what = "a call a line, as JSON", .call = call};
