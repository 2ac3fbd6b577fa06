#include "uring_ops.h"

/* The row that has no call: that of numbers without one. */
enum { SC_NR__ = SC_NR_LIMIT };

#define SC_URING(number, name, data, paths, end, call, variant, ...)                                                   \
    [number] = {#name,                                                                                                 \
                "URING " #name,                                                                                        \
                SC_NR_##call,                                                                                          \
                SC_NR_##variant,                                                                                       \
                SC_URING_##data,                                                                                       \
                SC_URING_##end,                                                                                        \
                {ARGUMENTS(__VA_ARGS__, _, _, _, _, _, _)}},
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

const struct sc_call_desc *sc_uring_call(const struct sc_request_fields *request)
{
    const struct sc_uring_op *op = sc_uring_op(request->operation);
    bool syncs = request->operation == SC_OP_RING + SC_URING_OP_FSYNC;
    bool varies = syncs ? request->operation_flags & 1 /* IORING_FSYNC_DATASYNC */ : request->offset == -1;
    if (!op)
        return sc_call(SC_NR_LIMIT);
    return sc_call(varies && op->variant < SC_NR_LIMIT ? op->variant : op->call);
}
