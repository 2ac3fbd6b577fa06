/*
 * aio_ring.h: results that the program takes from a context's ring itself, as the kernel allows it to: no call tells
 * them. The ring's head moves on by what io_getevents returns; by what it moved more, the program took some. They stand
 * there still, until the ring has come round.
 *
 * Contexts are remembered in a small table; one that finds no place there is not looked at. Nothing is locked: where
 * another thread is in io_getevents nothing is concluded until the next look. What can't be told then is lost, and the
 * reader misses it: it knows how many requests there were.
 */
#ifndef SC_AIO_RING_H
#define SC_AIO_RING_H

#include "../core/peek.h"

/* The places of a ring from which the program took results. */
struct sc_aio_ring_taken {
    uint32_t from, to; /* to: the first behind them */
    uint32_t places;   /* of the whole ring: behind the last one comes the first */
    sc_addr events;    /* struct io_event of the first place */
};

/* A context was set up, or ended. */
void sc_aio_ring_begin(uint64_t context);
void sc_aio_ring_end(uint64_t context);

/* Around io_getevents, which returned count. */
void sc_aio_ring_call_begins(uint64_t context);
void sc_aio_ring_call_ends(uint64_t context, uint64_t count);

/* The kernel took so many requests. */
void sc_aio_ring_submitted(uint64_t context, uint64_t count);

/*
 * What the program took since the last look, each once. To be asked before each call about the context, where it makes
 * a system call as long as it is not known that this program asks the kernel. ends: before the context ends, and with
 * what nobody took. False: nothing that is known.
 */
bool sc_aio_ring_look(uint64_t context, bool ends, struct sc_aio_ring_taken *ret_taken);

#endif
