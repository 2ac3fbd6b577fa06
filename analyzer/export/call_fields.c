#include "call_fields.h"

#include "../model/error_names.h"

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
        .call = event->desc->name ? event->desc->name : "unknown",
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

const char *sc_last_path(const struct sc_export_run *run, uint32_t file)
{
    return sc_files_get_last(run->whole, file)->path;
}
