/* format_requests.c: the requests that a call of Linux AIO hands over, as strace shows them. */
#include "../model/xlat.h"
#include "format_internal.h"

enum { SHOWN = 32 }; /* strace shows no more either, if it is not told to */

/* zeros[N], data[N]: bytes that are to be written; buf[N]: any others. */
static void out_bytes(const struct sc_line *line, const struct sc_request_fields *is)
{
    sc_out_text(line->out, is->data == SC_DATA_ZERO ? "zeros[" : is->data == SC_DATA_SOME ? "data[" : "buf[");
    sc_out_unsigned(line->out, is->bytes);
    sc_out_char(line->out, ']');
}

static void out_file(const struct sc_line *line, const struct sc_request_fields *is)
{
    uint32_t file = sc_files_of_descriptor(line->formatter->files, line->event->process, is->fd);
    if (file == SC_NO_FILE)
        sc_line_name(line, NULL);
    else
        sc_line_name(line, sc_normalise_file(line->formatter->normaliser, sc_files_get(line->formatter->files, file)));
}

/* In a timeline only what is the same in each round of a loop. */
static void out_request(const struct sc_line *line, const struct sc_request_fields *is)
{
    bool parts = is->operation == SC_OP_READ_PARTS || is->operation == SC_OP_WRITE_PARTS;
    sc_out_text(line->out, "{aio_lio_opcode=");
    sc_out_value(line->out, SC_KIND_AIO_OPERATION, is->operation);
    sc_out_text(line->out, ", aio_fildes=");
    out_file(line, is);
    if (is->operation == SC_OP_POLL) {
        sc_out_text(line->out, ", aio_buf=");
        sc_out_value(line->out, SC_KIND_POLL_EVENTS, (int64_t)is->bytes);
    } else if (sc_operation_reads(is->operation) || sc_operation_writes(is->operation)) {
        sc_out_text(line->out, ", aio_buf=");
        out_bytes(line, is);
        if (!line->formatter->steps && !parts) {
            sc_out_text(line->out, ", aio_nbytes=");
            sc_out_unsigned(line->out, is->bytes);
        }
        if (!line->formatter->steps) {
            sc_out_text(line->out, ", aio_offset=");
            sc_out_signed(line->out, is->offset);
        }
    }
    sc_out_char(line->out, '}');
}

void sc_line_requests(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    if (!event->request_count) {
        sc_out_text(line->out, "0xADDR");
        return;
    }
    for (uint32_t i = 0; i < event->request_count; i++) {
        sc_out_text(line->out, i ? ", " : "[");
        if (i == SHOWN) {
            sc_out_text(line->out, "...");
            break;
        }
        out_request(line, &event->requests[i].is);
    }
    sc_out_char(line->out, ']');
}
