/*
 * call_record.h: makes a record of a call.
 *
 * Order: sc_begin_call, the real call, sc_end_call. In between the call is in one of its thread's in-flight slots, so
 * that a kill leaves a mark of it. A frame lives on the caller's stack; a signal handler's frames nest in it.
 */
#ifndef SC_CALL_RECORD_H
#define SC_CALL_RECORD_H

#include "left_out.h"
#include "written.h"

struct sc_frame {
    struct sc_writer *writer; /* NULL: this call is not recorded */
    uint64_t start;
    uint32_t slot;   /* SC_INFLIGHT_SLOTS: all slots were taken, and the call is recorded only when it is done */
    uint64_t looked; /* what is known of a write's bytes, see written.h */
};

/* sc_begin_call_at for a thread that has no writer, or has calls in flight, and where times are not read from the
 * counter. */
void sc_begin_call_slow(struct sc_frame *frame, uintptr_t at, unsigned nr, uint64_t a, uint64_t b, uint64_t c);

/* sc_begin_call_at for a call that is not to be recorded. */
void sc_begin_call_left_out(struct sc_frame *frame, uintptr_t at);

/* Puts the call into that slot, which is free. now: the clock. */
static inline __attribute__((always_inline)) void sc_begin_call_in_slot(struct sc_frame *frame,
                                                                        struct sc_writer *writer, unsigned slot,
                                                                        uintptr_t at, unsigned nr, uint64_t a,
                                                                        uint64_t b, uint64_t c, uint64_t (*now)(void))
{
    frame->writer = writer;
    frame->slot = slot;
    frame->looked = SC_LOOK_NEVER;
    /*
     * While the writer is busy, a handler that interrupts us records elsewhere: else it could change the chunk and
     * unmap ours.
     */
    uint32_t busy = writer->busy;
    writer->busy = 1;
    SC_BARRIER();
    /* Take the slot first: a handler that comes now takes the next one. */
    writer->at[slot] = at;
    SC_BARRIER();
    writer->in_flight = slot + 1;
    SC_BARRIER();
    struct sc_inflight *inflight = &writer->chunk->inflight[slot];
    inflight->args[0] = a;
    inflight->args[1] = b;
    inflight->args[2] = c;
    inflight->start = frame->start = now();
    SC_BARRIER();
    inflight->nr1 = nr + 1;
    SC_BARRIER();
    writer->busy = busy; /* not 0: we may be in a handler that interrupted the storing of a record */
}

/* As sc_begin_call, for a call that is identified by another address than its frame's. */
static inline void sc_begin_call_at(struct sc_frame *frame, uintptr_t at, unsigned nr, uint64_t a, uint64_t b,
                                    uint64_t c)
{
    if (SC_UNLIKELY(sc_is_left_out(nr, a))) {
        sc_begin_call_left_out(frame, at);
        return;
    }
    struct sc_writer *writer = sc_current()->writer;
    if (SC_UNLIKELY(!writer || !writer->chunk || writer->in_flight || !sc_process.clock_tsc))
        sc_begin_call_slow(frame, at, nr, a, b, c);
    else
        sc_begin_call_in_slot(frame, writer, 0, at, nr, a, b, c, sc_counter);
}

static inline void sc_begin_call(struct sc_frame *frame, unsigned nr, uint64_t a, uint64_t b, uint64_t c)
{
    sc_begin_call_at(frame, (uintptr_t)frame, nr, a, b, c);
}

/*
 * Call right after sc_begin_call for a call with these arguments: if it is a write, its bytes may have to be examined
 * now.
 */
static inline void sc_look(struct sc_frame *frame, const struct sc_call_desc *desc, const uint64_t args[SC_MAX_ARGS])
{
    if (frame->writer && desc->care == SC_CARE_LOOK)
        frame->looked = sc_written_before(frame->writer, desc, args);
}

/*
 * The call returned: result is what the kernel said (-errno on failure). args are the kernel's arguments, site the
 * return address in the program. Keeps errno.
 */
void sc_end_call(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], int64_t result,
                 const void *site);

/* A call that does not return when it succeeds: exit_group, execve. Recorded before it is made. */
void sc_end_call_noreturn(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], const void *site);

/*
 * The thread ends inside calls that it will never finish: it was cancelled in one, or left for good a signal handler
 * that interrupted it. Records them as never returned; the slots would not outlive the thread.
 */
void sc_orphan_calls(struct sc_writer *writer);

/* Forgets a call that was begun: it is recorded elsewhere, or was none. */
void sc_cancel_call(struct sc_frame *frame);

#endif
