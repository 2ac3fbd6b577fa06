#include "ring.h"

#include <sys/stat.h>

#include "../../common/count_records.h"
#include "raw_syscall.h"
#include "store.h"

enum slot_state {
    FREE,      /* never used */
    OPEN,      /* a writer of that pid stores in it */
    CLOSED,    /* nobody does; since: where the hand was when it was closed */
    LEFT,      /* in the list of chunks that ended processes left */
    KEPT,      /* as OPEN, of what must stay */
    KEPT_LEFT, /* as LEFT */
    KEPT_GONE, /* its process is gone; since: where the hand was when that was seen */
    ROOT,      /* what must stay in any case */
};

/* A slot's word. since makes it another one each time. */
static uint64_t word_of(enum slot_state state, uint32_t pid, uint64_t since)
{
    return (uint64_t)state | (uint64_t)pid << 8 | since << 32;
}

static enum slot_state state_of(uint64_t word)
{
    return (enum slot_state)(word & 0xff);
}

static uint32_t pid_of(uint64_t word)
{
    return (uint32_t)(word >> 8) & 0xffffff; /* no pid has more bits */
}

static uint32_t since_of(uint64_t word)
{
    return (uint32_t)(word >> 32);
}

static bool exchange(uint64_t *slot, uint64_t *word, uint64_t after)
{
    return __atomic_compare_exchange_n(slot, word, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static uint64_t hand(void)
{
    return __atomic_load_n(&sc_process.header->hand, __ATOMIC_RELAXED);
}

static uint64_t *slot_of(const struct sc_chunk *chunk)
{
    const struct sc_file_header *header = sc_process.header;
    uint64_t offset = (uint64_t)chunk->granule * SC_GRANULE - header->first_chunk;
    return &sc_process.slots[offset / header->slot_bytes];
}

/* Of another namespace the same number is another process: then nobody can tell whether we are there. */
static void know_pid(void)
{
    struct stat st;
    bool same = sc_process.header->pid_space && !sc_process.no_syscalls &&
                sc_syscall(SYS_stat, "/proc/self/ns/pid", &st) == 0 &&
                (uint32_t)st.st_ino == sc_process.header->pid_space;
    sc_process.slot_pid = same ? (uint32_t)sc_process.pid : 0;
}

bool sc_ring_begin(void)
{
    struct sc_file_header *header = sc_process.header;
    if (!header->slots)
        return true;
    long map = sc_store_map_piece(header->slots_offset, header->first_chunk - header->slots_offset);
    if (sc_failed(map))
        return false;
    sc_process.slots = (void *)map;
    know_pid();
    /* A new program: what the one before it in this process, or a process of the same pid, had open is nobody's. */
    for (uint32_t i = 0; sc_process.slot_pid && i < header->slots; i++) {
        uint64_t word = __atomic_load_n(&sc_process.slots[i], __ATOMIC_ACQUIRE);
        if (state_of(word) == OPEN && pid_of(word) == sc_process.slot_pid)
            exchange(&sc_process.slots[i], &word, word_of(CLOSED, 0, hand()));
    }
    return true;
}

void sc_ring_forked(void)
{
    if (sc_ring_is_used())
        know_pid();
}

/* Signals nobody: is there a process of that pid? One that ended and was not waited for still is. */
static bool is_gone(uint32_t pid)
{
    return pid && sc_process.slot_pid && pid != sc_process.slot_pid && sc_syscall(SYS_kill, pid, 0) == -ESRCH;
}

static bool keeps_too_much(void)
{
    const struct sc_file_header *header = sc_process.header;
    return __atomic_load_n(&header->kept_slots, __ATOMIC_RELAXED) > header->slots / 2;
}

/* May the slot be taken by a hand at that place? Notes what it finds out. urgent: nothing older was found. */
static bool is_to_be_had(uint64_t *slot, uint64_t word, uint64_t place, bool urgent)
{
    uint32_t slots = sc_process.header->slots, passed = (uint32_t)place - since_of(word);
    switch (state_of(word)) {
    case FREE: return true;
    case CLOSED: return urgent || passed >= slots / 2;
    case OPEN:
        if (is_gone(pid_of(word)))
            exchange(slot, &word, word_of(CLOSED, 0, place));
        return false;
    case KEPT:
        if (keeps_too_much() && is_gone(pid_of(word)))
            exchange(slot, &word, word_of(KEPT_GONE, 0, place));
        return false;
    case KEPT_GONE: return passed >= slots;
    default: return false;
    }
}

/* Both at once: what is in the chunk and how many calls were before. */
typedef uint64_t __attribute__((may_alias)) both;

/* Counts what is in the chunk as overwritten, and empties it. */
static void overwrite(struct sc_chunk *chunk)
{
    struct sc_file_header *header = sc_process.header;
    struct sc_record_count count = {.lookup = sc_call_of_table};
    struct sc_process process;
    sc_count_begin(&count, chunk, chunk->used);
    while (sc_count_next(&count, &process) > 0)
        ;
    uint64_t until = __atomic_load_n(&header->overwritten_until, __ATOMIC_RELAXED);
    while (count.latest > until && !__atomic_compare_exchange_n(&header->overwritten_until, &until, count.latest, false,
                                                                __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        ;
    uint32_t next = chunk->generation + 1;
    chunk->overwritten[next % 2] = chunk->overwritten[chunk->generation % 2] + count.calls;
    SC_BARRIER();
    *(volatile both *)&chunk->used = sizeof *chunk | (uint64_t)next << 32;
    SC_BARRIER();
    for (unsigned i = 0; i < SC_INFLIGHT_SLOTS; i++)
        chunk->inflight[i].nr1 = 0;
}

/* The slot is ours, and its word was another one before. NULL: sc_stop() was called. */
static struct sc_chunk *use(uint32_t slot, uint64_t before)
{
    struct sc_file_header *header = sc_process.header;
    uint64_t offset = header->first_chunk + (uint64_t)slot * header->slot_bytes, end = offset + header->slot_bytes;
    struct sc_chunk *chunk = sc_store_map_chunk(offset, header->slot_bytes);
    if (!chunk) {
        __atomic_store_n(&sc_process.slots[slot], before, __ATOMIC_RELEASE);
        return NULL;
    }
    if (chunk->magic == SC_CHUNK_MAGIC && chunk->nonce == header->nonce)
        overwrite(chunk);
    else
        chunk->used = sizeof *chunk;
    sc_store_begin_chunk(chunk, offset, header->slot_bytes);
    uint64_t next = __atomic_load_n(&header->next, __ATOMIC_RELAXED);
    while (next < end &&
           !__atomic_compare_exchange_n(&header->next, &next, end, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    return chunk;
}

static uint64_t owned_word(bool kept, uint64_t place)
{
    bool root = kept && sc_process.process == 0 && !__atomic_load_n(&sc_process.header->kept_slots, __ATOMIC_RELAXED);
    return word_of(root ? ROOT : kept ? KEPT : OPEN, sc_process.slot_pid, place);
}

struct sc_chunk *sc_ring_chunk(bool kept)
{
    struct sc_file_header *header = sc_process.header;
    if (!sc_store_may_grow())
        return NULL;
    for (uint32_t tried = 0; tried < 2 * header->slots; tried++) {
        uint64_t place = __atomic_fetch_add(&header->hand, 1, __ATOMIC_RELAXED);
        uint32_t slot = (uint32_t)(place % header->slots);
        uint64_t word = __atomic_load_n(&sc_process.slots[slot], __ATOMIC_ACQUIRE);
        if (!is_to_be_had(&sc_process.slots[slot], word, place, tried >= header->slots))
            continue;
        if (!exchange(&sc_process.slots[slot], &word, owned_word(kept, place)))
            continue;
        struct sc_chunk *chunk = use(slot, word);
        bool was_kept = state_of(word) == KEPT_GONE;
        if (chunk && kept != was_kept)
            __atomic_fetch_add(&header->kept_slots, kept ? 1 : -1, __ATOMIC_RELAXED);
        return chunk;
    }
    sc_stop(SC_STOP_LIMIT, 0);
    return NULL;
}

void sc_ring_close(const struct sc_chunk *chunk)
{
    __atomic_store_n(slot_of(chunk), word_of(CLOSED, 0, hand()), __ATOMIC_RELEASE);
}

bool sc_ring_leave(const struct sc_chunk *chunk, bool kept)
{
    uint64_t *slot = slot_of(chunk);
    if (state_of(*slot) == ROOT)
        return false;
    __atomic_store_n(slot, word_of(kept ? KEPT_LEFT : LEFT, 0, hand()), __ATOMIC_RELEASE);
    return true;
}

void sc_ring_inherit(const struct sc_chunk *chunk, bool kept)
{
    __atomic_store_n(slot_of(chunk), word_of(kept ? KEPT : OPEN, sc_process.slot_pid, hand()), __ATOMIC_RELEASE);
}
