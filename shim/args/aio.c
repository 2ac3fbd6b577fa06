#include "aio.h"

#include <linux/aio_abi.h>

#include "aio_ring.h"
#include "fd_class.h"
#include "request_list.h"

enum { MOST_REQUESTS = 1 << 16 }; /* the kernel's own limit for all contexts together, if it was not raised */

static void look_at(struct sc_request_memory *known, const struct iocb *iocb, struct sc_request_fields *request)
{
    struct sc_request_buffer buffer = {iocb->aio_buf, iocb->aio_nbytes,
                                       .parts = request->operation == SC_OP_READ_PARTS ||
                                                request->operation == SC_OP_WRITE_PARTS,
                                       .writes = sc_operation_writes(request->operation)};
    /* handed to nobody before the call */
    sc_request_look(known, &buffer, buffer.writes && sc_fd_class_of(request->fd) != SC_FD_UNREAD, request);
    if (request->operation == SC_OP_POLL)
        request->bytes = iocb->aio_buf;
}

/* Up to the first that can't be read, which the kernel does not take either. */
static void put_requests(struct sc_writer *writer, const struct sc_requests_head *head, uint64_t count,
                         sc_addr pointers)
{
    struct sc_request_memory known = sc_request_memory_unknown();
    struct sc_list list;
    struct iocb iocb;
    sc_addr at;
    if (!sc_list_begin(&list, writer, SC_META_REQUESTS, head, sizeof *head))
        return;
    for (uint64_t i = 0; i < count && i < MOST_REQUESTS; i++) {
        if (!sc_readable_copy(&known.list, &at, pointers + i * sizeof at, sizeof at) ||
            !sc_readable_copy(&known.requests, &iocb, at, sizeof iocb))
            break;
        struct sc_request_fields request = {.key = at,
                                            .operation = iocb.aio_lio_opcode,
                                            .fd = (int32_t)iocb.aio_fildes,
                                            .bytes = iocb.aio_nbytes,
                                            .offset = iocb.aio_offset};
        look_at(&known, &iocb, &request);
        sc_request_list_put(&list, &request, NULL);
    }
    sc_list_end(&list, false);
}

static void put_result(struct sc_list *list, const struct io_event *event)
{
    struct sc_result_fields result = {.key = event->obj, .result = event->res};
    sc_request_list_put_result(list, &result, false);
}

/* The kernel has just written these events. */
static void put_returned(uint64_t context, uint64_t count, sc_addr events)
{
    struct sc_requests_head head = {.tick = sc_now(), .context = context, .told_by = SC_TOLD_BY_CALL};
    struct sc_list list;
    struct io_event event;
    if (!sc_list_begin(&list, sc_writer_get(), SC_META_RESULTS, &head, sizeof head))
        return;
    for (uint64_t i = 0; i < count; i++) {
        sc_proved_copy(&event, events + i * sizeof event, sizeof event);
        put_result(&list, &event);
    }
    sc_list_end(&list, false);
}

/* Copied by the kernel, some at a time: another thread may end the context, and the ring is gone. */
static void put_taken(const struct sc_frame *frame, uint64_t context, bool ends)
{
    enum { SOME = 16 };
    struct sc_requests_head head = {.tick = frame->start, .context = context, .told_by = SC_TOLD_BY_RING};
    struct sc_aio_ring_taken taken;
    struct io_event events[SOME];
    struct sc_list list;
    if (!sc_aio_ring_look(context, ends, &taken) ||
        !sc_list_begin(&list, frame->writer, SC_META_RESULTS, &head, sizeof head))
        return;
    while (taken.from != taken.to) {
        uint32_t end = taken.to > taken.from ? taken.to : taken.places;
        uint32_t count = end - taken.from < SOME ? end - taken.from : SOME;
        if (!sc_copied(events, taken.events + taken.from * sizeof *events, count * sizeof *events))
            break;
        for (uint32_t i = 0; i < count; i++)
            put_result(&list, &events[i]);
        taken.from = (taken.from + count) % taken.places;
    }
    sc_list_end(&list, false);
}

void sc_aio_before(const struct sc_frame *frame, enum sc_means means, const uint64_t *args)
{
    if (frame->writer && means != SC_MEANS_AIO)
        put_taken(frame, args[0], means == SC_MEANS_AIO_END);
    if (means == SC_MEANS_AIO_EVENTS)
        sc_aio_ring_call_begins(args[0]); /* recorded or not: its end is counted too */
    if (!frame->writer || means != SC_MEANS_AIO_SUBMIT || (int64_t)args[1] <= 0)
        return;
    struct sc_requests_head head = {.tick = frame->start, .context = args[0]};
    put_requests(frame->writer, &head, args[1], args[2]);
}

void sc_aio_after(enum sc_means means, const uint64_t *args, int64_t result)
{
    uint64_t count = result > 0 ? (uint64_t)result : 0;
    switch (means) {
    case SC_MEANS_AIO:
        if (result == 0)
            sc_aio_ring_begin(sc_proved_u64(args[1]));
        break;
    case SC_MEANS_AIO_SUBMIT: sc_aio_ring_submitted(args[0], count); break;
    case SC_MEANS_AIO_EVENTS:
        if (count)
            put_returned(args[0], count, args[3]);
        sc_aio_ring_call_ends(args[0], count);
        break;
    case SC_MEANS_AIO_END:
        if (result == 0)
            sc_aio_ring_end(args[0]);
        break;
    default: break;
    }
}
