/* format_requests.c: the requests that a call hands over; those of Linux AIO as strace shows them, which shows no
 * others. */
#include "../model/uring_ops.h"
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
    const struct sc_files *files = line->formatter->files;
    bool fixed = sc_operation_in_ring(is->operation) && is->flags & SC_URING_FIXED_FILE;
    uint32_t file = fixed ? sc_files_of_ring(files, line->event->process, line->event->ring, (uint32_t)is->fd)
                          : sc_files_of_descriptor(files, line->event->process, is->fd);
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

static void out_names(const struct sc_line *line, const struct sc_request_fields *is)
{
    for (unsigned i = 0; i < is->text_count; i++) {
        sc_out_text(line->out, i ? ", \"" : " \"");
        sc_out_escaped(line->out, is->texts[i].at, is->texts[i].len);
        sc_out_char(line->out, '"');
    }
}

/* By the name of its operation: {READ <file>, buf[4096], 8192}. */
static void out_ring_request(const struct sc_line *line, const struct sc_request_fields *is)
{
    const struct sc_uring_op *op = sc_uring_op(is->operation);
    sc_out_char(line->out, '{');
    sc_out_text(line->out, op ? op->name : is->operation == SC_OP_RING_FILE ? "file" : "request");
    bool about = op && (op->data != SC_URING_NONE || (op->args[0] == SC_URING_FD && op->args[1] != SC_URING_PATH));
    if (about || is->operation == SC_OP_RING_FILE) {
        sc_out_char(line->out, ' ');
        out_file(line, is);
    }
    out_names(line, is);
    if (op && op->data != SC_URING_NONE && op->data != SC_URING_MOVES) {
        sc_out_text(line->out, ", ");
        out_bytes(line, is);
        if (!line->formatter->steps && is->offset != -1) {
            sc_out_text(line->out, ", ");
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
        if (event->desc->means == SC_MEANS_AIO_SUBMIT)
            out_request(line, &event->requests[i].is);
        else
            out_ring_request(line, &event->requests[i].is);
    }
    sc_out_char(line->out, ']');
}
