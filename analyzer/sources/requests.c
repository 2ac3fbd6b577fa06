#include "requests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/hash.h"
#include "../model/uring_ops.h"

enum { LOOK_AT = 64 }; /* of those with one key: how many are compared with a result */

void sc_requests_free(struct sc_requests *requests)
{
    free(requests->items);
    sc_index_free(&requests->slots);
    sc_intern_free(&requests->texts);
}

static uint64_t hash_of(uint32_t process, uint64_t context, uint64_t key)
{
    return sc_hash_number(sc_hash_number(context ^ (uint64_t)process << 48) + key);
}

static bool is_of(const struct sc_under_way *item, uint32_t process, uint64_t context, uint64_t key)
{
    return item->waits && item->process == process && item->context == context && item->is.key == key;
}

/* Slot + 1 of the oldest one of that key, or 0. */
static uint32_t oldest(const struct sc_requests *requests, uint32_t process, uint64_t context, uint64_t key)
{
    uint32_t slot = sc_index_get(&requests->slots, hash_of(process, context, key));
    bool any = slot != SC_INDEX_NONE && slot && is_of(&requests->items[slot - 1], process, context, key);
    return any ? slot : 0;
}

/* Takes the one behind before (slot + 1; 0: the oldest) out of its queue. */
static void remove_behind(struct sc_requests *requests, uint32_t before, uint32_t slot)
{
    struct sc_under_way *items = requests->items, *item = &items[slot - 1];
    uint64_t hash = hash_of(item->process, item->context, item->is.key);
    if (before) {
        uint32_t first = sc_index_get(&requests->slots, hash);
        items[before - 1].next = item->next;
        if (items[first - 1].last == slot)
            items[first - 1].last = before;
    } else {
        if (item->next)
            items[item->next - 1].last = item->last;
        (void)sc_index_put(&requests->slots, hash, item->next); /* its key has a place already */
    }
    item->waits = false;
    item->next = requests->free;
    requests->free = slot;
}

/* Slot + 1; 0 where memory is short. */
static uint32_t new_slot(struct sc_requests *requests)
{
    uint32_t slot = requests->free;
    if (slot) {
        requests->free = requests->items[slot - 1].next;
        return slot;
    }
    if (requests->count >= UINT32_MAX / 2 || SC_RESERVE(requests->items, requests->capacity, requests->count + 1))
        return 0;
    return (uint32_t)++requests->count;
}

static bool in_ring(const struct sc_request *request)
{
    return sc_operation_in_ring(request->is.operation);
}

static bool is_silent(const struct sc_request_fields *is)
{
    return sc_operation_in_ring(is->operation) && is->flags & SC_URING_SKIP_SUCCESS;
}

/* Of an earlier call, and nothing was said of it: it succeeded, as far as one can tell. */
static bool was_silent(const struct sc_requests *requests, uint32_t slot)
{
    const struct sc_under_way *item = &requests->items[slot - 1];
    return is_silent(&item->is) && item->call != requests->calls;
}

static int add(struct sc_requests *requests, const struct sc_event *event, uint64_t context, struct sc_request *request)
{
    uint32_t first = oldest(requests, event->process, context, request->is.key);
    /* What is handed over again has ended, though nobody saw it. */
    if (first && !requests->keys_repeat && (!in_ring(request) || was_silent(requests, first))) {
        remove_behind(requests, 0, first);
        first = 0;
    }
    uint32_t slot = new_slot(requests);
    if (!slot ||
        (!first && sc_index_put(&requests->slots, hash_of(event->process, context, request->is.key), slot) != 0))
        return -ENOMEM;
    requests->items[slot - 1] = (struct sc_under_way){.context = context,
                                                      .process = event->process,
                                                      .thread = event->thread,
                                                      .program = event->program,
                                                      .pid = event->pid,
                                                      .tid = event->tid,
                                                      .startup = event->startup,
                                                      .has_start = event->has_start,
                                                      .data_cut = request->data_cut,
                                                      .waits = true,
                                                      .start_ns = event->start_ns,
                                                      .site = event->site,
                                                      .call = requests->calls,
                                                      .is = request->is,
                                                      .last = slot};
    if (first) {
        requests->items[requests->items[first - 1].last - 1].next = slot;
        requests->items[first - 1].last = slot;
    }
    request->slot = slot - 1;
    return 0;
}

int sc_requests_keep_texts(struct sc_requests *requests, struct sc_request_fields *is)
{
    for (unsigned i = 0; i < is->text_count; i++) {
        uint32_t id;
        if (sc_intern_add(&requests->texts, is->texts[i].at, is->texts[i].len, &id))
            return -ENOMEM;
        is->texts[i].at = sc_intern_text(&requests->texts, id);
    }
    return 0;
}

static bool ends_by_itself(const struct sc_request_fields *is)
{
    const struct sc_uring_op *op = sc_uring_op(is->operation);
    return op && op->end == SC_URING_SURE;
}

static uint64_t requests_in(const struct sc_request *list, uint32_t count)
{
    uint64_t requests = 0;
    for (uint32_t i = 0; i < count; i++)
        requests += list[i].is.operation != SC_OP_RING_FILE;
    return requests;
}

int sc_requests_submit(struct sc_requests *requests, struct sc_event *event, uint64_t context, struct sc_request *list,
                       uint32_t count)
{
    bool done = event->outcome == SC_DONE, enters = event->desc->means == SC_MEANS_RING_ENTER;
    uint64_t taken = done && event->result > 0 ? (uint64_t)event->result : 0;
    /* Of files that were to be registered so many were. */
    uint64_t files = event->desc->means == SC_MEANS_RING_REGISTER && taken ? taken : count;
    if (!done && enters)
        taken = requests_in(list, count);
    requests->calls++;
    event->requests = list;
    event->request_count = count;
    event->ring = (uint32_t)context;
    int error = 0;
    uint32_t at = 0;
    for (; at < count && !error; at++) {
        uint64_t *left = list[at].is.operation == SC_OP_RING_FILE ? &files : &taken;
        if (!*left)
            break;
        --*left;
        if (left == &files)
            continue;
        error = add(requests, event, context, &list[at]);
        requests->aio.handed_over += !in_ring(&list[at]);
        requests->ring.handed_over += in_ring(&list[at]) && ends_by_itself(&list[at].is);
    }
    event->requests_taken = at;
    if (enters) /* those that were not listed */
        requests->ring.handed_over += taken;
    else if (event->desc->means == SC_MEANS_AIO_SUBMIT)
        requests->aio.handed_over += taken;
    return error;
}

static bool moves_bytes(const struct sc_request_fields *request)
{
    const struct sc_uring_op *op = sc_uring_op(request->operation);
    return op ? op->data != SC_URING_NONE
              : sc_operation_reads(request->operation) || sc_operation_writes(request->operation);
}

/* Is such an end just what that request was for, or what it alone has? */
static bool ends_so(const struct sc_request_fields *is, int64_t result)
{
    if (result == -ETIME)
        return sc_operation_in_ring(is->operation) && !ends_by_itself(is);
    return result >= 0 && moves_bytes(is) == (result > 0) && (result == 0 || is->bytes == (uint64_t)result);
}

/*
 * Of several with one key the oldest that moved as many bytes as it was to move, or the oldest; never one that would
 * have said nothing then. 0: none.
 */
static uint32_t find(const struct sc_requests *requests, uint32_t slot, int64_t result, uint32_t *ret_before)
{
    uint32_t before = 0, found = 0;
    *ret_before = 0;
    for (unsigned i = 0; slot && i < LOOK_AT; i++) {
        const struct sc_request_fields *is = &requests->items[slot - 1].is;
        bool may_be = result < 0 || !is_silent(is), fits = may_be && ends_so(is, result);
        if (fits || (may_be && !found)) {
            *ret_before = before;
            found = slot;
        }
        if (fits)
            break;
        before = slot;
        slot = requests->items[slot - 1].next;
    }
    return found;
}

/* The call that would have done the same. */
static const struct sc_call_desc *call_of(const struct sc_request_fields *is)
{
    if (sc_operation_in_ring(is->operation))
        return sc_uring_call(is);
    unsigned operation = is->operation;
    static const char *const names[] = {
        [SC_OP_READ] = "pread64",        [SC_OP_WRITE] = "pwrite64",    [SC_OP_SYNC] = "fsync",
        [SC_OP_SYNC_DATA] = "fdatasync", [SC_OP_READ_PARTS] = "preadv", [SC_OP_WRITE_PARTS] = "pwritev",
    };
    const char *name = operation < sizeof names / sizeof *names ? names[operation] : NULL;
    const struct sc_call_desc *desc = name ? sc_call_by_name(name, strlen(name)) : NULL;
    return desc ? desc : sc_call(SC_NR_LIMIT);
}

static void set_value(struct sc_event *event, unsigned i, int64_t value)
{
    event->args[i].state = SC_ARG_VALUE;
    event->args[i].value = value;
}

/* Bytes, and an offset where the call has one. */
static void set_transfer(const struct sc_request_fields *is, struct sc_event *event)
{
    set_value(event, 0, is->fd);
    for (unsigned i = 1; i < event->nargs; i++)
        if (event->args[i].kind == SC_KIND_SIZE)
            set_value(event, i, (int64_t)is->bytes);
        else if (event->args[i].kind == SC_KIND_OFF)
            set_value(event, i, is->offset);
}

static void set_text(const struct sc_request_fields *is, unsigned text, struct sc_arg *arg)
{
    if (text >= is->text_count)
        return;
    arg->state = SC_ARG_TEXT | (is->texts[text].len >= SC_REQUEST_TEXT ? SC_ARG_CUT : 0);
    arg->text = is->texts[text].at;
    arg->text_len = is->texts[text].len;
}

/* As the kernel takes the fields of such a request for arguments. */
static void set_fields(const struct sc_request_fields *is, const struct sc_uring_op *op, struct sc_event *event)
{
    for (unsigned i = 0; i < event->nargs; i++)
        switch (op->args[i]) {
        case SC_URING_FD: set_value(event, i, is->fd); break;
        case SC_URING_ADDR: set_value(event, i, (int64_t)is->address); break;
        case SC_URING_LEN: /* a size, or a directory */
            set_value(event, i, event->args[i].kind == SC_KIND_DIRFD ? (int32_t)is->bytes : (int64_t)is->bytes);
            break;
        case SC_URING_OFF: set_value(event, i, is->offset); break;
        case SC_URING_FLAGS: set_value(event, i, is->operation_flags); break;
        case SC_URING_OTHER: set_value(event, i, is->other); break;
        case SC_URING_PATH: set_text(is, 0, &event->args[i]); break;
        case SC_URING_PATH2: set_text(is, 1, &event->args[i]); break;
        default: break;
        }
    if (is->operation == SC_OP_RING + SC_URING_OP_OPENAT2 && is->operation_flags != UINT32_MAX) {
        event->args[2].extra[0] = is->operation_flags;
        event->args[2].extra_count = 1;
    }
}

/* Which descriptor of the call is one of the ring's own, or its result. */
static uint32_t ring_file_of(const struct sc_request_fields *is, const struct sc_event *event)
{
    enum { ANY_FREE = -1 }; /* IORING_FILE_INDEX_ALLOC: the result says which */
    switch (event->desc->means) {
    case SC_MEANS_OPEN:
    case SC_MEANS_ACCEPT:
    case SC_MEANS_SOCKET: /* file_index is one more than the index */
        return is->other == ANY_FREE ? (uint32_t)event->result + 1 : (uint32_t)is->other;
    case SC_MEANS_CLOSE: return (uint32_t)is->other;
    default: return is->flags & SC_URING_FIXED_FILE ? (uint32_t)is->fd + 1 : 0;
    }
}

static void set_args(const struct sc_request_fields *is, struct sc_event *event)
{
    const struct sc_uring_op *op = sc_uring_op(is->operation);
    event->nargs = event->desc->nargs;
    for (unsigned i = 0; i < event->nargs; i++)
        event->args[i] = (struct sc_arg){.kind = event->desc->kinds[i]};
    if (event->nargs && (!op || (op->data != SC_URING_NONE && op->data != SC_URING_MOVES)))
        set_transfer(is, event);
    else if (op)
        set_fields(is, op, event);
    if (op)
        event->ring_file = ring_file_of(is, event);
}

/* All bytes were looked at, and fewer may have been written. */
static unsigned data_of(const struct sc_request_fields *is, int64_t result)
{
    if (result <= 0)
        return SC_DATA_NONE;
    return is->data == SC_DATA_SOME && (uint64_t)result < is->bytes ? SC_DATA_UNSEEN : is->data;
}

/* Of a ring's results: more of the same request follow; it is about the buffer of one that was told. */
enum { MORE_FOLLOW = 1 << 1, ABOUT_BUFFER = 1 << 3 }; /* IORING_CQE_F_MORE, _NOTIF */

/* It is told of once, however many results it has. */
static void note_told(struct sc_requests *requests, struct sc_under_way *item)
{
    bool ring = sc_operation_in_ring(item->is.operation);
    if (!ring)
        requests->aio.told++;
    else if (!item->told && ends_by_itself(&item->is))
        requests->ring.told++;
    item->told = true;
}

static void make_event(const struct sc_under_way *item, uint64_t now_ns, int64_t result, struct sc_event *event)
{
    bool ring = sc_operation_in_ring(item->is.operation);
    const struct sc_uring_op *op = sc_uring_op(item->is.operation);
    *event = (struct sc_event){.type = SC_EVENT_REQUEST,
                               .way = ring ? SC_WAY_RING : SC_WAY_AIO,
                               .outcome = SC_DONE,
                               .data = (uint8_t)data_of(&item->is, result),
                               .data_cut = item->data_cut,
                               .startup = item->startup,
                               .has_start = item->has_start,
                               .has_duration = item->has_start && now_ns >= item->start_ns,
                               .process = item->process,
                               .thread = item->thread,
                               .program = item->program,
                               .pid = item->pid,
                               .tid = item->tid,
                               .desc = call_of(&item->is),
                               .result = result,
                               .start_ns = item->start_ns,
                               .duration_ns = now_ns - item->start_ns,
                               .site = item->site,
                               .ring = ring ? (uint32_t)item->context : 0};
    event->name = event->desc->name ? event->desc->name : op ? op->shown : ring ? "URING request" : "request";
    event->name_len = strlen(event->name);
    set_args(&item->is, event);
}

bool sc_requests_end(struct sc_requests *requests, uint32_t process, uint64_t context,
                     const struct sc_result_fields *result, uint64_t now_ns, struct sc_event *event)
{
    uint32_t before, slot = oldest(requests, process, context, result->key);
    if (!slot)
        return false;
    slot = find(requests, slot, result->result, &before);
    if (!slot)
        return false;
    struct sc_under_way *item = &requests->items[slot - 1];
    bool ring = sc_operation_in_ring(item->is.operation), tells = !(ring && result->flags & ABOUT_BUFFER);
    if (tells) {
        make_event(item, now_ns, result->result, event);
        event->slot = slot - 1;
        event->more_follow = ring && result->flags & MORE_FOLLOW;
        note_told(requests, item);
    }
    bool more = ring && result->flags & MORE_FOLLOW;
    if (!more)
        remove_behind(requests, before, slot);
    return tells;
}
