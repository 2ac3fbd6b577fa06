#include "request_list.h"

#include <limits.h>

bool sc_request_list_begin(struct sc_request_list *list, struct sc_writer *writer, enum sc_meta type,
                           const struct sc_requests_head *head)
{
    writer = writer ? sc_writer_enter(writer) : NULL;
    *list = (struct sc_request_list){.writer = writer, .type = type, .head = *head};
    return writer;
}

static void put_record(struct sc_request_list *list)
{
    sc_writer_meta(list->writer, list->type, &list->head, sizeof list->head, list->writer->scratch, list->used);
    list->used = 0;
    list->key = 0;
    list->any = true;
}

void sc_request_list_end(struct sc_request_list *list)
{
    if (list->used)
        put_record(list);
    sc_writer_leave(list->writer);
}

void sc_request_list_end_always(struct sc_request_list *list)
{
    if (list->used || !list->any)
        put_record(list);
    sc_writer_leave(list->writer);
}

/* Where the next one goes, which takes so much more than its numbers. */
static uint8_t *place(struct sc_request_list *list, size_t more)
{
    if (list->used + SC_REQUEST_MAX + more > sizeof list->writer->scratch)
        put_record(list);
    return list->writer->scratch + list->used;
}

static void added(struct sc_request_list *list, const uint8_t *end)
{
    list->used = (size_t)(end - list->writer->scratch);
}

void sc_request_list_put(struct sc_request_list *list, const struct sc_request_fields *request, const sc_addr *texts)
{
    size_t more = 0;
    for (unsigned i = 0; i < request->text_count; i++)
        more += request->texts[i].len;
    uint8_t *to = place(list, more); /* not as an argument beside the key, which it may change */
    to = sc_put_request(to, request, &list->key);
    for (unsigned i = 0; i < request->text_count; i++) {
        to = sc_put_text_length(to, request->texts[i].len);
        sc_proved_copy(to, texts[i], request->texts[i].len);
        to += request->texts[i].len;
    }
    added(list, to);
}

void sc_request_list_put_result(struct sc_request_list *list, const struct sc_result_fields *result)
{
    uint8_t *to = place(list, 0);
    added(list, sc_put_result(to, result, list->head.told_by == SC_TOLD_BY_COMPLETION, &list->key));
}

unsigned sc_request_data(unsigned data, struct sc_request_memory *known, sc_addr buffer, uint64_t bytes)
{
    bool zero;
    if (data == SC_DATA_SOME || !bytes)
        return data;
    if (data == SC_DATA_UNSEEN || !sc_readable_zero(&known->bytes, buffer, bytes, &zero))
        return SC_DATA_UNSEEN;
    return zero ? SC_DATA_ZERO : SC_DATA_SOME;
}

void sc_request_parts(struct sc_request_memory *known, sc_addr parts, uint64_t count, bool look,
                      struct sc_request_fields *request)
{
    struct {
        sc_addr base;
        uint64_t bytes;
    } part;
    request->bytes = 0;
    for (uint64_t i = 0; i < count && i < IOV_MAX; i++) {
        if (!sc_readable_copy(&known->parts, &part, parts + i * sizeof part, sizeof part)) {
            request->data = look ? SC_DATA_UNSEEN : SC_DATA_NONE;
            return;
        }
        request->bytes += part.bytes;
        if (look)
            request->data = (uint8_t)sc_request_data(request->data, known, part.base, part.bytes);
    }
}
