#include "own_calls.h"

#include "state.h"

static uint32_t filters;     /* that stand, or are being tried */
static uint32_t dispatching; /* threads with syscall user dispatch on; one that ends stays counted */

static void decide(void)
{
    bool forbidden = __atomic_load_n(&filters, __ATOMIC_ACQUIRE) || __atomic_load_n(&dispatching, __ATOMIC_ACQUIRE);
    sc_process.no_syscalls = forbidden;
    if (!forbidden && sc_process.interposing && sc_process.stop_reason == SC_STOP_DISPATCH)
        sc_process.stop_reason = SC_STOP_NONE; /* there was no room; now there can be */
}

static uint32_t *count_of(enum sc_stop reason)
{
    return reason == SC_STOP_SECCOMP ? &filters : &dispatching;
}

void sc_own_calls_forbid(enum sc_stop reason)
{
    __atomic_fetch_add(count_of(reason), 1, __ATOMIC_ACQ_REL);
    decide();
}

void sc_own_calls_allow(enum sc_stop reason)
{
    uint32_t *count = count_of(reason), times = __atomic_load_n(count, __ATOMIC_RELAXED);
    while (times && !__atomic_compare_exchange_n(count, &times, times - 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        ;
    decide();
}

enum sc_stop sc_own_calls_forbidden(void)
{
    return __atomic_load_n(&filters, __ATOMIC_RELAXED) ? SC_STOP_SECCOMP : SC_STOP_DISPATCH;
}

void sc_own_calls_forked(void)
{
    if (__atomic_exchange_n(&dispatching, 0, __ATOMIC_RELAXED))
        decide();
}
