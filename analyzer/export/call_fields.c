#include "call_fields.h"

#include <errno.h>
#include <stdlib.h>

#include "../model/error_names.h"
#include "../model/request_names.h"

static const char *path_of(const struct sc_export_run *run, uint32_t file)
{
    return file == SC_NO_FILE ? NULL : sc_files_get(run->files, file)->path;
}

static const char *data_of(const struct sc_event *event)
{
    if (event->desc->category != SC_CAT_WRITE || event->outcome != SC_DONE || event->result <= 0)
        return NULL;
    return event->data == SC_DATA_ZERO ? "zeros" : event->data == SC_DATA_SOME ? "data" : NULL;
}

void sc_call_fields(const struct sc_export_run *run, const struct sc_event *event, const struct sc_access *access,
                    struct sc_call_fields *ret_fields)
{
    bool failed = sc_event_failed(event);
    enum sc_program_kind kind;
    const char *file = path_of(run, access->file);
    *ret_fields = (struct sc_call_fields){
        .call = sc_event_call_name(event),
        .file = file ? file : access->path,
        .second = path_of(run, access->second_file),
        .error = !failed             ? NULL
                 : event->errno_name ? event->errno_name
                                     : sc_error_name((int)-event->result),
        .site = event->site && run->symbols ? sc_symbols_name(run->symbols, event->site) : NULL,
        .program = sc_run_program_name(run->run, event->program, &kind),
        .time_known = event->has_start && event->start_ns >= run->begin_ns,
        .took_known = event->has_duration,
        .result_known = event->outcome == SC_DONE,
        .offset_known = access->offset != SC_OFFSET_UNKNOWN,
        .bytes_known = sc_event_bytes(event) > 0,
        .start_ns = event->start_ns - run->begin_ns,
        .took_ns = event->duration_ns,
        .result = event->result,
        .offset = access->offset,
        .bytes = sc_event_bytes(event),
        .data = data_of(event),
    };
}

void sc_write_fields(struct sc_row_buffer *rows, const struct sc_field_writer *writer, const struct sc_event *event,
                     const struct sc_call_fields *fields)
{
    writer->number(rows, "start_ns", fields->time_known, (int64_t)fields->start_ns);
    writer->number(rows, "took_ns", fields->took_known, (int64_t)fields->took_ns);
    writer->number(rows, "pid", event->pid != 0, event->pid);
    writer->number(rows, "tid", event->tid != 0, event->tid);
    writer->text(rows, "program", fields->program);
    writer->text(rows, "call", fields->call);
    writer->number(rows, "result", fields->result_known, fields->result);
    writer->text(rows, "error", fields->error);
    writer->text(rows, "file", fields->file);
    writer->text(rows, "second_file", fields->second);
    writer->number(rows, "offset", fields->offset_known, fields->offset);
    writer->number(rows, "bytes", fields->bytes_known, (int64_t)fields->bytes);
    writer->text(rows, "data", fields->data);
    writer->text(rows, "site", fields->site);
}

const char *sc_last_path(const struct sc_export_run *run, uint32_t file)
{
    bool known = file < sc_files_count(run->whole); /* or the input has grown since it was read */
    return (known ? sc_files_get_last(run->whole, file) : sc_files_get(run->files, file))->path;
}

int sc_begin_rows(struct sc_export *export)
{
    struct sc_row_buffer *rows = export->state = malloc(sizeof *rows);
    if (!rows)
        return -ENOMEM;
    rows->file = export->out;
    rows->used = 0;
    return 0;
}

int sc_end_rows(struct sc_export *export, bool failed)
{
    if (export->state && !failed)
        sc_row_flush(export->state);
    free(export->state);
    return 0;
}
