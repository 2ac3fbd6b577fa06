/*
 * ring.h: SYSCAP_KEEP=last: chunks lie in slots of one size, and the oldest are used again.
 *
 * A hand goes round the slots, moved by all processes of the session with an atomic addition. It takes a slot that was
 * never used, or whose chunk is full (closed) long enough for the hand to have passed half of all slots since; where
 * there is none in a whole turn, any that is closed. One whose owner is gone without a word (killed) becomes closed. A
 * slot is claimed by exchanging its word in the table, so that it has one owner at any time; what is in the chunk stays
 * readable until its calls are counted as overwritten and one store makes it empty. So a kill leaves the old content or
 * none, and the number that goes with it.
 *
 * What must stay (kept.h) has slots of its own. Of these only those of processes that are gone are used again, and only
 * where they take more than half of all: they are closed first, for a whole turn, in which all calls of that process
 * go.
 */
#ifndef SC_RING_H
#define SC_RING_H

#include "state.h"

/* The session's file is mapped. False: it keeps the last calls, and the table can't be mapped. */
bool sc_ring_begin(void);

/* In a forked child, whose pid is known. */
void sc_ring_forked(void);

/* Reports whether the capture of this process has slots. */
static inline bool sc_ring_is_used(void)
{
    return sc_process.slots != NULL;
}

/* A chunk of header->slot_bytes, mapped and empty; kept: for what must stay. NULL: sc_stop() was called. */
struct sc_chunk *sc_ring_chunk(bool kept);

/* Nobody stores in the chunk any more, which holds calls. */
void sc_ring_close(const struct sc_chunk *chunk);

/*
 * The chunk is about to be left to another process (sc_store_bequeath), and it was taken. False: it can't be left, as
 * the root's own is.
 */
bool sc_ring_leave(const struct sc_chunk *chunk, bool kept);
void sc_ring_inherit(const struct sc_chunk *chunk, bool kept);

#endif
