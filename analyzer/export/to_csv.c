/* to_csv.c: a call a line, as comma-separated values (RFC 4180) under a line of names, those of jsonl. */
#include <inttypes.h>

#include "call_fields.h"
#include "write_text.h"

static int begin(struct sc_export *export)
{
    fputs("run,start_ns,took_ns,pid,tid,program,call,result,error,file,second_file,offset,bytes,data,site\n",
          export->out);
    return 0;
}

static void text(FILE *out, const char *value)
{
    putc(',', out);
    sc_write_csv_text(out, value);
}

static void number(FILE *out, bool known, int64_t value)
{
    putc(',', out);
    if (known)
        fprintf(out, "%" PRId64, value);
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    struct sc_call_fields fields;
    FILE *out = export->out;
    if (event->type != SC_EVENT_CALL)
        return 0;
    sc_call_fields(run, event, access, &fields);
    fprintf(out, "%u", run->number);
    number(out, fields.time_known, (int64_t)fields.start_ns);
    number(out, fields.took_known, (int64_t)fields.took_ns);
    number(out, event->pid != 0, event->pid);
    number(out, event->tid != 0, event->tid);
    text(out, fields.program);
    text(out, fields.call);
    number(out, fields.result_known, fields.result);
    text(out, fields.error);
    text(out, fields.file);
    text(out, fields.second);
    number(out, fields.offset_known, fields.offset);
    number(out, fields.bytes_known, (int64_t)fields.bytes);
    text(out, fields.data);
    text(out, fields.site);
    putc('\n', out);
    return 0;
}

const struct sc_export_ops sc_export_csv = {
    .name = "csv", .what = "a call a line, as comma-separated values", .begin = begin, .call = call};
