#include "uring_rings.h"

#include "../core/raw_syscall.h"
#include "../core/writer.h"

enum {
    RINGS = 64,
    INDEXES = 64,
    REQUEST_BYTES = 64,
    COMPLETION_BYTES = 16,
    BIGGER = 1 << 15, /* IORING_CQE_F_32: it takes two places */
    FILLER = 1 << 5,  /* IORING_CQE_F_SKIP: the last place, where a bigger one did not fit */
};

static struct sc_ring rings[RINGS];
uint32_t sc_ring_count;  /* that are in the table */
static uint32_t numbers; /* given out */

/* Rings that threads have registered, by index: each thread has its own. */
static struct {
    uint64_t name; /* 0: free; else the thread's number above the index, with the highest bit set */
    struct sc_ring *ring;
} indexes[INDEXES];

struct sc_ring *sc_ring_next(struct sc_ring *before)
{
    for (size_t i = before ? (size_t)(before - rings) + 1 : 0; i < RINGS; i++)
        if (__atomic_load_n(&rings[i].name, __ATOMIC_ACQUIRE))
            return &rings[i];
    return NULL;
}

static uint64_t index_name(const struct sc_writer *writer, uint32_t index)
{
    return UINT64_C(1) << 63 | (uint64_t)writer->tid << 32 | index;
}

struct sc_ring *sc_ring_find(int fd, bool registered)
{
    if (!registered) {
        for (struct sc_ring *ring = NULL; (ring = sc_ring_next(ring));)
            if (fd >= 0 && ring->name == (uint64_t)fd + 1)
                return ring;
        return NULL;
    }
    const struct sc_writer *writer = sc_current()->writer;
    for (unsigned i = 0; i < INDEXES && writer; i++)
        if (__atomic_load_n(&indexes[i].name, __ATOMIC_ACQUIRE) == index_name(writer, (uint32_t)fd))
            return indexes[i].ring;
    return NULL;
}

void sc_ring_registered(struct sc_ring *ring, uint32_t index)
{
    const struct sc_writer *writer = sc_current()->writer;
    if (!writer)
        return;
    uint64_t name = index_name(writer, index);
    for (unsigned i = 0; i < INDEXES; i++)
        if (__atomic_load_n(&indexes[i].name, __ATOMIC_ACQUIRE) == name)
            __atomic_store_n(&indexes[i].name, 0, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < INDEXES && ring; i++) {
        uint64_t none = 0;
        /* Only this thread looks for that name. */
        if (!__atomic_compare_exchange_n(&indexes[i].name, &none, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            continue;
        indexes[i].ring = ring;
        __atomic_store_n(&indexes[i].name, name, __ATOMIC_RELEASE);
        return;
    }
}

/* A place that nobody else gets. Its name says so until the ring is there. */
static struct sc_ring *take_place(void)
{
    for (unsigned i = 0; i < RINGS; i++) {
        uint64_t none = 0;
        if (__atomic_compare_exchange_n(&rings[i].name, &none, UINT64_MAX, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return &rings[i];
    }
    return NULL;
}

static bool is_power(uint32_t entries)
{
    return entries && !(entries & (entries - 1));
}

/* A name that no descriptor gives. */
static uint64_t nameless(const struct sc_ring *ring)
{
    return UINT64_C(1) << 33 | ring->number;
}

bool sc_ring_is_nameless(const struct sc_ring *ring)
{
    return __atomic_load_n(&ring->name, __ATOMIC_ACQUIRE) == nameless(ring);
}

static void set_sizes(struct sc_ring *ring, const struct io_uring_params *params)
{
    ring->sq_entries = params->sq_entries;
    ring->cq_entries = params->cq_entries;
    ring->sq = params->sq_off;
    ring->cq = params->cq_off;
    ring->sq_at = ring->cq_at = ring->sqes_at = 0;
    if (ring->flags & SC_RING_NO_MMAP) {
        /* The last word of either, which has a name, user_addr, in later headers only. */
        const size_t at = sizeof params->sq_off - sizeof(uint64_t);
        _Static_assert(sizeof params->sq_off == 40 && sizeof params->cq_off == 40, "as the kernel has it");
        __builtin_memcpy(&ring->sqes_at, (const char *)&params->sq_off + at, sizeof ring->sqes_at);
        __builtin_memcpy(&ring->sq_at, (const char *)&params->cq_off + at, sizeof ring->sq_at);
        ring->cq_at = ring->sq_at;
    }
}

void sc_ring_resized(struct sc_ring *ring, const struct io_uring_params *params)
{
    if (is_power(params->sq_entries) && is_power(params->cq_entries))
        set_sizes(ring, params);
}

struct sc_ring *sc_ring_add(int fd, const struct io_uring_params *params)
{
    bool indexed = params->flags & SC_RING_REGISTERED;
    struct sc_ring *ring = NULL, *old = indexed ? NULL : sc_ring_find(fd, false);
    if (old)
        sc_ring_closed(old); /* where we did not see it */
    bool known =
        !(params->flags & ~(uint32_t)SC_RING_KNOWN) && is_power(params->sq_entries) && is_power(params->cq_entries);
    if (!known || !(ring = take_place()))
        return NULL;
    ring->number = __atomic_add_fetch(&numbers, 1, __ATOMIC_RELAXED);
    ring->flags = params->flags;
    set_sizes(ring, params);
    ring->seen = ring->polled = ring->taken = 0;
    ring->shots = ring->fills = false;
    uint64_t name = indexed ? nameless(ring) : (uint64_t)fd + 1;
    __atomic_fetch_add(&sc_ring_count, 1, __ATOMIC_ACQ_REL);
    __atomic_store_n(&ring->name, name, __ATOMIC_RELEASE);
    if (indexed)
        sc_ring_registered(ring, (uint32_t)fd);
    return ring;
}

static bool has_index(const struct sc_ring *ring)
{
    for (unsigned i = 0; i < INDEXES; i++)
        if (__atomic_load_n(&indexes[i].name, __ATOMIC_ACQUIRE) > 1 && indexes[i].ring == ring)
            return true;
    return false;
}

struct sc_ring *sc_ring_lost(const struct sc_writer *writer)
{
    for (unsigned i = 0; i < INDEXES; i++) {
        uint64_t name = __atomic_load_n(&indexes[i].name, __ATOMIC_ACQUIRE);
        if (name >> 32 != index_name(writer, 0) >> 32)
            continue;
        struct sc_ring *ring = indexes[i].ring;
        __atomic_store_n(&indexes[i].name, 0, __ATOMIC_RELEASE);
        return ring;
    }
    return NULL;
}

/* Two threads may close it: to one of them it is gone already. */
void sc_ring_closed(struct sc_ring *ring)
{
    uint64_t name = __atomic_load_n(&ring->name, __ATOMIC_ACQUIRE);
    bool indexed = has_index(ring);
    if (!name || name == UINT64_MAX ||
        !__atomic_compare_exchange_n(&ring->name, &name, indexed ? nameless(ring) : UINT64_MAX, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED) ||
        indexed)
        return;
    ring->sq_at = ring->cq_at = ring->sqes_at = 0;
    __atomic_fetch_sub(&sc_ring_count, 1, __ATOMIC_ACQ_REL);
    __atomic_store_n(&ring->name, 0, __ATOMIC_RELEASE);
}

void sc_rings_forked(void)
{
    for (struct sc_ring *ring = NULL; (ring = sc_ring_next(ring));)
        __atomic_store_n(&ring->name, 0, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < INDEXES; i++)
        __atomic_store_n(&indexes[i].name, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&sc_ring_count, 0, __ATOMIC_RELEASE);
}

void sc_ring_mapped(int fd, uint64_t offset, sc_addr at)
{
    struct sc_ring *ring = sc_ring_find(fd, false);
    if (!ring)
        return;
    if (offset == IORING_OFF_SQES)
        ring->sqes_at = at;
    else if (offset == IORING_OFF_CQ_RING)
        ring->cq_at = at;
    else if (offset == IORING_OFF_SQ_RING) {
        ring->sq_at = at;
        ring->cq_at = ring->cq_at ? ring->cq_at : at; /* one mapping has both, since Linux 5.4 */
    }
}

static bool is_in(sc_addr at, sc_addr from, sc_addr to)
{
    return at && at >= from && at < to;
}

bool sc_ring_lies_in(const struct sc_ring *ring, sc_addr from, sc_addr to)
{
    return is_in(ring->sq_at, from, to) || is_in(ring->cq_at, from, to) || is_in(ring->sqes_at, from, to);
}

void sc_ring_unmapped(struct sc_ring *ring, sc_addr from, sc_addr to)
{
    ring->sq_at = is_in(ring->sq_at, from, to) ? 0 : ring->sq_at;
    ring->cq_at = is_in(ring->cq_at, from, to) ? 0 : ring->cq_at;
    ring->sqes_at = is_in(ring->sqes_at, from, to) ? 0 : ring->sqes_at;
}

/* Two words of a ring with one copy, as they lie near each other. */
static bool copy_ends(sc_addr at, uint32_t head, uint32_t tail, struct sc_ring_ends *ret_ends)
{
    uint8_t bytes[256];
    uint32_t low = head < tail ? head : tail, high = head < tail ? tail : head;
    if (!at || high - low > sizeof bytes - sizeof(uint32_t) ||
        !sc_copied(bytes, at + low, high - low + sizeof(uint32_t)))
        return false;
    __builtin_memcpy(&ret_ends->head, bytes + (head - low), sizeof ret_ends->head);
    __builtin_memcpy(&ret_ends->tail, bytes + (tail - low), sizeof ret_ends->tail);
    return true;
}

bool sc_ring_submissions(const struct sc_ring *ring, struct sc_ring_ends *ret_ends)
{
    return copy_ends(ring->sq_at, ring->sq.head, ring->sq.tail, ret_ends);
}

bool sc_ring_request(const struct sc_ring *ring, uint32_t place, struct io_uring_sqe *ret_sqe)
{
    uint32_t index = place & (ring->sq_entries - 1);
    uint64_t bytes = ring->flags & IORING_SETUP_SQE128 ? 2 * REQUEST_BYTES : REQUEST_BYTES;
    _Static_assert(sizeof *ret_sqe == REQUEST_BYTES, "as the kernel has it");
    if (!(ring->flags & SC_RING_NO_ARRAY) &&
        (!ring->sq_at || !sc_copied(&index, ring->sq_at + ring->sq.array + index * sizeof index, sizeof index)))
        return false;
    return index < ring->sq_entries && ring->sqes_at &&
           sc_copied(ret_sqe, ring->sqes_at + index * bytes, sizeof *ret_sqe);
}

bool sc_ring_look(struct sc_ring *ring, struct sc_ring_ends *ret_new)
{
    struct sc_ring_ends ends;
    uint32_t seen = __atomic_load_n(&ring->seen, __ATOMIC_ACQUIRE);
    if (!copy_ends(ring->cq_at, ring->cq.head, ring->cq.tail, &ends) || (int32_t)(ends.tail - seen) <= 0 ||
        !__atomic_compare_exchange_n(&ring->seen, &seen, ends.tail, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return false;
    bool again = ends.tail - seen > ring->cq_entries;
    *ret_new = (struct sc_ring_ends){again ? ends.tail - ring->cq_entries : seen, ends.tail};
    return true;
}

/* Which of the places read the kernel had not yet used again then: as many as it has, before its tail. */
static uint32_t used_again(const struct sc_ring *ring, uint32_t place, uint32_t count)
{
    struct sc_ring_ends ends;
    if (!copy_ends(ring->cq_at, ring->cq.head, ring->cq.tail, &ends))
        return count;
    uint32_t first = ends.tail - ring->cq_entries;
    return (int32_t)(first - place) <= 0 ? 0 : first - place < count ? first - place : count;
}

uint32_t sc_ring_completions(const struct sc_ring *ring, struct sc_ring_ends left,
                             struct sc_completion ret_completions[SC_COMPLETIONS], uint32_t *ret_count)
{
    uint64_t bytes = ring->flags & IORING_SETUP_CQE32 ? 2 * COMPLETION_BYTES : COMPLETION_BYTES;
    struct sc_completion read[SC_COMPLETIONS * 2];
    uint32_t at = left.head & (ring->cq_entries - 1), count = left.tail - left.head;
    _Static_assert(sizeof *read == COMPLETION_BYTES, "as the kernel has it");
    count = count < ring->cq_entries - at ? count : ring->cq_entries - at; /* up to where the queue begins again */
    count = count < SC_COMPLETIONS ? count : SC_COMPLETIONS;
    *ret_count = 0;
    if (!count || !ring->cq_at || !sc_copied(read, ring->cq_at + ring->cq.cqes + at * bytes, count * bytes))
        return 0;
    for (uint32_t i = used_again(ring, left.head, count); i < count; i++) {
        const struct sc_completion *completion = &read[i * bytes / COMPLETION_BYTES];
        bool mixed = ring->flags & SC_RING_MIXED;
        if (!mixed || !(completion->flags & FILLER))
            ret_completions[(*ret_count)++] = *completion;
        if (mixed && completion->flags & BIGGER && ++i >= count)
            count = i + 1; /* its second half is the first of the next piece: not to be taken for one */
    }
    return count;
}
