/* writer_pool.c: where writers come from and go to: the idle ones, and slabs of new ones. */
#include <sys/mman.h>

#include "placement.h"
#include "raw_syscall.h"
#include "writer_internal.h"

enum {
    SLAB_BYTES = 64 * 1024,
    TAG_SHIFT = 48, /* user addresses have 47 bits: the rest of the word counts, against ABA */
};

bool sc_cannot_wipe;

struct slab;

/*
 * Writers are never unmapped: the writer of an ended thread is idle until another thread takes it with its open chunk.
 */
static struct {
    uint64_t idle;         /* struct sc_writer * and a tag */
    uint64_t kept;         /* the same, of those whose chunks are kept */
    struct sc_writer *all; /* every writer of this process, by all_next */
    struct slab *slab;     /* from which new ones are taken */
} writers;

/*
 * The count is in the slab itself. Outside it, a late thread could add to one slab's count, compare with another's end,
 * and get a writer that is given out again.
 */
struct slab {
    uint64_t given; /* added to atomically; may exceed the number of writers */
    struct sc_writer writers[];
};

static struct sc_writer *pop(uint64_t *list)
{
    uint64_t head = __atomic_load_n(list, __ATOMIC_ACQUIRE);
    for (;;) {
        struct sc_writer *writer = (struct sc_writer *)(head << 16 >> 16);
        if (!writer)
            return NULL;
        /* writer->next may be read while another thread takes the writer: the tag makes the exchange fail then. */
        uint64_t after = (uint64_t)__atomic_load_n(&writer->next, __ATOMIC_RELAXED) | ((head >> TAG_SHIFT) + 1)
                                                                                          << TAG_SHIFT;
        if (__atomic_compare_exchange_n(list, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return writer;
    }
}

static void push(uint64_t *list, struct sc_writer *writer)
{
    uint64_t head = __atomic_load_n(list, __ATOMIC_ACQUIRE);
    uint64_t after;
    do {
        __atomic_store_n(&writer->next, (struct sc_writer *)(head << 16 >> 16), __ATOMIC_RELAXED);
        after = (uint64_t)writer | ((head >> TAG_SHIFT) + 1) << TAG_SHIFT;
    } while (!__atomic_compare_exchange_n(list, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

struct sc_writer *sc_pool_take_idle(void)
{
    return pop(&writers.idle);
}

void sc_pool_give_back(struct sc_writer *writer)
{
    push(&writers.idle, writer);
}

/* If two threads race to install a slab, the loser's stays unused; that costs address space only. */
static struct sc_writer *new_writer(void)
{
    const uint64_t most = (SLAB_BYTES - sizeof(struct slab)) / sizeof(struct sc_writer);
    for (;;) {
        struct slab *slab = __atomic_load_n(&writers.slab, __ATOMIC_ACQUIRE);
        uint64_t given = slab ? __atomic_fetch_add(&slab->given, 1, __ATOMIC_RELAXED) : most;
        if (given < most)
            return &slab->writers[given];
        if (sc_process.no_syscalls)
            return NULL;
        long fresh = sc_place_memory(SLAB_BYTES, PROT_READ | PROT_WRITE);
        if (sc_failed(fresh))
            return NULL;
        if (sc_syscall(SYS_madvise, fresh, SLAB_BYTES, MADV_WIPEONFORK) != 0 && !sc_cannot_wipe) {
            sc_syscall(SYS_munmap, fresh, SLAB_BYTES);
            return NULL;
        }
        __atomic_store_n(&writers.slab, (struct slab *)fresh, __ATOMIC_RELEASE);
    }
}

struct sc_writer *sc_pool_take(void)
{
    struct sc_writer *writer = sc_pool_take_idle();
    if (writer || !(writer = new_writer()))
        return writer;
    struct sc_writer *first = __atomic_load_n(&writers.all, __ATOMIC_ACQUIRE);
    do
        writer->all_next = first;
    while (!__atomic_compare_exchange_n(&writers.all, &first, writer, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    return writer;
}

struct sc_writer *sc_pool_take_kept(void)
{
    struct sc_writer *writer = pop(&writers.kept);
    return writer ? writer : new_writer();
}

struct sc_writer *sc_pool_take_idle_kept(void)
{
    return pop(&writers.kept);
}

void sc_pool_give_kept(struct sc_writer *writer)
{
    push(&writers.kept, writer);
}

struct sc_writer *sc_writer_first(void)
{
    return __atomic_load_n(&writers.all, __ATOMIC_ACQUIRE);
}

void sc_pool_forget(void)
{
    writers.idle = writers.kept = 0;
    writers.all = NULL;
    writers.slab = NULL;
}
