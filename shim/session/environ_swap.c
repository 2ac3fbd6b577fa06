/*
 * environ_swap.c: libc's system and popen read environ itself, so it has to be swapped during their call.
 *
 * Several threads may be in them at once, end in any order or be cancelled: the first one in swaps it, the last one out
 * puts it back. A program that changes its environment in another thread at that moment has a race of its own.
 */
#include "environ_swap.h"

#include <unistd.h>

#include "../core/raw_syscall.h"
#include "../core/writer.h"
#include "exec.h"

enum { MAKING = -1 };

/*
 * High half: the pid, since threads that are in a call do not come along into a forked child. Low half: how many
 * threads are in a call, or MAKING while one of them is swapping.
 */
static uint64_t state;
static char **before, **swapped;
static void *area; /* holds the array: not the writer of the thread that made it, which may return first */
static size_t area_bytes;

static uint64_t own_state(int borrowers)
{
    return (uint64_t)sc_process.pid << 32 | (uint32_t)borrowers;
}

static void swap_areas(struct sc_writer *writer)
{
    void *other = writer->exec_area;
    size_t other_bytes = writer->exec_bytes;
    writer->exec_area = area;
    writer->exec_bytes = area_bytes;
    area = other;
    area_bytes = other_bytes;
}

static void put_back(void)
{
    if (swapped && environ == swapped)
        environ = before;
    SC_BARRIER();
    swapped = NULL;
}

static void make(struct sc_writer *writer)
{
    put_back(); /* in a child by clone whose parent had swapped it */
    if (!writer)
        return;
    before = environ;
    swap_areas(writer);
    swapped = (char **)sc_exec_environment((sc_addr) "/bin/sh", -1, (sc_addr)before, false, NULL);
    swap_areas(writer);
    SC_BARRIER(); /* a child forked in between can still put back what it finds */
    environ = swapped;
}

/* Wait: the state is MAKING only that long. */
static void let_others_run(void)
{
    if (!sc_process.no_syscalls)
        sc_syscall(SYS_sched_yield, 0);
}

void sc_environ_swap_begin(void)
{
    struct sc_writer *writer = sc_writer_get(); /* also sets the pid of a child that has recorded nothing yet */
    for (;;) {
        uint64_t now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
        int borrowers = now >> 32 == (uint32_t)sc_process.pid ? (int)now : 0;
        uint64_t next = own_state(borrowers == 0 ? MAKING : borrowers + 1);
        if (borrowers == MAKING) {
            let_others_run();
        } else if (__atomic_compare_exchange_n(&state, &now, next, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            if (borrowers)
                return;
            make(writer);
            __atomic_store_n(&state, own_state(1), __ATOMIC_RELEASE);
            return;
        }
    }
}

void sc_environ_swap_end(void *unused)
{
    (void)unused;
    for (;;) {
        uint64_t now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
        int borrowers = (int)now;
        uint64_t next = own_state(borrowers == 1 ? MAKING : borrowers - 1);
        if (borrowers == MAKING) {
            let_others_run();
        } else if (__atomic_compare_exchange_n(&state, &now, next, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            if (borrowers > 1)
                return;
            put_back();
            __atomic_store_n(&state, own_state(0), __ATOMIC_RELEASE);
            return;
        }
    }
}

void sc_environ_swap_forked(void)
{
    put_back();
    state = 0;
}
