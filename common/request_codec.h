/*
 * request_codec.h: requests that are no calls, as they stand in a capture: what io_submit or io_uring_enter took, and
 * what became of it. Numbers as in codec.h, which this goes with; inline for the same reason.
 */
#ifndef SC_REQUEST_CODEC_H
#define SC_REQUEST_CODEC_H

#include "codec.h"

/*
 * What a request asks for: the numbers of IOCB_CMD_PREAD and the others in linux/aio_abi.h; those of IORING_OP_NOP and
 * the others (uring.def) above SC_OP_RING.
 */
enum sc_operation {
    SC_OP_READ,
    SC_OP_WRITE,
    SC_OP_SYNC,
    SC_OP_SYNC_DATA,
    SC_OP_POLL = 5,
    SC_OP_NONE = 6,
    SC_OP_READ_PARTS = 7,
    SC_OP_WRITE_PARTS = 8,
    SC_OP_RING = 0x100,
    SC_OP_RING_LAST = 0x1ff,
    SC_OP_RING_FILE = 0x200, /* no request: of a ring's own table of files the one at index `key` is `fd` from now on */
};

static inline bool sc_operation_reads(unsigned operation)
{
    return operation == SC_OP_READ || operation == SC_OP_READ_PARTS;
}

static inline bool sc_operation_writes(unsigned operation)
{
    return operation == SC_OP_WRITE || operation == SC_OP_WRITE_PARTS;
}

static inline bool sc_operation_in_ring(unsigned operation)
{
    return operation >= SC_OP_RING && operation <= SC_OP_RING_LAST;
}

enum {
    SC_REQUEST_TEXTS = 2,
    SC_REQUEST_TEXT = 1900 /* longer names are cut there: two fit a writer's scratch space */
};

/* One of the requests of a REQUESTS record. */
struct sc_request_fields {
    uint64_t key;       /* by which its result names it: the address of the program's struct iocb; user_data */
    uint16_t operation; /* enum sc_operation, or what else the program put there */
    uint8_t data;       /* enum sc_data: of a write, all bytes that it would write */
    int32_t fd;
    uint64_t bytes; /* of all parts together; of a poll the events it waits for; of others of a ring, its len */
    int64_t offset;
    /* Of a ring's only, by the names of struct io_uring_sqe: */
    uint8_t flags;
    uint8_t text_count;
    uint32_t operation_flags; /* of openat2 those behind its pointer */
    int32_t other;            /* splice_fd_in, or file_index */
    uint64_t address;         /* where it is no pointer */
    struct {
        const char *at; /* not NUL-terminated */
        uint32_t len;
    } texts[SC_REQUEST_TEXTS]; /* the names behind its pointers */
};

/* One of the results of a RESULTS record. */
struct sc_result_fields {
    uint64_t key;
    int64_t result; /* -errno on failure */
    uint32_t flags; /* of a ring's: IORING_CQE_F_MORE and others */
};

/* At most so many bytes are touched by either, texts aside. */
enum { SC_REQUEST_MAX = 96 };

/* before: the key of the one before in the same record, 0 at first; it is moved on. Returns the place behind. */
static inline uint8_t *sc_put_request(uint8_t *p, const struct sc_request_fields *request, uint64_t *before)
{
    p = sc_put(p, sc_zigzag((int64_t)(request->key - *before)));
    *before = request->key;
    p = sc_put(p, (uint64_t)request->operation << 2 | request->data);
    p = sc_put(p, sc_zigzag(request->fd));
    p = sc_put(p, request->bytes);
    p = sc_put(p, sc_zigzag(request->offset));
    if (!sc_operation_in_ring(request->operation))
        return p;
    p = sc_put(p, (uint64_t)request->flags << 2 | request->text_count);
    p = sc_put(p, request->operation_flags);
    p = sc_put(p, sc_zigzag(request->other));
    return sc_put(p, request->address);
}

/* Behind a request, each of its texts: the length that this puts, then the bytes. */
static inline uint8_t *sc_put_text_length(uint8_t *p, uint32_t len)
{
    return sc_put(p, len);
}

/* in_ring: what a ring told. */
static inline uint8_t *sc_put_result(uint8_t *p, const struct sc_result_fields *result, bool in_ring, uint64_t *before)
{
    p = sc_put(p, sc_zigzag((int64_t)(result->key - *before)));
    *before = result->key;
    p = sc_put(p, sc_zigzag(result->result));
    return in_ring ? sc_put(p, result->flags) : p;
}

/*
 * And back, a request with its texts, which stay where they are. 0, or -EBADMSG where it does not fit before end or
 * holds what no writer stores; *p is undefined then.
 */
int sc_get_request(const uint8_t **p, const uint8_t *end, uint64_t *before, struct sc_request_fields *ret_request);
int sc_get_result(const uint8_t **p, const uint8_t *end, bool in_ring, uint64_t *before,
                  struct sc_result_fields *ret_result);

#endif
