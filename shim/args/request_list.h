/* request_list.h: requests that are no calls and what became of them (request_codec.h), as items of list records. */
#ifndef SC_REQUEST_LIST_H
#define SC_REQUEST_LIST_H

#include "../../common/capture_format.h"
#include "../../common/request_codec.h"
#include "../core/peek.h"
#include "list_record.h"

/* texts: the addresses of the request's texts, whose lengths it has; known to be readable. */
void sc_request_list_put(struct sc_list *list, const struct sc_request_fields *request, const sc_addr *texts);
/* in_ring: what a ring told. */
void sc_request_list_put_result(struct sc_list *list, const struct sc_result_fields *result, bool in_ring);

/* What is known to be readable, so that the kernel is asked once a page: each of these is in a place of its own. */
struct sc_request_memory {
    struct sc_readable list, requests, parts, bytes;
};

static inline struct sc_request_memory sc_request_memory_unknown(void)
{
    return (struct sc_request_memory){sc_readable_nothing(), sc_readable_nothing(), sc_readable_nothing(),
                                      sc_readable_nothing()};
}

/* What a request reads into, or writes: count bytes at an address, or so many struct iovec there. */
struct sc_request_buffer {
    sc_addr at;
    uint64_t count;
    bool parts, writes;
};

/* Fills in what the bytes to be written are, if it may look, and of parts the sum of their lengths. */
void sc_request_look(struct sc_request_memory *known, const struct sc_request_buffer *buffer, bool look,
                     struct sc_request_fields *request);

#endif
