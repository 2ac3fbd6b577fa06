/*
 * ust_event.h: one kind of event for LTTng-UST, which includes this file again and again to make the code of it
 * (minimal.c with LTTNG).
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "ust_event.h"
#if !defined(UST_EVENT_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define UST_EVENT_H
#include <lttng/tracepoint.h>
/* clang-format off */
LTTNG_UST_TRACEPOINT_EVENT(bench, call,
    LTTNG_UST_TP_ARGS(uint64_t, duration, int64_t, result, uint32_t, nr, uint32_t, fd),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(uint64_t, duration, duration)
        lttng_ust_field_integer(int64_t, result, result)
        lttng_ust_field_integer(uint32_t, nr, nr)
        lttng_ust_field_integer(uint32_t, fd, fd)))
/* clang-format on */
#endif
#include <lttng/tracepoint-event.h>
