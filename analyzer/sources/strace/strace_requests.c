/*
 * strace_requests.c: requests of Linux AIO, in the lists that strace prints of them. It prints no addresses of
 * requests: one is known again by its aio_data, and where programs leave that 0, by what it did (requests.h).
 */
#include "../../model/xlat.h"
#include "strace_log.h"

#include <errno.h>
#include <stdalign.h>

/* p stands behind the item before; the next structure of a list. False where there is none, or what is no structure. */
static bool next_item(const char **p, const char *end, struct sc_span *ret_item)
{
    while (*p < end && (**p == ' ' || **p == ',' || **p == '['))
        ++*p;
    const char *stop = sc_strace_item_end(*p, end);
    *ret_item = (struct sc_span){*p, (size_t)(stop - *p)};
    *p = stop;
    return ret_item->len && *ret_item->at == '{';
}

static bool number_of(struct sc_span structure, const char *key, int64_t *ret_value)
{
    struct sc_span text;
    return sc_strace_field(structure, key, &text) && sc_strace_number(text.at, text.at + text.len, ret_value);
}

static void take_bytes(struct sc_strace_log *log, struct sc_span item, struct sc_request *request)
{
    struct sc_request_fields *is = &request->is;
    struct sc_span buffer;
    int64_t bytes;
    if (!sc_strace_field(item, "aio_buf", &buffer))
        return;
    is->bytes = number_of(item, "aio_nbytes", &bytes) ? (uint64_t)bytes : UINT64_MAX;
    unsigned data = sc_strace_bytes(log, buffer, &is->bytes, &request->data_cut);
    is->data = sc_operation_writes(is->operation) ? (uint8_t)data : SC_DATA_NONE;
}

static bool read_request(struct sc_strace_log *log, struct sc_span item, struct sc_request *request)
{
    struct sc_span text;
    int64_t key = 0, operation, fd;
    *request = (struct sc_request){0};
    if (!sc_strace_field(item, "aio_lio_opcode", &text) ||
        sc_strace_value(log->names, SC_KIND_AIO_OPERATION, text, &operation) || operation < 0 ||
        operation > UINT16_MAX || !number_of(item, "aio_fildes", &fd) || fd != (int32_t)fd)
        return false;
    (void)number_of(item, "aio_data", &key);
    (void)number_of(item, "aio_offset", &request->is.offset);
    request->is.key = (uint64_t)key;
    request->is.operation = (uint16_t)operation;
    request->is.fd = (int32_t)fd;
    take_bytes(log, item, request);
    return true;
}

/* Room in the arena for as many as the list has commas between structures. NULL: no memory. */
static struct sc_request *room_for(struct sc_strace_log *log, struct sc_span list)
{
    size_t count = 0;
    struct sc_span item;
    for (const char *p = list.at; next_item(&p, list.at + list.len, &item);)
        count++;
    char *room = sc_strace_arena_room(&log->arena, (count + 1) * sizeof(struct sc_request));
    if (!room)
        return NULL;
    size_t skip = (alignof(struct sc_request) - (uintptr_t)room) & (alignof(struct sc_request) - 1);
    sc_strace_arena_take(&log->arena, skip + count * sizeof(struct sc_request));
    return (struct sc_request *)(void *)(room + skip);
}

/* Where the list is not printed it is known how many the kernel took, and that is said. */
void sc_strace_submitted(struct sc_strace_log *log, struct sc_event *event)
{
    const struct sc_arg *arg = &event->args[2];
    bool printed = event->nargs == 3 && arg->raw_len && *arg->raw == '[';
    struct sc_span list = {arg->raw, printed ? arg->raw_len : 0}, item;
    struct sc_request *requests = printed ? room_for(log, list) : NULL;
    uint32_t count = 0;
    if (printed && !requests) {
        log->failure = -ENOMEM;
        return;
    }
    for (const char *p = list.at;
         printed && next_item(&p, list.at + list.len, &item) && read_request(log, item, &requests[count]);)
        count++;
    log->requests.keys_repeat = true;
    log->source.run.coverage.requests_known = true;
    if (sc_requests_submit(&log->requests, event, (uint64_t)event->args[0].value, requests, count))
        log->failure = -ENOMEM;
}

void sc_strace_ended(struct sc_strace_log *log, const struct sc_event *event)
{
    const struct sc_arg *arg = &event->args[3];
    if (event->nargs < 4 || !arg->raw_len || *arg->raw != '[')
        return;
    struct sc_span list = {arg->raw, arg->raw_len}, item;
    uint64_t context = (uint64_t)event->args[0].value, now_ns = event->start_ns + sc_event_took(event);
    uint32_t process = event->process;
    for (const char *p = list.at; next_item(&p, list.at + list.len, &item);) {
        int64_t key;
        struct sc_result_fields result = {0};
        if (!number_of(item, "data", &key) || !number_of(item, "res", &result.result))
            break;
        result.key = (uint64_t)key;
        struct sc_event *slot = sc_strace_slot(log);
        if (sc_requests_end(&log->requests, process, context, &result, now_ns, slot))
            sc_strace_commit(log, slot);
    }
}
