/*
 * call_record.h: from a call that has returned to its record.
 *
 * enter, real call, leave. Between enter and leave the call stands in its thread's in-flight slot, so that a kill
 * leaves a mark of it. A frame lives on the caller's stack; a signal handler's frames nest in it.
 */
#ifndef SC_SHIM_RECORD_H
#define SC_SHIM_RECORD_H

#include "written.h"

struct sc_frame {
    struct sc_writer *writer; /* NULL: this call is not recorded */
    uint64_t start;
    uint32_t
        slot; /* in flight; SC_INFLIGHT_SLOTS: all are taken, the call is recorded when it is done and not before */
    uint64_t looked; /* what is known of the bytes of a write, see written.h */
};

/* sc_begin_call_at in a thread that has no writer or a call in flight. */
void sc_begin_call_slow(struct sc_frame *frame, uintptr_t at, unsigned nr, uint64_t a, uint64_t b, uint64_t c);

/* The call is in flight in that slot, which is free. */
static inline void sc_begin_call_in_slot(struct sc_frame *frame, struct sc_writer *writer, unsigned slot, uintptr_t at,
                                         unsigned nr, uint64_t a, uint64_t b, uint64_t c)
{
    frame->writer = writer;
    frame->slot = slot;
    frame->looked = SC_LOOK_NEVER;
    /* While the writer is busy a handler that interrupts us records elsewhere: else it could change, and unmap, the
     * chunk. */
    uint32_t busy = writer->busy;
    writer->busy = 1;
    SC_BARRIER();
    /* The slot is taken first: a handler that comes now takes the next one. */
    writer->at[slot] = at;
    SC_BARRIER();
    writer->in_flight = slot + 1;
    SC_BARRIER();
    struct sc_inflight *inflight = &writer->chunk->inflight[slot];
    inflight->args[0] = a;
    inflight->args[1] = b;
    inflight->args[2] = c;
    inflight->start = frame->start = sc_now();
    SC_BARRIER();
    inflight->nr1 = nr + 1;
    SC_BARRIER();
    writer->busy = busy; /* not 0: we may be in a handler that interrupted one who was storing */
}

/* As sc_begin_call, for a call that is known by another address than its frame's. */
static inline void sc_begin_call_at(struct sc_frame *frame, uintptr_t at, unsigned nr, uint64_t a, uint64_t b,
                                    uint64_t c)
{
    struct sc_writer *writer = sc_current()->writer;
    if (SC_UNLIKELY(!writer || !writer->chunk || writer->in_flight))
        sc_begin_call_slow(frame, at, nr, a, b, c);
    else
        sc_begin_call_in_slot(frame, writer, 0, at, nr, a, b, c);
}

static inline void sc_begin_call(struct sc_frame *frame, unsigned nr, uint64_t a, uint64_t b, uint64_t c)
{
    sc_begin_call_at(frame, (uintptr_t)frame, nr, a, b, c);
}

/* Right after sc_begin_call, for a call with these arguments: where it is a write, its bytes may have to be looked at
 * now.
 */
static inline void sc_look(struct sc_frame *frame, const struct sc_call_desc *desc, const uint64_t args[SC_MAX_ARGS])
{
    if (frame->writer && sc_written_from_memory(desc))
        frame->looked = sc_written_before(frame->writer, desc, args);
}

/*
 * The call returned: result is what the kernel said (-errno on failure). args are the kernel's arguments, site the
 * return address in the program. Keeps errno.
 */
void sc_end_call(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], int64_t result,
                 const void *site);

/* A call that does not come back when it succeeds: exit_group, execve. Recorded before it is made. */
void sc_end_call_noreturn(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], const void *site);

/*
 * The thread ends inside calls that it began and will never finish: cancelled in one, or gone from a signal handler
 * that interrupted it. Recorded as ones that do not return; the slots would not outlive the thread.
 */
void sc_orphan_calls(struct sc_writer *writer);

/* Forgets a call that was entered: it is recorded elsewhere, or was none. */
void sc_cancel_call(struct sc_frame *frame);

#endif
