#include "uring_ops.h"

#include <string.h>

#define SC_URING(number, name, data, paths, end, call, ...)                                                            \
    [number] = {#name,           "URING " #name, #call,                                                                \
                SC_URING_##data, SC_URING_##end, {ARGUMENTS(__VA_ARGS__, _, _, _, _, _, _)}},
#define ARGUMENTS(a, b, c, d, e, f, ...)                                                                               \
    SC_URING_##a, SC_URING_##b, SC_URING_##c, SC_URING_##d, SC_URING_##e, SC_URING_##f
static const struct sc_uring_op ops[] = {
#include "../../common/uring.def"
};

const struct sc_uring_op *sc_uring_op(unsigned operation)
{
    unsigned number = operation - SC_OP_RING;
    return sc_operation_in_ring(operation) && number < sizeof ops / sizeof *ops ? &ops[number] : NULL;
}

/* Without an offset of its own a request goes on where the descriptor is, as the shorter call does. */
static const char *at_its_offset(const char *call)
{
    static const struct {
        const char *call, *shorter;
    } pairs[] = {{"pread64", "read"}, {"pwrite64", "write"}, {"preadv", "readv"}, {"pwritev", "writev"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i].call, call) == 0)
            return pairs[i].shorter;
    return call;
}

const struct sc_call_desc *sc_uring_call(const struct sc_request_fields *request)
{
    const struct sc_uring_op *op = sc_uring_op(request->operation);
    const char *call = op ? op->call : "_";
    if (request->offset == -1)
        call = at_its_offset(call);
    if (request->operation == SC_OP_RING + SC_URING_OP_FSYNC &&
        request->operation_flags & 1) /* IORING_FSYNC_DATASYNC */
        call = "fdatasync";
    const struct sc_call_desc *desc = sc_call_by_name(call, strlen(call));
    return desc ? desc : sc_call(SC_NR_LIMIT);
}
