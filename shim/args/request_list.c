#include "request_list.h"

#include <limits.h>

void sc_request_list_put(struct sc_list *list, const struct sc_request_fields *request, const sc_addr *texts)
{
    _Static_assert((int)SC_REQUEST_MAX <= (int)SC_LIST_ITEM_MAX, "room for one");
    size_t names = 0;
    for (unsigned i = 0; i < request->text_count; i++)
        names += request->texts[i].len;
    uint8_t *to = sc_list_place(list, names); /* not as an argument beside the key, which it may change */
    to = sc_put_request(to, request, &list->before);
    for (unsigned i = 0; i < request->text_count; i++) {
        to = sc_put_text_length(to, request->texts[i].len);
        sc_proved_copy(to, texts[i], request->texts[i].len);
        to += request->texts[i].len;
    }
    sc_list_added(list, to);
}

void sc_request_list_put_result(struct sc_list *list, const struct sc_result_fields *result, bool in_ring)
{
    uint8_t *to = sc_list_place(list, 0);
    sc_list_added(list, sc_put_result(to, result, in_ring, &list->before));
}

/* What the bytes are, enum sc_data, together with those that were looked at before. */
static unsigned add_data(unsigned data, struct sc_request_memory *known, sc_addr buffer, uint64_t bytes)
{
    bool zero;
    if (data == SC_DATA_SOME || !bytes)
        return data;
    if (data == SC_DATA_UNSEEN || !sc_readable_zero(&known->bytes, buffer, bytes, &zero))
        return SC_DATA_UNSEEN;
    return zero ? SC_DATA_ZERO : SC_DATA_SOME;
}

static void look_at_parts(struct sc_request_memory *known, sc_addr parts, uint64_t count, bool look,
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
            request->data = (uint8_t)add_data(request->data, known, part.base, part.bytes);
    }
}

void sc_request_look(struct sc_request_memory *known, const struct sc_request_buffer *buffer, bool look,
                     struct sc_request_fields *request)
{
    request->data = buffer->writes && !look ? SC_DATA_UNSEEN : SC_DATA_NONE;
    if (buffer->parts)
        look_at_parts(known, buffer->at, buffer->count, look, request);
    else if (look)
        request->data = (uint8_t)add_data(SC_DATA_NONE, known, buffer->at, buffer->count);
}
