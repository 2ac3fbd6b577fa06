#include "unpatch.h"

#include <signal.h>
#include <sys/mman.h>

#include "../core/helper.h"
#include "../core/raw_syscall.h"
#include "../core/state.h"

enum {
    MOST = 1024,
    WAITS = 1 << 20, /* how long a forked child waits: its parent's thread that was undoing is not in it */
};

/* Values of a slot's begin that are no addresses of code. */
enum { FREE, FILLING, UNDOING };

static struct changed {
    uint64_t begin; /* stored last */
    uint64_t end;
    int protection;
    const struct sc_site *last;
} slots[MOST];
static bool undone;

bool sc_unpatch_room(void)
{
    for (int i = 0; i < MOST; i++)
        if (__atomic_load_n(&slots[i].begin, __ATOMIC_RELAXED) == FREE)
            return true;
    return false;
}

static bool claim(struct changed *slot, uint64_t from, uint64_t to)
{
    return __atomic_compare_exchange_n(&slot->begin, &from, to, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* Restores the bytes in [to, to + end - begin): in the pages themselves, or in a copy of them. */
static void put_back(const struct changed *slot, uint64_t begin, uint64_t to)
{
    for (const struct sc_site *site = slot->last; site; site = site->previous)
        sc_copy((void *)(to + (site->at - begin)), site->overwritten, site->overwritten_bytes);
}

/*
 * With one thread, in place: /proc/PID/maps keeps the file's name. Otherwise in a copy that replaces the pages at one
 * stroke: a thread that runs in them finds the old code or the new, never a part of each.
 */
static bool undo(const struct changed *slot, uint64_t begin)
{
    size_t bytes = slot->end - begin;
    if (sc_is_alone()) {
        if (sc_failed(sc_syscall(SYS_mprotect, begin, bytes, PROT_READ | PROT_WRITE | PROT_EXEC)))
            return false;
        put_back(slot, begin, begin);
        sc_syscall(SYS_mprotect, begin, bytes, slot->protection);
        return true;
    }
    long copy = sc_syscall(SYS_mmap, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (sc_failed(copy))
        return false;
    sc_copy((void *)copy, (const void *)begin, bytes);
    put_back(slot, begin, (uint64_t)copy);
    if (!sc_failed(sc_syscall(SYS_mprotect, copy, bytes, slot->protection)) &&
        !sc_failed(sc_syscall(SYS_mremap, copy, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, begin)))
        return true;
    sc_syscall(SYS_munmap, copy, bytes);
    return false;
}

static bool undo_slot(struct changed *slot)
{
    uint64_t begin = __atomic_load_n(&slot->begin, __ATOMIC_ACQUIRE);
    if (begin <= UNDOING || !claim(slot, begin, UNDOING))
        return true;
    bool done = undo(slot, begin);
    __atomic_store_n(&slot->begin, done ? FREE : begin, __ATOMIC_RELEASE);
    return done;
}

void sc_unpatch_remember(uint64_t begin, uint64_t end, int protection, const struct sc_site *last)
{
    for (int i = 0; last && i < MOST; i++) {
        if (!claim(&slots[i], FREE, FILLING))
            continue;
        slots[i].end = end;
        slots[i].protection = protection;
        slots[i].last = last;
        __atomic_store_n(&slots[i].begin, begin, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&undone, __ATOMIC_SEQ_CST))
            undo_slot(&slots[i]);
        return;
    }
}

void sc_unpatch_forget(uint64_t begin, uint64_t end)
{
    for (int i = 0; i < MOST; i++) {
        uint64_t at = __atomic_load_n(&slots[i].begin, __ATOMIC_ACQUIRE);
        for (int waits = 0; at == UNDOING && slots[i].end > begin && waits < WAITS; waits++) {
            __builtin_ia32_pause();
            at = __atomic_load_n(&slots[i].begin, __ATOMIC_ACQUIRE);
        }
        if (at > UNDOING && at < end && slots[i].end > begin)
            claim(&slots[i], at, FREE);
    }
}

bool sc_unpatch_all(void)
{
    uint64_t all = ~UINT64_C(0), before; /* blocked: a handler that unmaps code would wait for us */
    bool done = true;
    sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
    __atomic_store_n(&undone, true, __ATOMIC_SEQ_CST);
    for (int i = 0; i < MOST; i++)
        done &= undo_slot(&slots[i]);
    sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof before);
    return done;
}
