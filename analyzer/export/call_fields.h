/*
 * call_fields.h: what every table of calls has of a call, made out once.
 */
#ifndef SC_CALL_FIELDS_H
#define SC_CALL_FIELDS_H

#include "export.h"
#include "row_buffer.h"

struct sc_call_fields {
    const char *call;   /* its name */
    const char *file;   /* the path of what it is about; NULL: nothing known */
    const char *second; /* of its second file, likewise */
    const char *error;  /* "ENOENT"; NULL: it did not fail */
    const char *site;   /* "main (x.c:3) [x]"; NULL: not known */
    const char *program;
    bool time_known, took_known, result_known, offset_known, bytes_known;
    uint64_t start_ns; /* since the run's begin */
    uint64_t took_ns;
    int64_t result, offset;
    uint64_t bytes;   /* of file data that it moved */
    const char *data; /* "zeros", "data"; NULL: no write, or not seen */
};

/* Pointers live until the next event. */
void sc_call_fields(const struct sc_export_run *run, const struct sc_event *event, const struct sc_access *access,
                    struct sc_call_fields *ret_fields);

/*
 * The path that a file has in the end, by which it goes in the report: all calls on one that is written and renamed are
 * on one.
 */
const char *sc_last_path(const struct sc_export_run *run, uint32_t file);

/* How a format spells a value behind those before it. */
struct sc_field_writer {
    void (*number)(struct sc_row_buffer *rows, const char *name, bool known, int64_t value);
    void (*text)(struct sc_row_buffer *rows, const char *name, const char *value); /* value: or NULL */
};

/* The columns of every table of calls in their order, but for the run's number, which stands first. */
void sc_write_fields(struct sc_row_buffer *rows, const struct sc_field_writer *writer, const struct sc_event *event,
                     const struct sc_call_fields *fields);

/* Begin and end of a format that writes such rows: the export's state is its struct sc_row_buffer. 0, or -errno. */
int sc_begin_rows(struct sc_export *export);
int sc_end_rows(struct sc_export *export, bool failed);

#endif
