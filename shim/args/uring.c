#include "uring.h"

#include <linux/close_range.h>
#include <sys/mman.h>

#include "../../common/uring_words.h"
#include "fd_class.h"
#include "request_list.h"

enum {
    MOST_FILES = 1 << 15, /* of one registration that are looked at */
    BY_INDEX = 1 << 4,    /* IORING_ENTER_REGISTERED_RING, and in what io_uring_register is to do: */
    REGISTER_BY_INDEX = INT32_MIN,
    RESIZE_RINGS = 33, /* IORING_REGISTER_RESIZE_RINGS, which Debian 12's headers do not have */
};

/* One byte for each operation: what it does with memory, how many names it has, whether its addr is a number. */
enum { PATHS_SHIFT = 3, NUMBER = 1 << 5 };
#define IS_NUMBER(a, b, c, d, e, f, ...)                                                                               \
    (SC_URING_##a == SC_URING_ADDR || SC_URING_##b == SC_URING_ADDR || SC_URING_##c == SC_URING_ADDR ||                \
     SC_URING_##d == SC_URING_ADDR || SC_URING_##e == SC_URING_ADDR || SC_URING_##f == SC_URING_ADDR)
#define SC_URING(number, name, data, paths, end, call, variant, ...)                                                   \
    [number] = SC_URING_##data | (paths) << PATHS_SHIFT | (IS_NUMBER(__VA_ARGS__, _, _, _, _, _, _) ? NUMBER : 0),
static const uint8_t shapes[] = {
#include "../../common/uring.def"
};

static unsigned shape_of(unsigned operation)
{
    return operation < sizeof shapes ? shapes[operation] : SC_URING_NONE;
}

/* Where requests stand in the order in which they are made. */
struct order {
    bool fills;       /* one was to read into memory */
    bool chain_fills; /* one of the chain was */
    bool in_chain;    /* the next one waits for this one */
    bool drains;      /* the next one waits for all before it */
};

static bool fills_memory(const struct io_uring_sqe *sqe, unsigned data)
{
    return data == SC_URING_READ || data == SC_URING_READ_PARTS || sqe->opcode == SC_URING_OP_RECV ||
           sqe->opcode == SC_URING_OP_RECVMSG || sqe->opcode == SC_URING_OP_URING_CMD;
}

/* True: what this request writes may be what one that it waits for reads: it is not there yet. */
static bool comes_too_early(struct order *order, const struct io_uring_sqe *sqe, unsigned data)
{
    order->drains |= (sqe->flags & IOSQE_IO_DRAIN) != 0;
    order->chain_fills &= order->in_chain;
    bool early = order->chain_fills || (order->drains && order->fills), fills = fills_memory(sqe, data);
    order->in_chain = sqe->flags & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK);
    order->chain_fills |= fills;
    order->fills |= fills;
    return early;
}

/* What is to be written: a file's own table does not say what kind of file it is. */
static bool may_look(const struct io_uring_sqe *sqe)
{
    return sqe->flags & IOSQE_FIXED_FILE || sc_fd_class_of(sqe->fd) != SC_FD_UNREAD;
}

static void look_at_memory(struct sc_request_memory *known, const struct io_uring_sqe *sqe, unsigned data, bool early,
                           struct sc_request_fields *request)
{
    struct sc_request_buffer buffer = {sqe->addr, sqe->len,
                                       .parts = data == SC_URING_READ_PARTS || data == SC_URING_WRITE_PARTS,
                                       .writes = data == SC_URING_WRITE || data == SC_URING_WRITE_PARTS};
    sc_request_look(known, &buffer, buffer.writes && !early && may_look(sqe), request);
}

/* The names, at the addresses that are returned, as far as they can be read. */
static void look_at_names(struct sc_request_memory *known, const struct io_uring_sqe *sqe, unsigned count,
                          struct sc_request_fields *request, sc_addr *ret_texts)
{
    const sc_addr at[SC_REQUEST_TEXTS] = {sqe->addr, sqe->addr2};
    for (unsigned i = 0; i < count && i < SC_REQUEST_TEXTS; i++) {
        size_t length;
        if (!sc_readable_length(&known->bytes, at[i], SC_REQUEST_TEXT, &length))
            return;
        request->texts[i].len = (uint32_t)length;
        ret_texts[i] = at[i];
        request->text_count = (uint8_t)(i + 1);
    }
}

static void put_files(struct sc_list *list, struct sc_request_memory *known, uint32_t first, sc_addr fds,
                      uint64_t count)
{
    for (uint64_t i = 0; i < count && i < MOST_FILES; i++) {
        struct sc_request_fields file = {.key = first + i, .operation = SC_OP_RING_FILE};
        if (!sc_readable_copy(&known->parts, &file.fd, fds + i * sizeof file.fd, sizeof file.fd))
            break;
        sc_request_list_put(list, &file, NULL);
    }
}

static void put_request(struct sc_list *list, struct sc_request_memory *known, const struct io_uring_sqe *sqe,
                        struct order *order)
{
    unsigned shape = shape_of(sqe->opcode), data = shape & ((1 << PATHS_SHIFT) - 1);
    struct sc_request_fields request = {.key = sqe->user_data,
                                        .operation = (uint16_t)(SC_OP_RING + sqe->opcode),
                                        .fd = sqe->fd,
                                        .bytes = sqe->len,
                                        .offset = (int64_t)sqe->off,
                                        .flags = sqe->flags,
                                        .operation_flags = sqe->rw_flags,
                                        .other = sqe->splice_fd_in,
                                        .address = shape & NUMBER ? sqe->addr : 0};
    sc_addr texts[SC_REQUEST_TEXTS] = {0};
    unsigned names = shape >> PATHS_SHIFT & 3;
    bool early = comes_too_early(order, sqe, data);
    if (data != SC_URING_NONE && data != SC_URING_MOVES)
        look_at_memory(known, sqe, data, early, &request);
    if (names) {
        request.offset = names > 1 ? 0 : request.offset; /* a pointer */
        look_at_names(known, sqe, names, &request, texts);
    }
    if (sqe->opcode == SC_URING_OP_OPENAT2) {
        uint64_t how;
        request.offset = 0;
        request.operation_flags =
            sc_readable_copy(&known->bytes, &how, sqe->addr2, sizeof how) ? (uint32_t)how : UINT32_MAX;
    }
    sc_request_list_put(list, &request, texts);
    if (sqe->opcode == SC_URING_OP_FILES_UPDATE)
        put_files(list, known, (uint32_t)sqe->off, sqe->addr, sqe->len);
    if (sqe->opcode == SC_URING_OP_CLOSE)
        sc_fd_forget(sqe->fd);
}

/* Those that the call is to take, up to the first that can't be read. */
static void put_requests(struct sc_list *list, struct sc_ring *ring, uint32_t most)
{
    struct order order = {.fills = ring->fills};
    struct sc_request_memory known = sc_request_memory_unknown();
    struct sc_ring_ends ends;
    struct io_uring_sqe sqe;
    if (!sc_ring_submissions(ring, &ends))
        return;
    uint32_t count = ends.tail - ends.head;
    count = count < most ? count : most;
    for (uint32_t i = 0; i < count && i < ring->sq_entries && sc_ring_request(ring, ends.head + i, &sqe); i++)
        put_request(list, &known, &sqe, &order);
    ring->fills = order.fills;
}

static void put_completions(struct sc_ring *ring, struct sc_writer *writer)
{
    struct sc_requests_head head = {.tick = sc_now(), .context = ring->number, .told_by = SC_TOLD_BY_COMPLETION};
    struct sc_completion some[SC_COMPLETIONS];
    struct sc_list list;
    struct sc_ring_ends left;
    uint32_t places, count;
    if (!writer || !sc_ring_look(ring, &left) || !sc_list_begin(&list, writer, SC_META_RESULTS, &head, sizeof head))
        return;
    while (left.head != left.tail && (places = sc_ring_completions(ring, left, some, &count))) {
        for (uint32_t i = 0; i < count; i++) {
            struct sc_result_fields result = {some[i].key, some[i].result, some[i].flags};
            ring->shots |= some[i].flags & IORING_CQE_F_MORE;
            sc_request_list_put_result(&list, &result, true);
        }
        left.head += places;
    }
    sc_list_end(&list, false);
}

/*
 * Could more completions come until the look after this call than the queue holds? Then the program may have taken some
 * already whose places are used again by then.
 */
static bool may_lose_some(const struct sc_ring *ring, uint32_t to_submit)
{
    uint32_t taken = __atomic_load_n(&ring->taken, __ATOMIC_RELAXED);
    uint32_t under_way = taken - __atomic_load_n(&ring->seen, __ATOMIC_RELAXED);
    return ring->shots || (uint64_t)under_way + to_submit > ring->cq_entries;
}

/* A child that runs in our memory has descriptors of its own, and its parent the rings. */
static bool is_child_in_ours(const struct sc_writer *writer)
{
    if (writer && writer->vforked)
        sc_fd_look_for_parent();
    return !writer || writer->vforked || writer->process != sc_process.process;
}

static struct sc_ring *ring_of(const struct sc_writer *writer, uint64_t fd, bool by_index)
{
    return sc_rings_any() && !is_child_in_ours(writer) ? sc_ring_find((int)fd, by_index) : NULL;
}

/* A record even where there is nothing to see: of a call without one nothing was to be seen. */
static void before_enter(const struct sc_frame *frame, const uint64_t *args)
{
    struct sc_ring *ring = ring_of(frame->writer, args[0], args[3] & BY_INDEX);
    struct sc_list list;
    struct sc_requests_head head = {.tick = frame->start, .context = ring ? ring->number : 0};
    if (ring && may_lose_some(ring, (uint32_t)args[1]))
        put_completions(ring, frame->writer);
    if (!(uint32_t)args[1] || (ring && ring->flags & IORING_SETUP_SQPOLL) ||
        !sc_list_begin(&list, frame->writer, SC_META_REQUESTS, &head, sizeof head))
        return;
    if (ring)
        put_requests(&list, ring, (uint32_t)args[1]);
    sc_list_end(&list, true);
}

/* The ring's own table of files: what of it is about to change. */
static void before_register(const struct sc_frame *frame, const uint64_t *args)
{
    uint32_t operation = (uint32_t)args[1] & ~(uint32_t)REGISTER_BY_INDEX;
    struct sc_request_memory known = sc_request_memory_unknown();
    union {
        struct io_uring_rsrc_register all;
        struct io_uring_files_update some;
        struct io_uring_rsrc_update2 some2;
    } given = {0};
    uint64_t bytes = operation == IORING_REGISTER_FILES2         ? sizeof given.all
                     : operation == IORING_REGISTER_FILES_UPDATE ? sizeof given.some
                                                                 : sizeof given.some2;
    struct sc_ring *ring = ring_of(frame->writer, args[0], args[1] & (uint32_t)REGISTER_BY_INDEX);
    if (ring && operation == RESIZE_RINGS)
        put_completions(ring, frame->writer);
    bool files = operation == IORING_REGISTER_FILES;
    bool others = operation == IORING_REGISTER_FILES2 || operation == IORING_REGISTER_FILES_UPDATE ||
                  operation == IORING_REGISTER_FILES_UPDATE2;
    if (!ring || (!files && (!others || !sc_readable_copy(&known.list, &given, args[2], bytes))))
        return;
    struct sc_list list;
    struct sc_requests_head head = {.tick = frame->start, .context = ring->number};
    if (!sc_list_begin(&list, frame->writer, SC_META_REQUESTS, &head, sizeof head))
        return;
    switch (operation) {
    case IORING_REGISTER_FILES: put_files(&list, &known, 0, args[2], (uint32_t)args[3]); break;
    case IORING_REGISTER_FILES2: put_files(&list, &known, 0, given.all.data, given.all.nr); break;
    case IORING_REGISTER_FILES_UPDATE:
        put_files(&list, &known, given.some.offset, given.some.fds, (uint32_t)args[3]);
        break;
    default: put_files(&list, &known, given.some2.offset, given.some2.data, given.some2.nr); break;
    }
    sc_list_end(&list, false);
}

void sc_uring_before(const struct sc_frame *frame, enum sc_means means, const uint64_t *args)
{
    if (means == SC_MEANS_RING_ENTER)
        before_enter(frame, args);
    else
        before_register(frame, args);
}

/* A ring that others see to takes requests without a call, and its head tells how many. */
static void put_polled(struct sc_ring *ring)
{
    struct sc_ring_ends ends;
    if (!(ring->flags & IORING_SETUP_SQPOLL) || !sc_ring_submissions(ring, &ends) || ends.head == ring->polled)
        return;
    sc_put_note(SC_NOTE_RING_UNSEEN, ends.head - ring->polled, 0);
    ring->polled = ends.head;
}

static void look_once_more(struct sc_ring *ring, struct sc_writer *writer)
{
    put_completions(ring, writer);
    put_polled(ring);
}

/* It was a name of the ring, and may have been the last one. */
static void lost_name(struct sc_ring *ring, struct sc_writer *writer)
{
    if (!ring || !sc_ring_is_nameless(ring))
        return;
    look_once_more(ring, writer);
    sc_ring_closed(ring);
}

static void after_register(struct sc_writer *writer, const uint64_t *args, int64_t result)
{
    uint32_t operation = (uint32_t)args[1] & ~(uint32_t)REGISTER_BY_INDEX;
    bool registers = operation == IORING_REGISTER_RING_FDS, forgets = operation == IORING_UNREGISTER_RING_FDS;
    struct sc_ring *ring = ring_of(writer, args[0], args[1] & (uint32_t)REGISTER_BY_INDEX);
    struct io_uring_params params;
    if (ring && operation == RESIZE_RINGS && result >= 0) {
        sc_proved_copy(&params, args[2], sizeof params);
        sc_ring_resized(ring, &params);
    }
    for (int64_t i = 0; (registers || forgets) && i < result; i++) {
        struct io_uring_rsrc_update update;
        sc_proved_copy(&update, args[2] + (uint64_t)i * sizeof update, sizeof update);
        struct sc_ring *before = ring_of(writer, update.offset, true);
        sc_ring_registered(registers ? ring_of(writer, update.data, false) : NULL, update.offset);
        lost_name(before, writer);
    }
}

static void was_set_up(const struct sc_writer *writer, sc_addr at, int64_t result)
{
    struct io_uring_params params;
    sc_proved_copy(&params, at, sizeof params);
    sc_put_note(SC_NOTE_IO_URING, (uint64_t)result, params.flags);
    const struct sc_ring *ring = is_child_in_ours(writer) ? NULL : sc_ring_add((int)result, &params);
    if (!ring || ring->flags & IORING_SETUP_SQPOLL)
        sc_fd_not_shared(); /* what it closes is not seen */
}

void sc_uring_after(enum sc_means means, const uint64_t *args, int64_t result)
{
    struct sc_writer *writer = sc_writer_get();
    struct sc_ring *ring;
    switch (means) {
    case SC_MEANS_IO_URING:
        if (result >= 0)
            was_set_up(writer, args[1], result);
        break;
    case SC_MEANS_RING_ENTER:
        if (!(ring = ring_of(writer, args[0], args[3] & BY_INDEX)))
            break;
        if (result > 0)
            __atomic_fetch_add(&ring->taken, (uint32_t)result, __ATOMIC_RELAXED);
        put_completions(ring, writer);
        break;
    case SC_MEANS_RING_REGISTER:
        if (sc_rings_any())
            after_register(writer, args, result);
        break;
    default: break;
    }
}

void sc_uring_mapped(const uint64_t *args, int64_t result)
{
    if (result >= 0 && (int)args[4] >= 0 && !(args[3] & MAP_ANONYMOUS) && !is_child_in_ours(sc_writer_get()))
        sc_ring_mapped((int)args[4], args[5], (sc_addr)result);
}

void sc_uring_unmapping(const struct sc_frame *frame, sc_addr from, uint64_t bytes)
{
    enum { PAGE = 4096 };
    if (from + bytes < from || from % PAGE)
        return; /* the kernel refuses it */
    for (struct sc_ring *ring = NULL; (ring = sc_ring_next(ring));)
        if (sc_ring_lies_in(ring, from, from + bytes)) {
            look_once_more(ring, frame->writer);
            sc_ring_unmapped(ring, from, from + bytes);
        }
}

static void closed(struct sc_writer *writer, uint64_t first, uint64_t last)
{
    for (struct sc_ring *ring = NULL; (ring = sc_ring_next(ring));)
        if (ring->name > first && ring->name - 1 <= last) {
            look_once_more(ring, writer);
            sc_ring_closed(ring);
        }
}

void sc_uring_closing(const struct sc_frame *frame, unsigned nr, const uint64_t *args)
{
    if (is_child_in_ours(frame->writer))
        return;
    uint32_t first = (uint32_t)args[0], last = (uint32_t)args[1];
    switch (sc_call_table[nr].fd_effect) {
    case SC_FD_CLOSES: closed(frame->writer, first, first); break;
    case SC_FD_CLOSES_RANGE: /* which may also mark them to be closed, or do nothing */
        if (!((uint32_t)args[2] & ~CLOSE_RANGE_UNSHARE))
            closed(frame->writer, first, last);
        break;
    default: break;
    }
}

void sc_uring_replaced(const uint64_t *args, int64_t result)
{
    struct sc_writer *writer = sc_writer_get();
    if (result >= 0 && (uint32_t)args[0] != (uint32_t)args[1] && !is_child_in_ours(writer))
        closed(writer, (uint32_t)args[1], (uint32_t)args[1]);
}

void sc_uring_thread_end(struct sc_writer *writer)
{
    for (struct sc_ring *ring; !is_child_in_ours(writer) && (ring = sc_ring_lost(writer));)
        lost_name(ring, writer);
}

void sc_uring_end(struct sc_writer *writer)
{
    if (is_child_in_ours(writer))
        return;
    for (struct sc_ring *ring = NULL; (ring = sc_ring_next(ring));)
        look_once_more(ring, writer);
}
