#include "requests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/hash.h"

enum { LOOK_AT = 64 }; /* of those with one key: how many are compared with a result */

void sc_requests_free(struct sc_requests *requests)
{
    free(requests->items);
    sc_index_free(&requests->slots);
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

static int add(struct sc_requests *requests, const struct sc_event *event, uint64_t context, struct sc_request *request)
{
    uint32_t first = oldest(requests, event->process, context, request->is.key);
    /* What is handed over again has ended, though nobody saw it. */
    if (first && !requests->keys_repeat) {
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
                                                      .is = request->is,
                                                      .last = slot};
    if (first) {
        requests->items[requests->items[first - 1].last - 1].next = slot;
        requests->items[first - 1].last = slot;
    }
    request->slot = slot - 1;
    return 0;
}

int sc_requests_submit(struct sc_requests *requests, struct sc_event *event, struct sc_request *list, uint32_t count)
{
    uint64_t taken = event->outcome == SC_DONE && event->result > 0 ? (uint64_t)event->result : 0;
    event->requests = list;
    event->request_count = count;
    event->requests_taken = taken < count ? (uint32_t)taken : count;
    requests->handed_over += taken;
    int error = 0;
    for (uint32_t i = 0; i < event->requests_taken && !error; i++)
        error = add(requests, event, (uint64_t)event->args[0].value, &list[i]);
    return error;
}

static bool moves_bytes(const struct sc_request_fields *request)
{
    return sc_operation_reads(request->operation) || sc_operation_writes(request->operation);
}

/* Of several with one key the oldest that moved as many bytes as it was to move, or the oldest. */
static uint32_t find(const struct sc_requests *requests, uint32_t first, int64_t result, uint32_t *ret_before)
{
    *ret_before = 0;
    uint32_t before = 0, slot = first;
    for (unsigned i = 0; slot && i < LOOK_AT; i++) {
        const struct sc_request_fields *is = &requests->items[slot - 1].is;
        if (result >= 0 && moves_bytes(is) == (result > 0) && (result == 0 || is->bytes == (uint64_t)result)) {
            *ret_before = before;
            return slot;
        }
        before = slot;
        slot = requests->items[slot - 1].next;
    }
    return first;
}

/* The call that would have done the same. */
static const struct sc_call_desc *call_of(unsigned operation)
{
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

static void set_args(const struct sc_request_fields *is, struct sc_event *event)
{
    event->nargs = event->desc->nargs;
    for (unsigned i = 0; i < event->nargs; i++)
        event->args[i] = (struct sc_arg){.kind = event->desc->kinds[i]};
    set_value(event, 0, is->fd);
    for (unsigned i = 1; i < event->nargs; i++)
        if (event->args[i].kind == SC_KIND_SIZE)
            set_value(event, i, (int64_t)is->bytes);
        else if (event->args[i].kind == SC_KIND_OFF)
            set_value(event, i, is->offset);
}

/* All bytes were looked at, and fewer may have been written. */
static unsigned data_of(const struct sc_request_fields *is, int64_t result)
{
    if (result <= 0)
        return SC_DATA_NONE;
    return is->data == SC_DATA_SOME && (uint64_t)result < is->bytes ? SC_DATA_UNSEEN : is->data;
}

bool sc_requests_end(struct sc_requests *requests, uint32_t process, uint64_t context,
                     const struct sc_result_fields *result, uint64_t now_ns, struct sc_event *event)
{
    uint32_t before, slot = oldest(requests, process, context, result->key);
    if (!slot)
        return false;
    slot = find(requests, slot, result->result, &before);
    const struct sc_under_way *item = &requests->items[slot - 1];
    *event = (struct sc_event){.type = SC_EVENT_REQUEST,
                               .outcome = SC_DONE,
                               .data = (uint8_t)data_of(&item->is, result->result),
                               .data_cut = item->data_cut,
                               .startup = item->startup,
                               .has_start = item->has_start,
                               .has_duration = item->has_start && now_ns >= item->start_ns,
                               .process = process,
                               .thread = item->thread,
                               .program = item->program,
                               .pid = item->pid,
                               .tid = item->tid,
                               .desc = call_of(item->is.operation),
                               .result = result->result,
                               .start_ns = item->start_ns,
                               .duration_ns = now_ns - item->start_ns,
                               .site = item->site,
                               .slot = slot - 1};
    event->name = event->desc->name;
    event->name_len = event->name ? strlen(event->name) : 0;
    set_args(&item->is, event);
    requests->told++;
    remove_behind(requests, before, slot);
    return true;
}
