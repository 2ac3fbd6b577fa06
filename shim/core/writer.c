#include "writer.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "own_calls.h"
#include "raw_syscall.h"
#include "ring.h"
#include "store.h"
#include "writer_internal.h"

/*
 * A fork shows in a word that the kernel wipes in the child, whatever the child's pid. Its page is wiped with those of
 * the writers. BEGINNING: a handler that interrupts must not begin the child a second time.
 */
enum mark { FORKED, BEGINNING, HERE };
static struct {
    uint32_t mark; /* enum mark */
    char page[SC_GRANULE - sizeof(uint32_t)];
} wiped __attribute__((aligned(SC_GRANULE)));
static const struct sc_writer_events *events;

bool sc_writer_begin(const struct sc_writer_events *writer_events)
{
    events = writer_events;
    wiped.mark = HERE;
    sc_cannot_wipe = sc_syscall(SYS_madvise, &wiped, sizeof wiped, MADV_WIPEONFORK) != 0;
    return !sc_cannot_wipe;
}

struct sc_process_state sc_process;
#ifndef SC_CURRENT_IN_GS
__thread struct sc_current sc_thread_current __attribute__((tls_model("initial-exec")));
#endif

enum {
    MAX_NESTED = 256,
    END_BYTES = sizeof(struct sc_meta_head) + sizeof(struct sc_process_end), /* kept free in each chunk */
    LEAST_LEFT = 2048, /* with less room left a chunk is of no use to another process */
};

void sc_writer_forked_child(void)
{
    if (!sc_cannot_wipe)
        return;
    wiped.mark = FORKED;
    sc_current()->writer = NULL;
}

void sc_writer_forget(void)
{
    sc_current()->writer = NULL;
    sc_current()->ended = false;
    sc_pool_forget();
}

/* What follows in the chunk is this thread's; times and the like are counted from now. */
static void begin_segment(struct sc_writer *writer)
{
    struct sc_chunk *chunk = writer->chunk;
    struct {
        struct sc_meta_head head;
        struct sc_segment segment;
    } __attribute__((packed)) record = {
        {SC_META_SEGMENT, sizeof(struct sc_segment)},
        {.tick = sc_now(), .mono = sc_monotonic(), .process = writer->process, .tid = writer->tid},
    };
    writer->base.tick = record.segment.tick;
    writer->base.site = 0;
    sc_copy((char *)chunk + chunk->used, &record, sizeof record);
    SC_BARRIER();
    chunk->used += (uint32_t)sizeof record;
}

/* The chunk may hold records of others, of which this writer knows nothing. */
static void set_chunk(struct sc_writer *writer, struct sc_chunk *chunk)
{
    uint32_t size = chunk->bytes;
    writer->limit = size - SC_RECORD_MAX - END_BYTES;
    writer->plain_limit = sc_process.stack_depth ? 0 : writer->limit;
    writer->next_bytes = size < SC_CHUNK_NEXT ? SC_CHUNK_NEXT : size < SC_CHUNK_LARGEST ? size * 2 : size;
    for (unsigned i = 0; i < SC_STRING_SLOTS; i++)
        writer->strings[i] = 0;
    for (unsigned i = 0; i < SC_STACK_SLOTS; i++)
        writer->stacks[i][0] = writer->stacks[i][1] = 0;
    for (unsigned i = 0; sc_process.stack_depth && i < SC_WALKS; i++)
        writer->walks[i].offset = 0;
    writer->chunk = chunk;
}

static struct sc_chunk *new_chunk(const struct sc_writer *writer, size_t bytes)
{
    uint32_t size = writer->next_bytes ? writer->next_bytes : SC_CHUNK_FIRST;
    bytes += sizeof(struct sc_chunk) + 2 * SC_RECORD_MAX + END_BYTES;
    if (sc_ring_is_used()) /* a longer one than all that calls have is not to be had */
        return bytes <= sc_process.header->slot_bytes ? sc_ring_chunk(writer->kept) : NULL;
    while (size < bytes)
        size *= 2;
    return sc_store_chunk(size);
}

/* Gives the writer an empty chunk for its full one. Calls in flight move along. */
static bool change_chunk(struct sc_writer *writer, size_t bytes)
{
    struct sc_chunk *old = writer->chunk;
    struct sc_chunk *chunk = new_chunk(writer, bytes);
    if (!chunk)
        return false;
    if (old)
        sc_copy(chunk->inflight, old->inflight, sizeof chunk->inflight);
    set_chunk(writer, chunk);
    begin_segment(writer);
    if (old) {
        SC_BARRIER();
        for (unsigned i = 0; i < SC_INFLIGHT_SLOTS; i++)
            old->inflight[i].nr1 = 0;
        if (sc_ring_is_used() && !writer->kept)
            sc_ring_close(old);
        if (old != sc_process.lost_chunk)
            sc_store_unmap(old);
    }
    return true;
}

/*
 * Not counted in another thread's current chunk, which could be unmapped meanwhile. Atomic, since all threads may count
 * in the process's first chunk, and all processes in the header.
 */
static void count_lost(uint32_t *reason, uint32_t *error, uint64_t *lost)
{
    uint32_t why = sc_process.stop_reason;
    __atomic_store_n(error, sc_process.stop_errno, __ATOMIC_RELAXED);
    /* Recording continues, but there was no memory for the thread's writer. */
    __atomic_store_n(reason, why ? why : SC_STOP_MEMORY, __ATOMIC_RELAXED);
    __atomic_fetch_add(lost, 1, __ATOMIC_RELAXED);
}

void sc_writer_lost(const struct sc_writer *writer)
{
    struct sc_chunk *chunk = writer && writer->chunk ? writer->chunk : sc_process.lost_chunk;
    struct sc_file_header *header = sc_process.header;
    /* The run ends where exit_group is called: what a thread does that begins while we prepare it is no part of it. */
    if (!writer && __atomic_load_n(&sc_process.leaving, __ATOMIC_RELAXED))
        return;
    if (chunk && chunk->process == (writer ? writer->process : sc_process.process))
        count_lost(&chunk->stop_reason, &chunk->stop_errno, &chunk->lost);
    else if (header)
        count_lost(&header->stop_reason, &header->stop_errno, &header->lost);
}

/* What an ended process leaves to others: where, and how large it is. */
static uint64_t *left_list(const struct sc_writer *writer)
{
    return writer->kept ? &sc_process.header->left_kept : &sc_process.header->left_chunks;
}

static uint32_t left_bytes(void)
{
    return sc_ring_is_used() ? sc_process.header->slot_bytes : SC_CHUNK_FIRST;
}

/* Continues in a chunk that an ended process of the session left. */
static bool inherit_chunk(struct sc_writer *writer)
{
    struct sc_chunk *chunk = writer->next_bytes ? NULL : sc_store_inherit(left_list(writer), left_bytes());
    if (!chunk)
        return false;
    if (sc_ring_is_used())
        sc_ring_inherit(chunk, writer->kept);
    set_chunk(writer, chunk);
    begin_segment(writer);
    return true;
}

void sc_writer_bequeath(struct sc_writer *writer)
{
    struct sc_chunk *chunk = writer->chunk;
    if (writer->in_flight || writer->busy || writer->nested || writer->depth || chunk->bytes != left_bytes() ||
        chunk->lost || chunk->stop_reason || chunk->used + LEAST_LEFT > writer->limit)
        return;
    if (sc_ring_is_used() && !sc_ring_leave(chunk, writer->kept))
        return;
    if (sc_process.lost_chunk == chunk)
        sc_process.lost_chunk = NULL;
    writer->chunk = NULL;
    SC_BARRIER();
    sc_store_bequeath(left_list(writer), chunk);
}

/* The writer becomes the calling thread's, and perhaps its nested one. It may have a chunk, and needs one. */
static void bind(struct sc_writer *writer, uint32_t tid)
{
    writer->tid = tid;
    writer->process = sc_process.process;
    writer->vfork_count = 0;
    writer->in_flight = 0;
    writer->busy = 0;
    writer->own = (struct sc_own_io){0};
}

static void give_back(struct sc_writer *writer)
{
    writer->live = 0;
    sc_pool_give_back(writer);
}

/* False: there is no chunk for it, and it is given back. */
static bool give_chunk(struct sc_writer *writer)
{
    if (writer->chunk && writer->chunk->used + SC_RECORD_MAX <= writer->limit) {
        begin_segment(writer);
        return true;
    }
    if (writer->chunk ? change_chunk(writer, 0) : sc_writer_first_chunk(writer))
        return true;
    writer->tid = 0;
    give_back(writer);
    return false;
}

bool sc_writer_first_chunk(struct sc_writer *writer)
{
    return inherit_chunk(writer) || change_chunk(writer, 0);
}

/*
 * The first call of a forked child. With signals blocked a handler sees the child begun or not begun; if they can't be
 * blocked it may see BEGINNING, and its calls are lost.
 */
static bool begin_child(void)
{
    uint64_t all = ~UINT64_C(0), before = 0;
    bool begun = sc_process.active;
    if (wiped.mark == FORKED)
        sc_own_calls_forked();
    bool block = !sc_process.no_syscalls;
    if (block)
        sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
    if (wiped.mark == FORKED) {
        wiped.mark = BEGINNING;
        SC_BARRIER();
        begun = events->forked();
        SC_BARRIER();
        wiped.mark = HERE;
    }
    if (block)
        sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof before);
    return begun;
}

/*
 * Another process runs in our memory at the same time and with this thread's thread-local storage (LeakSanitizer's
 * clone). The thread's writer stays its thread's alone: the tid tells who comes by the stand-in.
 */
struct sc_writer *sc_writer_owner_of(struct sc_writer *stand_in)
{
    struct sc_writer *writer = stand_in->shares;
    return !sc_process.no_syscalls && (uint32_t)sc_syscall(SYS_gettid, 0) == writer->tid ? writer : NULL;
}

void sc_writer_share(struct sc_writer *writer)
{
    if (sc_current()->writer != writer)
        return; /* it has a stand-in already */
    struct sc_writer *stand_in = sc_pool_take();
    if (!stand_in)
        return;
    stand_in->chunk = NULL;
    stand_in->shares = writer;
    SC_BARRIER();
    sc_current()->writer = stand_in;
}

struct sc_writer *sc_writer_get(void)
{
    if (!sc_process.active)
        return NULL;
    struct sc_writer *writer = sc_current()->writer;
    if (writer && writer->chunk)
        return writer;
    bool child = wiped.mark != HERE;
    if (child && (wiped.mark == BEGINNING || !begin_child()))
        return NULL;
    writer = sc_current()->writer;
    if (writer && writer->shares)
        return sc_writer_owner_of(writer);
    if (writer && writer->chunk)
        return writer; /* a handler has come before us */
    if (sc_process.stop_reason)
        return NULL;
    if (sc_process.no_syscalls) {
        sc_stop(sc_own_calls_forbidden(), 0);
        return NULL;
    }
    struct sc_writer *before = writer;
    writer = sc_pool_take();
    if (!writer)
        return NULL;
    bind(writer, (uint32_t)sc_syscall(SYS_gettid, 0));
    /* From here on who ends the process counts this thread; a new one that comes too late for that is not recorded. */
    __atomic_store_n(&writer->live, 1, __ATOMIC_SEQ_CST);
    if (!before && __atomic_load_n(&sc_process.leaving, __ATOMIC_SEQ_CST)) {
        give_back(writer); /* see sc_writer_lost */
        return NULL;
    }
    if (!give_chunk(writer))
        return NULL;
    if (!__atomic_compare_exchange_n(&sc_current()->writer, &before, writer, false, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED)) {
        give_back(writer); /* a handler has come meanwhile, whose writer is the thread's */
        return before;
    }
    if (sc_current()->ended &&
        !child) /* the last thread, which ends the process: continue from what was counted at its end */
        events->returned(writer);
    struct sc_chunk *none = NULL;
    if (writer->chunk->process == writer->process && !sc_ring_is_used())
        atomic_compare_exchange_strong(&sc_process.lost_chunk, &none, writer->chunk);
    if (!__atomic_exchange_n(&sc_process.described, true, __ATOMIC_ACQ_REL)) {
        events->first();
        if (sc_ring_is_used()) /* what was said of the process stands elsewhere, and before this */
            sc_writer_new_segment(writer);
    }
    return writer;
}

/*
 * A signal handler interrupted its thread while that stored a record, or an earlier one did and left by siglongjmp, so
 * that its thread never finished. The two look the same (alternate stacks, coroutines), so a busy writer is never
 * reused: the interrupted thread could come back and overwrite finished records.
 */
struct sc_writer *sc_writer_enter_slow(struct sc_writer *writer)
{
    struct sc_writer *outermost = writer;
    while (writer->busy) {
        if (!writer->nested) {
            struct sc_writer *nested = NULL;
            if (writer->depth < MAX_NESTED)
                nested = sc_process.no_syscalls ? sc_pool_take_idle() : sc_pool_take();
            if (nested)
                bind(nested, writer->tid);
            if (!nested || !give_chunk(nested)) {
                sc_writer_lost(outermost);
                return NULL;
            }
            nested->depth = writer->depth + 1;
            nested->process = writer->process;
            writer->nested = nested;
        }
        writer = writer->nested;
    }
    return writer;
}

static bool make_room(struct sc_writer *writer, size_t bytes)
{
    if (SC_LIKELY(writer->chunk->used + bytes <= writer->limit))
        return true;
    return !sc_process.stop_reason && change_chunk(writer, bytes);
}

bool sc_writer_room(struct sc_writer *writer, size_t bytes)
{
    if (SC_LIKELY(make_room(writer, bytes)))
        return true;
    sc_writer_lost(writer);
    return false;
}

bool sc_writer_meta(struct sc_writer *writer, unsigned type, const void *head, size_t head_bytes, const void *more,
                    size_t more_bytes)
{
    struct sc_meta_head meta = {(uint16_t)type, (uint16_t)(head_bytes + more_bytes)};
    size_t bytes = sizeof meta + head_bytes + more_bytes;
    /* No call, so not counted as lost. How the process ended is told even after recording stopped. */
    if (!make_room(writer, bytes) &&
        (type != SC_META_PROCESS_END || writer->chunk->used + bytes > writer->chunk->bytes))
        return false;
    char *at = (char *)writer->chunk + writer->chunk->used;
    sc_copy(at, &meta, sizeof meta);
    sc_copy(at + sizeof meta, head, head_bytes);
    sc_copy(at + sizeof meta + head_bytes, more, more_bytes);
    SC_BARRIER();
    writer->chunk->used += (uint32_t)bytes;
    return true;
}

void sc_writer_new_segment(struct sc_writer *writer)
{
    struct sc_writer *entered = sc_writer_enter(writer);
    if (!entered)
        return;
    entered->tid = writer->tid;
    entered->process = writer->process;
    if (make_room(entered, sizeof(struct sc_meta_head) + sizeof(struct sc_segment)))
        begin_segment(entered);
    sc_writer_leave(entered);
}

void sc_writer_end_thread(struct sc_writer *writer)
{
    writer->live = 0;
    writer->dtor_rounds = 0;
    sc_current()->writer = NULL;
    sc_current()->ended = true;
    while (writer) {
        struct sc_writer *nested = writer->nested;
        writer->nested = NULL;
        writer->depth = 0;
        sc_pool_give_back(writer);
        writer = nested;
    }
}
