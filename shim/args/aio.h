/*
 * aio.h: requests of Linux AIO, which are no calls: io_submit hands them over, io_getevents tells what became of them.
 *
 * Requests are looked at before the call, as whoever is told of their end may have them unmapped before it is back; and
 * so are the bytes that they write. How many of them the kernel took is what the call returns: the record of the call
 * follows theirs, and has the same start. Results are read where the kernel has just put them.
 */
#ifndef SC_AIO_H
#define SC_AIO_H

#include "call_record.h"

/* Words that stand side by side in means.def. */
static inline bool sc_aio_concerns(enum sc_means means)
{
    return means >= SC_MEANS_AIO && means <= SC_MEANS_AIO_END;
}

/* Call right after sc_begin_call, for a call that it concerns. */
void sc_aio_before(const struct sc_frame *frame, enum sc_means means, const uint64_t *args);

/* And after sc_end_call. */
void sc_aio_after(enum sc_means means, const uint64_t *args, int64_t result);

#endif
