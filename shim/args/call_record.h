/*
 * record.h: from a call that has returned to its record.
 *
 * enter, real call, leave. Between enter and leave the call stands in its thread's in-flight slot, so that a kill
 * leaves a mark of it. A frame lives on the caller's stack; a signal handler's frames nest in it.
 */
#ifndef SC_SHIM_RECORD_H
#define SC_SHIM_RECORD_H

#include "written.h"

struct sc_frame {
    struct sc_lane *lane; /* NULL: this call is not recorded */
    uint64_t start;
    uint32_t slot;   /* in flight; SC_FLIGHTS: all are taken, the call is recorded when it is done and not before */
    uint64_t looked; /* what is known of the bytes of a write, see written.h */
};

/* sc_enter_at in a thread that has no lane or a call in flight. */
void sc_enter_slow(struct sc_frame *frame, uintptr_t at, unsigned nr, uint64_t a, uint64_t b, uint64_t c);

/* The call is in flight in that slot, which is free. */
static inline void sc_fly(struct sc_frame *frame, struct sc_lane *lane, unsigned slot, uintptr_t at, unsigned nr,
                          uint64_t a, uint64_t b, uint64_t c)
{
    frame->lane = lane;
    frame->slot = slot;
    frame->looked = SC_LOOK_NEVER;
    /* While the lane is busy a handler that interrupts us records elsewhere: else it could change, and unmap, the
     * chunk. */
    uint32_t busy = lane->busy;
    lane->busy = 1;
    SC_BARRIER();
    /* The slot is taken first: a handler that comes now takes the next one. */
    lane->at[slot] = at;
    SC_BARRIER();
    lane->flights = slot + 1;
    SC_BARRIER();
    struct sc_inflight *flight = &lane->chunk->inflight[slot];
    flight->args[0] = a;
    flight->args[1] = b;
    flight->args[2] = c;
    flight->start = frame->start = sc_now();
    SC_BARRIER();
    flight->nr1 = nr + 1;
    SC_BARRIER();
    lane->busy = busy; /* not 0: we may be in a handler that interrupted one who was storing */
}

/* As sc_enter, for a call that is known by another address than its frame's. */
static inline void sc_enter_at(struct sc_frame *frame, uintptr_t at, unsigned nr, uint64_t a, uint64_t b, uint64_t c)
{
    struct sc_lane *lane = sc_current()->lane;
    if (SC_UNLIKELY(!lane || !lane->chunk || lane->flights))
        sc_enter_slow(frame, at, nr, a, b, c);
    else
        sc_fly(frame, lane, 0, at, nr, a, b, c);
}

static inline void sc_enter(struct sc_frame *frame, unsigned nr, uint64_t a, uint64_t b, uint64_t c)
{
    sc_enter_at(frame, (uintptr_t)frame, nr, a, b, c);
}

/* Right after sc_enter, for a call with these arguments: where it is a write, its bytes may have to be looked at now.
 */
static inline void sc_look(struct sc_frame *frame, const struct sc_call_desc *desc, const uint64_t args[SC_MAX_ARGS])
{
    if (frame->lane && sc_written_from_memory(desc))
        frame->looked = sc_written_before(frame->lane, desc, args);
}

/*
 * The call returned: result is what the kernel said (-errno on failure). args are the kernel's arguments, site the
 * return address in the program. Keeps errno.
 */
void sc_leave(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], int64_t result, const void *site);

/* A call that does not come back when it succeeds: exit_group, execve. Recorded before it is made. */
void sc_leave_noreturn(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], const void *site);

/*
 * The thread ends inside calls that it began and will never finish: cancelled in one, or gone from a signal handler
 * that interrupted it. Recorded as ones that do not return; the slots would not outlive the thread.
 */
void sc_abandon(struct sc_lane *lane);

/* Forgets a call that was entered: it is recorded elsewhere, or was none. */
void sc_cancel(struct sc_frame *frame);

#endif
