/*
 * request_list.h: records of requests that are no calls, and of what became of them (request_codec.h), put together in
 * the writer's scratch space: nothing is allocated. A record that is full is followed by another one.
 */
#ifndef SC_REQUEST_LIST_H
#define SC_REQUEST_LIST_H

#include "../../common/capture_format.h"
#include "../../common/request_codec.h"
#include "../core/peek.h"
#include "../core/writer.h"

struct sc_request_list {
    struct sc_writer *writer; /* entered */
    enum sc_meta type;
    struct sc_requests_head head;
    size_t used;
    bool any;     /* a record was put */
    uint64_t key; /* of the last one in the record */
};

/* writer: the thread's, or NULL. False: nothing can be recorded, and the list is not to be used. */
bool sc_request_list_begin(struct sc_request_list *list, struct sc_writer *writer, enum sc_meta type,
                           const struct sc_requests_head *head);
void sc_request_list_end(struct sc_request_list *list);
/* The same with a record where nothing was put into the list. */
void sc_request_list_end_always(struct sc_request_list *list);

/* texts: the addresses of the request's texts, whose lengths it has; known to be readable. */
void sc_request_list_put(struct sc_request_list *list, const struct sc_request_fields *request, const sc_addr *texts);
void sc_request_list_put_result(struct sc_request_list *list, const struct sc_result_fields *result);

/* What is known to be readable, so that the kernel is asked once a page: each of these is in a place of its own. */
struct sc_request_memory {
    struct sc_readable list, requests, parts, bytes;
};

static inline struct sc_request_memory sc_request_memory_unknown(void)
{
    return (struct sc_request_memory){sc_readable_nothing(), sc_readable_nothing(), sc_readable_nothing(),
                                      sc_readable_nothing()};
}

/* What the bytes are that a request is to write: enum sc_data, together with those that were looked at before. */
unsigned sc_request_data(unsigned data, struct sc_request_memory *known, sc_addr buffer, uint64_t bytes);

/* Of several parts: the sum of their lengths and, where it looks, what their bytes are. */
void sc_request_parts(struct sc_request_memory *known, sc_addr parts, uint64_t count, bool look,
                      struct sc_request_fields *request);

#endif
