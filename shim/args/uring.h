/*
 * uring.h: requests of io_uring, which are no calls: io_uring_enter tells the kernel to take those that stand in the
 * ring, what became of them stands in its completion queue.
 *
 * Requests are looked at before the call, as those of Linux AIO are (aio.h), and how many the kernel took is what the
 * call returns. Completions are looked for after each call, and before the ring is unmapped, its descriptor closed or
 * the process ends. A ring whose requests the kernel's own thread takes (IORING_SETUP_SQPOLL) has no calls for them:
 * what can be seen is how many there were.
 */
#ifndef SC_URING_H
#define SC_URING_H

#include "call_record.h"
#include "uring_rings.h"

/* Words that stand side by side in means.def. */
static inline bool sc_uring_concerns(enum sc_means means)
{
    return means >= SC_MEANS_RING_ENTER && means <= SC_MEANS_RING_REGISTER;
}

/* Call right after sc_begin_call, for a call that it concerns. */
void sc_uring_before(const struct sc_frame *frame, enum sc_means means, const uint64_t *args);

/* And after sc_end_call; also of io_uring_setup. */
void sc_uring_after(enum sc_means means, const uint64_t *args, int64_t result);

/* Where there are rings (sc_rings_any): a mapping of a descriptor was made. */
void sc_uring_mapped(const uint64_t *args, int64_t result);

/* Before a call that unmaps memory or maps over it; and before one that closes descriptors. */
void sc_uring_unmapping(const struct sc_frame *frame, sc_addr from, uint64_t bytes);
void sc_uring_closing(const struct sc_frame *frame, unsigned nr, const uint64_t *args);

/* After one that gave a descriptor another meaning. */
void sc_uring_replaced(const uint64_t *args, int64_t result);

/* A thread ends, and loses the indexes that it named rings by. */
void sc_uring_thread_end(struct sc_writer *writer);

/* The process ends, or becomes another program. */
void sc_uring_end(struct sc_writer *writer);

#endif
