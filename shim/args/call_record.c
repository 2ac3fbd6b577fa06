#include "call_record.h"

#include <signal.h>

#include "../core/raw_syscall.h"
#include "../unwind/call_stack.h"
#include "arg_memory.h"

/* The calls above slot were begun in handlers that never returned. */
static void orphan_above(struct sc_writer *writer, unsigned slot);

/* As in sc_begin_call: no handler may change the chunk between finding the slot and storing in it. */
static void clear_slot(const struct sc_frame *frame)
{
    struct sc_writer *writer = frame->writer;
    if (SC_UNLIKELY(writer->in_flight > frame->slot + 1))
        orphan_above(writer, frame->slot + 1);
    if (SC_UNLIKELY(frame->slot == SC_INFLIGHT_SLOTS))
        return;
    uint32_t busy = writer->busy;
    writer->busy = 1;
    SC_BARRIER();
    writer->chunk->inflight[frame->slot].nr1 = 0;
    SC_BARRIER();
    writer->in_flight = frame->slot;
    SC_BARRIER();
    writer->busy = busy;
}

/* What a record refers to in its chunk: its stack and its strings, all in one chunk. */
static bool store_behind(struct sc_writer *writer, const uint64_t *args, bool forgotten)
{
    struct sc_record *record = &writer->record;
    unsigned count = sc_stack_collect(writer);
    size_t bytes = sizeof(struct sc_meta_head) + SC_STACK_BYTES(count);
    for (unsigned mask = record->desc->text; mask; mask &= mask - 1)
        bytes += sizeof(struct sc_meta_head) + SC_TEXT_MAX;
    if (!sc_writer_room(writer, bytes) || !sc_arg_memory_texts(writer, record, args, forgotten))
        return false;
    if (count)
        sc_stack_add(writer, record, count);
    return true;
}

static uint8_t null_pointers(const struct sc_call_desc *desc, const uint64_t *args)
{
    unsigned nulls = 0;
    for (unsigned mask = desc->skipped; mask; mask &= mask - 1)
        if (SC_UNLIKELY(!args[__builtin_ctz(mask)]))
            nulls |= mask & -mask;
    return (uint8_t)nulls;
}

/* Any call: builds a record, which can hold more than numbers. forgotten: see sc_arg_memory_texts. */
static __attribute__((noinline)) void store(struct sc_writer *own, const struct sc_fields *fields, unsigned head,
                                            bool forgotten)
{
    struct sc_writer *writer = sc_writer_enter(own);
    if (!writer)
        return;
    struct sc_record *record = &writer->record;
    const struct sc_call_desc *desc = fields->desc;
    record->desc = desc;
    record->nr = head & SC_HEAD_NR;
    record->data = (head >> SC_HEAD_DATA_SHIFT) & 3;
    record->noreturn = head & SC_HEAD_NORETURN;
    record->nulls = null_pointers(desc, fields->args);
    record->extra_count = 0;
    record->start = fields->start;
    record->duration = fields->duration;
    record->site = fields->site;
    record->result = fields->result;
    memcpy(record->args, fields->args, sizeof record->args);
    if (!record->noreturn && sc_arg_memory_wanted(desc))
        sc_arg_memory_values(record, fields->args, fields->result);
    bool room;
    if (SC_UNLIKELY(sc_process.stack_depth))
        room = store_behind(writer, fields->args, forgotten);
    else if (!desc->text && !record->extra_count)
        room = sc_writer_room(writer, 0);
    else
        room = sc_arg_memory_texts(writer, record, fields->args, forgotten);
    if (room) {
        uint8_t *at = (uint8_t *)writer->chunk + writer->chunk->used;
        uint8_t *end = sc_encode(at, record, &writer->base);
        SC_BARRIER();
        writer->chunk->used += (uint32_t)(end - at);
    }
    sc_writer_leave(writer);
}

/* A forked child returns from a call that its parent began: it has a writer of its own and nothing in flight. */
static bool leave_parent(struct sc_frame *frame)
{
    frame->writer = sc_writer_get();
    frame->slot = SC_INFLIGHT_SLOTS;
    return frame->writer;
}

static void store_any(const struct sc_frame *frame, const struct sc_fields *fields, unsigned head)
{
    store(frame->writer, fields, head, false);
    clear_slot(frame);
}

/* Any call. */
static __attribute__((noinline)) void end_any(struct sc_frame *frame, unsigned nr, const uint64_t *args, int64_t result,
                                              const void *site)
{
    if (!frame->writer)
        return;
    uint64_t end = sc_now();
    if (!frame->writer->chunk && !leave_parent(frame))
        return;
    const struct sc_call_desc *desc = sc_call(nr); /* the table's row may be an empty one */
    struct sc_fields fields = {desc, args, frame->start, end - frame->start, (uint64_t)site, result};
    unsigned head = nr;
    if (desc->category == SC_CAT_WRITE)
        head |= sc_written_after(desc, args, result, frame->looked) << SC_HEAD_DATA_SHIFT;
    store_any(frame, &fields, head);
}

/* Is it the usual call, of which all is in its registers? */
static inline bool is_plain(const struct sc_frame *frame, const struct sc_call_desc *desc, const uint64_t *args)
{
    const struct sc_writer *writer = frame->writer;
    return SC_LIKELY(writer && sc_process.clock_tsc) && SC_LIKELY(writer->chunk && desc->form != SC_FORM_MORE) &&
           SC_LIKELY(!(writer->busy | (writer->in_flight ^ (frame->slot + 1)))) &&
           SC_LIKELY(!null_pointers(desc, args));
}

/* Such a call, straight into the chunk; then its slot is free. False: there is no room, or stacks are recorded. */
static inline __attribute__((always_inline)) bool store_plain(const struct sc_frame *frame,
                                                              const struct sc_fields *fields, unsigned head)
{
    struct sc_writer *writer = frame->writer;
    writer->busy = 1; /* a handler that comes between the test and this ends before we go on */
    SC_BARRIER();
    struct sc_chunk *chunk =
        writer->chunk; /* not before: until here a handler may have given the writer another chunk */
    uint32_t used = chunk->used;
    if (SC_UNLIKELY(used > writer->plain_limit)) {
        sc_writer_leave(writer);
        return false;
    }
    uint8_t *stored_end = sc_encode_fields((uint8_t *)chunk + used, fields, &writer->base, head);
    SC_BARRIER();
    chunk->used = (uint32_t)(stored_end - (uint8_t *)chunk);
    SC_BARRIER(); /* first the record, then the slot: a reader after a kill in between sees both */
    unsigned slot = frame->slot;
    chunk->inflight[slot].nr1 = 0;
    SC_BARRIER();
    writer->in_flight = slot;
    sc_writer_leave(writer);
    return true;
}

/* A usual call that is a write of which the first word does not tell. */
static __attribute__((noinline)) void end_write(struct sc_frame *frame, unsigned nr, const uint64_t *args,
                                                int64_t result, const void *site)
{
    const struct sc_call_desc *desc = &sc_call_table[nr];
    struct sc_fields fields = {desc, args, frame->start, sc_counter() - frame->start, (uint64_t)site, result};
    unsigned head = nr | sc_written_after(desc, args, result, frame->looked) << SC_HEAD_DATA_SHIFT;
    if (!store_plain(frame, &fields, head))
        store_any(frame, &fields, head);
}

/*
 * Fast path: the usual call has only numbers to store. All other calls build a record. Nothing is called but as the
 * last thing done, so that nothing has to be kept meanwhile.
 */
void sc_end_call(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], int64_t result,
                 const void *site)
{
    const struct sc_call_desc *desc = &sc_call_table[nr];
    unsigned head = nr;
    if (SC_UNLIKELY(nr >= SC_NR_LIMIT) || !is_plain(frame, desc, args)) {
        end_any(frame, nr, args, result, site);
        return;
    }
    uint64_t end = sc_counter();
    if (desc->category == SC_CAT_WRITE && SC_LIKELY(result > 0)) {
        if (SC_UNLIKELY(!sc_written_some(desc, args, result, frame->looked))) {
            end_write(frame, nr, args, result, site);
            return;
        }
        head |= SC_DATA_SOME << SC_HEAD_DATA_SHIFT;
    }
    struct sc_fields fields = {desc, args, frame->start, end - frame->start, (uint64_t)site, result};
    if (!store_plain(frame, &fields, head))
        end_any(frame, nr, args, result, site);
}

void sc_end_call_noreturn(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS], const void *site)
{
    if (!frame->writer)
        return;
    struct sc_fields fields = {sc_call(nr), args, frame->start, 0, (uint64_t)site, 0};
    store(frame->writer, &fields, nr | SC_HEAD_NORETURN, false);
    clear_slot(frame);
}

static void orphan(struct sc_writer *writer, unsigned slot)
{
    const struct sc_inflight *inflight = &writer->chunk->inflight[slot];
    struct sc_frame frame = {.writer = writer, .start = inflight->start, .slot = slot};
    if (inflight->nr1) { /* 0: taken, and left before it began */
        uint64_t args[SC_MAX_ARGS] = {inflight->args[0], inflight->args[1], inflight->args[2]};
        unsigned nr = (unsigned)(inflight->nr1 - 1);
        struct sc_fields fields = {sc_call(nr), args, frame.start, 0, 0, 0};
        store(writer, &fields, nr | SC_HEAD_NORETURN, true); /* what its pointers led to may be gone */
    }
    clear_slot(&frame);
}

static void orphan_above(struct sc_writer *writer, unsigned slot)
{
    while (writer->in_flight > slot)
        orphan(writer, writer->in_flight - 1);
}

/*
 * A call begins while others of its thread are in flight: those that a signal handler interrupted, and those that a
 * handler left by siglongjmp. The latter are recorded as never returned, and their slots freed. Stacks grow down: a
 * call whose frame is not above ours was not interrupted by us. On an alternate stack the two cannot be compared; then
 * take the call for interrupted, as it mostly is.
 */
static void leave_abandoned(struct sc_writer *writer, uintptr_t at)
{
    stack_t stack;
    while (writer->in_flight && writer->at[writer->in_flight - 1] <= at) {
        if (sc_process.no_syscalls || sc_syscall(SYS_sigaltstack, 0, &stack) != 0 || stack.ss_flags & SS_ONSTACK)
            break;
        orphan(writer, writer->in_flight - 1);
    }
}

void sc_begin_call_slow(struct sc_frame *frame, uintptr_t at, unsigned nr, uint64_t a, uint64_t b, uint64_t c)
{
    struct sc_writer *writer = sc_writer_get();
    frame->writer = writer;
    if (!writer) {
        if (sc_process.active)
            sc_writer_lost(NULL);
        return;
    }
    leave_abandoned(writer, at);
    if (writer->in_flight < SC_INFLIGHT_SLOTS) {
        sc_begin_call_in_slot(frame, writer, writer->in_flight, at, nr, a, b, c, sc_now);
        return;
    }
    frame->slot = SC_INFLIGHT_SLOTS;
    frame->looked = SC_LOOK_NEVER;
    frame->start = sc_now();
}

/* What a handler left there for good would be taken for this call where it ends (find_point in ../rewrite/dispatch.c).
 */
void sc_begin_call_left_out(struct sc_frame *frame, uintptr_t at)
{
    struct sc_writer *writer = sc_writer_own();
    if (writer && writer->chunk && writer->in_flight)
        leave_abandoned(writer, at);
    frame->writer = NULL;
}

void sc_orphan_calls(struct sc_writer *writer)
{
    orphan_above(writer, 0);
}

void sc_cancel_call(struct sc_frame *frame)
{
    if (frame->writer && frame->writer->chunk)
        clear_slot(frame);
}
