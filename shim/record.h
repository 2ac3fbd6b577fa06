/*
 * record.h: from a call that has returned to its record.
 *
 * enter, real call, leave. Between enter and leave the call stands in its thread's in-flight slot, so that a kill
 * leaves a mark of it. A frame lives on the caller's stack; a signal handler's frames nest in it.
 */
#ifndef SC_SHIM_RECORD_H
#define SC_SHIM_RECORD_H

#include "lane.h"

struct sc_frame {
    struct sc_lane *lane; /* NULL: this call is not recorded */
    uint64_t start;
    struct sc_inflight outer; /* the interrupted call's slot, where outer.nr1 is not 0 */
    uintptr_t outer_at;       /* and its stack address */
};

/*
 * The lane's slot is taken as a call begins, whose frame this is: by the call that a handler interrupted, or by one
 * that a handler left for good (siglongjmp); that one is recorded as never returned and the slot is free.
 */
void sc_enter_taken(struct sc_lane *lane, const struct sc_frame *frame);

static inline void sc_enter(struct sc_frame *frame, unsigned nr, uint64_t a, uint64_t b, uint64_t c)
{
    struct sc_lane *lane = sc_lane;
    if (SC_UNLIKELY(!lane || !lane->chunk)) {
        lane = sc_lane_get();
        if (!lane) {
            frame->lane = NULL;
            return;
        }
    }
    if (SC_UNLIKELY(lane->chunk->inflight.nr1))
        sc_enter_taken(lane, frame);
    /* While the lane is busy a handler that interrupts us records elsewhere: else it could change, and unmap, the
     * chunk. */
    uint32_t busy = lane->busy;
    lane->busy = 1;
    SC_BARRIER();
    struct sc_inflight *slot = &lane->chunk->inflight;
    frame->lane = lane;
    frame->outer.nr1 = slot->nr1;
    if (SC_UNLIKELY(slot->nr1)) {
        frame->outer = *slot;
        frame->outer_at = lane->call_at;
        slot->nr1 = 0;
        SC_BARRIER();
    }
    lane->call_at = (uintptr_t)frame;
    slot->args[0] = a;
    slot->args[1] = b;
    slot->args[2] = c;
    slot->start = frame->start = sc_now();
    SC_BARRIER();
    slot->nr1 = nr + 1;
    SC_BARRIER();
    lane->busy = busy; /* not 0: we may be in a handler that interrupted one who was storing */
}

/*
 * The call returned: result is what the kernel said (-errno on failure). args are the kernel's arguments, site the
 * return address in the program. Keeps errno.
 */
void sc_leave(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], int64_t result, const void *site);

/* A call that does not come back when it succeeds: exit_group, execve. Recorded before it is made. */
void sc_leave_noreturn(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], const void *site);

/*
 * The thread ends inside a call that it began and will never finish: cancelled in it, or gone from a signal handler
 * that interrupted it. Recorded as one that does not return; the slot would not outlive the thread.
 */
void sc_abandon(struct sc_lane *lane);

/* Forgets a call that was entered: it is recorded elsewhere, or was none. */
void sc_cancel(struct sc_frame *frame);

#endif
