#include "writer.h"

#include <signal.h>
#include <sys/mman.h>

#include "own_calls.h"
#include "placement.h"
#include "raw_syscall.h"
#include "store.h"

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

/*
 * A fork is told by a word that the kernel wipes in the child, whatever pid that has. Its page is wiped with those of
 * the lanes. BEGINNING: a handler that comes meanwhile must not begin the child a second time.
 */
enum mark { FORKED, BEGINNING, HERE };
static struct {
    uint32_t mark; /* enum mark */
    char page[SC_GRANULE - sizeof(uint32_t)];
} wiped __attribute__((aligned(SC_GRANULE)));
static const struct sc_writer_events *events;
static bool cannot_wipe; /* Linux before 4.14: forks that we do not see are not told */

bool sc_lane_begin(const struct sc_writer_events *writer_events)
{
    events = writer_events;
    wiped.mark = HERE;
    cannot_wipe = sc_sys(SYS_madvise, &wiped, sizeof wiped, MADV_WIPEONFORK) != 0;
    return !cannot_wipe;
}

struct sc_process_state sc_process;
#ifndef SC_CURRENT_IN_GS
__thread struct sc_current sc_thread_current __attribute__((tls_model("initial-exec")));
#endif

enum {
    SLAB_BYTES = 64 * 1024,
    MAX_NESTED = 256,
    END_BYTES = sizeof(struct sc_meta_head) + sizeof(struct sc_process_end), /* kept free in each chunk */
    LEAST_LEFT = 2048, /* a chunk with less room is of no use to another process */
    TAG_SHIFT = 48,    /* user addresses have 47 bits: the rest of the word counts, against ABA */
};

struct slab;

/* Lanes are never unmapped: one that a thread left is idle until the next thread takes it with its open chunk. */
static struct {
    uint64_t idle;       /* struct sc_lane * and a tag */
    struct sc_lane *all; /* every lane of this process, by all_next */
    struct slab *slab;   /* from which new ones are taken */
} lanes;

/*
 * The count stands in the slab itself. Beside it, a late thread could add to one slab's count and look at another's
 * end, and be given a lane that is given out again.
 */
struct slab {
    uint64_t taken; /* by atomic addition; may go beyond what there is */
    struct sc_lane lanes[];
};

static struct sc_lane *pop_idle(void)
{
    uint64_t head = __atomic_load_n(&lanes.idle, __ATOMIC_ACQUIRE);
    for (;;) {
        struct sc_lane *lane = (struct sc_lane *)(head << 16 >> 16);
        if (!lane)
            return NULL;
        /* lane->next may be read while another thread takes the lane: the tag makes the exchange fail then. */
        uint64_t after = (uint64_t)__atomic_load_n(&lane->next, __ATOMIC_RELAXED) | ((head >> TAG_SHIFT) + 1)
                                                                                        << TAG_SHIFT;
        if (__atomic_compare_exchange_n(&lanes.idle, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return lane;
    }
}

static void push_idle(struct sc_lane *lane)
{
    uint64_t head = __atomic_load_n(&lanes.idle, __ATOMIC_ACQUIRE);
    uint64_t after;
    do {
        __atomic_store_n(&lane->next, (struct sc_lane *)(head << 16 >> 16), __ATOMIC_RELAXED);
        after = (uint64_t)lane | ((head >> TAG_SHIFT) + 1) << TAG_SHIFT;
    } while (!__atomic_compare_exchange_n(&lanes.idle, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

/* A slab that loses the race of two threads to install one stays unused; that costs address space only. */
static struct sc_lane *new_lane(void)
{
    const uint64_t most = (SLAB_BYTES - sizeof(struct slab)) / sizeof(struct sc_lane);
    for (;;) {
        struct slab *slab = __atomic_load_n(&lanes.slab, __ATOMIC_ACQUIRE);
        uint64_t taken = slab ? __atomic_fetch_add(&slab->taken, 1, __ATOMIC_RELAXED) : most;
        if (taken < most)
            return &slab->lanes[taken];
        if (sc_process.no_syscalls)
            return NULL;
        long fresh = sc_place_memory(SLAB_BYTES, PROT_READ | PROT_WRITE);
        if (sc_failed(fresh))
            return NULL;
        if (sc_sys(SYS_madvise, fresh, SLAB_BYTES, MADV_WIPEONFORK) != 0 && !cannot_wipe) {
            sc_sys(SYS_munmap, fresh, SLAB_BYTES);
            return NULL;
        }
        __atomic_store_n(&lanes.slab, (struct slab *)fresh, __ATOMIC_RELEASE);
    }
}

static struct sc_lane *take_lane(void)
{
    struct sc_lane *lane = pop_idle();
    if (lane || !(lane = new_lane()))
        return lane;
    struct sc_lane *first = __atomic_load_n(&lanes.all, __ATOMIC_ACQUIRE);
    do
        lane->all_next = first;
    while (!__atomic_compare_exchange_n(&lanes.all, &first, lane, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    return lane;
}

struct sc_lane *sc_lane_first(void)
{
    return __atomic_load_n(&lanes.all, __ATOMIC_ACQUIRE);
}

void sc_lane_forked_child(void)
{
    if (!cannot_wipe)
        return;
    wiped.mark = FORKED;
    sc_current()->lane = NULL;
}

void sc_lane_forget(void)
{
    sc_current()->lane = NULL;
    sc_current()->ended = false;
    lanes.idle = 0;
    lanes.all = NULL;
    lanes.slab = NULL;
}

/* What follows in the chunk was written by this thread, counting from now. */
static void begin_segment(struct sc_lane *lane)
{
    struct sc_chunk *chunk = lane->chunk;
    struct {
        struct sc_meta_head head;
        struct sc_segment segment;
    } __attribute__((packed)) record = {
        {SC_META_SEGMENT, sizeof(struct sc_segment)},
        {.tick = sc_now(), .mono = sc_monotonic(), .process = lane->process, .tid = lane->tid},
    };
    lane->base.tick = record.segment.tick;
    lane->base.site = 0;
    sc_copy((char *)chunk + chunk->used, &record, sizeof record);
    SC_BARRIER();
    chunk->used += (uint32_t)sizeof record;
}

/* The chunk may hold what others wrote, none of which this lane knows. */
static void set_chunk(struct sc_lane *lane, struct sc_chunk *chunk)
{
    uint32_t size = chunk->bytes;
    lane->limit = size - SC_RECORD_MAX - END_BYTES;
    lane->plain_limit = sc_process.stack_depth ? 0 : lane->limit;
    lane->next_bytes = size < SC_CHUNK_NEXT ? SC_CHUNK_NEXT : size < SC_CHUNK_LARGEST ? size * 2 : size;
    for (unsigned i = 0; i < SC_STRING_SLOTS; i++)
        lane->strings[i] = 0;
    for (unsigned i = 0; i < SC_STACK_SLOTS; i++)
        lane->stacks[i][0] = lane->stacks[i][1] = 0;
    lane->chunk = chunk;
}

/* Puts an empty chunk in the place of the lane's full one. The calls in flight move along. */
static bool change_chunk(struct sc_lane *lane, size_t bytes)
{
    struct sc_chunk *old = lane->chunk;
    uint32_t size = lane->next_bytes ? lane->next_bytes : SC_CHUNK_FIRST;
    while (size < bytes + sizeof(struct sc_chunk) + 2 * SC_RECORD_MAX + END_BYTES)
        size *= 2;
    struct sc_chunk *chunk = sc_store_chunk(size);
    if (!chunk)
        return false;
    if (old)
        sc_copy(chunk->inflight, old->inflight, sizeof chunk->inflight);
    set_chunk(lane, chunk);
    begin_segment(lane);
    if (old) {
        SC_BARRIER();
        for (unsigned i = 0; i < SC_FLIGHTS; i++)
            old->inflight[i].nr1 = 0;
        if (old != sc_process.lost_chunk)
            sc_store_unmap(old);
    }
    return true;
}

/*
 * Not in another thread's present chunk, which could be unmapped while we count in it. Atomic, since all threads may
 * count in the process's first one, and all processes in the header.
 */
static void count_lost(uint32_t *reason, uint32_t *error, uint64_t *lost)
{
    uint32_t why = sc_process.stop_reason;
    __atomic_store_n(error, sc_process.stop_errno, __ATOMIC_RELAXED);
    /* Recording goes on, and yet there was no place: no memory for the thread's lane. */
    __atomic_store_n(reason, why ? why : SC_STOP_MEMORY, __ATOMIC_RELAXED);
    __atomic_fetch_add(lost, 1, __ATOMIC_RELAXED);
}

void sc_lane_lost(const struct sc_lane *lane)
{
    struct sc_chunk *chunk = lane && lane->chunk ? lane->chunk : sc_process.lost_chunk;
    struct sc_file_header *header = sc_process.header;
    if (chunk && chunk->process == (lane ? lane->process : sc_process.process))
        count_lost(&chunk->stop_reason, &chunk->stop_errno, &chunk->lost);
    else if (header)
        count_lost(&header->stop_reason, &header->stop_errno, &header->lost);
}

/* Goes on in the chunk that a process of the session left when it ended. */
static bool inherit_chunk(struct sc_lane *lane)
{
    struct sc_chunk *chunk = lane->next_bytes ? NULL : sc_store_inherit();
    if (!chunk)
        return false;
    set_chunk(lane, chunk);
    begin_segment(lane);
    return true;
}

void sc_lane_bequeath(struct sc_lane *lane)
{
    struct sc_chunk *chunk = lane->chunk;
    if (lane->flights || lane->busy || lane->nested || lane->depth || chunk->bytes != SC_CHUNK_FIRST || chunk->lost ||
        chunk->stop_reason || chunk->used + LEAST_LEFT > lane->limit)
        return;
    if (sc_process.lost_chunk == chunk)
        sc_process.lost_chunk = NULL;
    lane->chunk = NULL;
    SC_BARRIER();
    sc_store_bequeath(chunk);
}

/* Binds a lane with a chunk to the calling thread, whose lane it becomes unless it is a nested one. */
static struct sc_lane *attach(struct sc_lane *lane, uint32_t tid)
{
    lane->tid = tid;
    lane->process = sc_process.process;
    lane->lent_count = 0;
    lane->flights = 0;
    lane->busy = 0;
    lane->own = (struct sc_own_io){0};
    if (lane->chunk && lane->chunk->used + SC_RECORD_MAX <= lane->limit)
        begin_segment(lane);
    else if (!(!lane->chunk && inherit_chunk(lane)) && !change_chunk(lane, 0)) {
        lane->tid = 0;
        push_idle(lane);
        return NULL;
    }
    return lane;
}

/*
 * The first call of a forked child. Signals are blocked, so that a handler finds it begun or not begun; where they
 * can't be, it may find it BEGINNING, and its calls are lost.
 */
static bool begin_child(void)
{
    uint64_t all = ~UINT64_C(0), before = 0;
    bool begun = sc_process.active;
    if (wiped.mark == FORKED)
        sc_own_calls_forked();
    bool block = !sc_process.no_syscalls;
    if (block)
        sc_sys(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
    if (wiped.mark == FORKED) {
        wiped.mark = BEGINNING;
        SC_BARRIER();
        begun = events->forked();
        SC_BARRIER();
        wiped.mark = HERE;
    }
    if (block)
        sc_sys(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof before);
    return begun;
}

/*
 * A process runs in our memory, with our thread-local storage and beside us (LeakSanitizer's clone): the thread's lane
 * is its own thread's alone. Whoever comes by is asked who it is.
 */
struct sc_lane *sc_lane_owner_of(struct sc_lane *stand_in)
{
    struct sc_lane *lane = stand_in->shares;
    return !sc_process.no_syscalls && (uint32_t)sc_sys(SYS_gettid, 0) == lane->tid ? lane : NULL;
}

void sc_lane_share(struct sc_lane *lane)
{
    if (sc_current()->lane != lane)
        return; /* it has a stand-in already */
    struct sc_lane *stand_in = take_lane();
    if (!stand_in)
        return;
    stand_in->chunk = NULL;
    stand_in->shares = lane;
    SC_BARRIER();
    sc_current()->lane = stand_in;
}

struct sc_lane *sc_lane_get(void)
{
    if (!sc_process.active)
        return NULL;
    struct sc_lane *lane = sc_current()->lane;
    if (lane && lane->chunk)
        return lane;
    bool child = wiped.mark != HERE;
    if (child && (wiped.mark == BEGINNING || !begin_child()))
        return NULL;
    lane = sc_current()->lane;
    if (lane && lane->shares)
        return sc_lane_owner_of(lane);
    if (lane && lane->chunk)
        return lane; /* a handler has come before us */
    if (sc_process.stop_reason)
        return NULL;
    if (sc_process.no_syscalls) {
        sc_stop(sc_own_calls_forbidden(), 0);
        return NULL;
    }
    lane = take_lane();
    if (!lane || !attach(lane, (uint32_t)sc_sys(SYS_gettid, 0)))
        return NULL;
    lane->live = 1;
    sc_current()->lane = lane;
    if (sc_current()->ended &&
        !child) /* the last thread, which ends the process: it goes on from what was counted at its end */
        events->returned(lane);
    struct sc_chunk *none = NULL;
    if (lane->chunk->process == lane->process)
        __atomic_compare_exchange_n(&sc_process.lost_chunk, &none, lane->chunk, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED);
    if (!__atomic_exchange_n(&sc_process.described, true, __ATOMIC_ACQ_REL))
        events->first();
    return lane;
}

/*
 * A signal handler interrupted its thread while that stored a record; or one did before and was left by siglongjmp, so
 * that its thread never came back to finish. The two cannot be told apart (alternate stacks, coroutines), so a busy
 * lane is never taken over: that would let a writer that comes back overwrite finished records.
 */
struct sc_lane *sc_lane_enter_slow(struct sc_lane *lane)
{
    struct sc_lane *outermost = lane;
    while (lane->busy) {
        if (!lane->nested) {
            struct sc_lane *nested = NULL;
            if (lane->depth < MAX_NESTED)
                nested = sc_process.no_syscalls ? pop_idle() : take_lane();
            if (!nested || !attach(nested, lane->tid)) {
                sc_lane_lost(outermost);
                return NULL;
            }
            nested->depth = lane->depth + 1;
            nested->process = lane->process;
            lane->nested = nested;
        }
        lane = lane->nested;
    }
    return lane;
}

static bool make_room(struct sc_lane *lane, size_t bytes)
{
    if (SC_LIKELY(lane->chunk->used + bytes <= lane->limit))
        return true;
    return !sc_process.stop_reason && change_chunk(lane, bytes);
}

bool sc_lane_room(struct sc_lane *lane, size_t bytes)
{
    if (SC_LIKELY(make_room(lane, bytes)))
        return true;
    sc_lane_lost(lane);
    return false;
}

bool sc_lane_meta(struct sc_lane *lane, unsigned type, const void *head, size_t head_bytes, const void *more,
                  size_t more_bytes)
{
    struct sc_meta_head meta = {(uint16_t)type, (uint16_t)(head_bytes + more_bytes)};
    size_t bytes = sizeof meta + head_bytes + more_bytes;
    /* Not a call: not counted as one that is lost. How the process ended is told even where recording stopped before.
     */
    if (!make_room(lane, bytes) && (type != SC_META_PROCESS_END || lane->chunk->used + bytes > lane->chunk->bytes))
        return false;
    char *at = (char *)lane->chunk + lane->chunk->used;
    sc_copy(at, &meta, sizeof meta);
    sc_copy(at + sizeof meta, head, head_bytes);
    sc_copy(at + sizeof meta + head_bytes, more, more_bytes);
    SC_BARRIER();
    lane->chunk->used += (uint32_t)bytes;
    return true;
}

void sc_lane_new_segment(struct sc_lane *lane)
{
    struct sc_lane *entered = sc_lane_enter(lane);
    if (!entered)
        return;
    entered->tid = lane->tid;
    entered->process = lane->process;
    if (make_room(entered, sizeof(struct sc_meta_head) + sizeof(struct sc_segment)))
        begin_segment(entered);
    sc_lane_leave(entered);
}

void sc_put_meta(unsigned type, const void *head, size_t head_bytes, const void *more, size_t more_bytes)
{
    struct sc_lane *lane = sc_lane_get();
    if (lane)
        lane = sc_lane_enter(lane);
    if (!lane)
        return;
    sc_lane_meta(lane, type, head, head_bytes, more, more_bytes);
    sc_lane_leave(lane);
}

void sc_put_note(enum sc_note_what what, uint64_t a, uint64_t b)
{
    struct sc_note note = {.tick = sc_now(), .process = sc_process.process, .what = what, .a = a, .b = b};
    sc_put_meta(SC_META_NOTE, &note, sizeof note, NULL, 0);
}

void sc_lane_end_thread(struct sc_lane *lane)
{
    lane->live = 0;
    lane->dtor_rounds = 0;
    sc_current()->lane = NULL;
    sc_current()->ended = true;
    while (lane) {
        struct sc_lane *nested = lane->nested;
        lane->nested = NULL;
        lane->depth = 0;
        push_idle(lane);
        lane = nested;
    }
}
