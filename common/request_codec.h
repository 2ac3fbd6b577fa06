/*
 * request_codec.h: requests that are no calls, as they stand in a capture: what io_submit took, and what became of it.
 * Numbers as in codec.h, which this goes with; inline for the same reason.
 */
#ifndef SC_REQUEST_CODEC_H
#define SC_REQUEST_CODEC_H

#include "codec.h"

/* What a request asks for: the numbers of IOCB_CMD_PREAD and the others in linux/aio_abi.h. */
enum sc_operation {
    SC_OP_READ,
    SC_OP_WRITE,
    SC_OP_SYNC,
    SC_OP_SYNC_DATA,
    SC_OP_POLL = 5,
    SC_OP_NONE = 6,
    SC_OP_READ_PARTS = 7,
    SC_OP_WRITE_PARTS = 8,
};

static inline bool sc_operation_reads(unsigned operation)
{
    return operation == SC_OP_READ || operation == SC_OP_READ_PARTS;
}

static inline bool sc_operation_writes(unsigned operation)
{
    return operation == SC_OP_WRITE || operation == SC_OP_WRITE_PARTS;
}

/* One of the requests of a REQUESTS record. */
struct sc_request_fields {
    uint64_t key;       /* the address of the program's struct iocb, by which its result names it */
    uint16_t operation; /* enum sc_operation, or what else the program put there */
    uint8_t data;       /* enum sc_data: of a write, all bytes that it would write */
    int32_t fd;
    uint64_t bytes; /* of all parts together; of a poll the events it waits for */
    int64_t offset;
};

/* One of the results of a RESULTS record. */
struct sc_result_fields {
    uint64_t key;
    int64_t result; /* -errno on failure */
};

/* At most so many bytes are touched by either. */
enum { SC_REQUEST_MAX = 48 };

/* before: the key of the one before in the same record, 0 at first; it is moved on. Returns the place behind. */
static inline uint8_t *sc_put_request(uint8_t *p, const struct sc_request_fields *request, uint64_t *before)
{
    p = sc_put(p, sc_zigzag((int64_t)(request->key - *before)));
    *before = request->key;
    p = sc_put(p, (uint64_t)request->operation << 2 | request->data);
    p = sc_put(p, sc_zigzag(request->fd));
    p = sc_put(p, request->bytes);
    return sc_put(p, sc_zigzag(request->offset));
}

static inline uint8_t *sc_put_result(uint8_t *p, const struct sc_result_fields *result, uint64_t *before)
{
    p = sc_put(p, sc_zigzag((int64_t)(result->key - *before)));
    *before = result->key;
    return sc_put(p, sc_zigzag(result->result));
}

/* And back. 0, or -EBADMSG where it does not fit before end or holds what no writer stores; *p is undefined then. */
int sc_get_request(const uint8_t **p, const uint8_t *end, uint64_t *before, struct sc_request_fields *ret_request);
int sc_get_result(const uint8_t **p, const uint8_t *end, uint64_t *before, struct sc_result_fields *ret_result);

#endif
