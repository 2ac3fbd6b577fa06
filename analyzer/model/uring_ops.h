/* uring_ops.h: what a request of io_uring asks for, by its operation (uring.def). */
#ifndef SC_URING_OPS_H
#define SC_URING_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "../../common/calls.h"
#include "../../common/request_codec.h"
#include "../../common/uring_words.h"

struct sc_uring_op {
    const char *name;          /* without IORING_OP_ */
    const char *shown;         /* as in tables of calls: "URING OPENAT" */
    uint16_t call;             /* the number of the one that does the same; SC_NR_LIMIT: none does */
    uint16_t variant;          /* in its place, see uring.def */
    uint8_t data;              /* enum sc_uring_data */
    uint8_t end;               /* enum sc_uring_end */
    uint8_t args[SC_MAX_ARGS]; /* enum sc_uring_argument */
};

/* operation: from SC_OP_RING on. NULL: not known. */
const struct sc_uring_op *sc_uring_op(unsigned operation);

/* The call that does the same as that request, or the table's row without a name. */
const struct sc_call_desc *sc_uring_call(const struct sc_request_fields *request);

#endif
