/*
 * wrap_clock.c: clocks. The kernel's object in the program's memory (vDSO) tells most of them and makes a system call
 * for the rest. Full mode takes that over where it is made; where it can't, and in interpose mode, the wrappers record
 * the clocks of which it is certain.
 */
#include <time.h>

#include "wrap.h"

/* Those that no kernel's object tells. Negative ones are a process's, a thread's or a device's. */
static bool only_kernel_tells(long clock)
{
    enum { OTHERS = 16 }; /* from there on Linux 6.17 has auxiliary ones */
    static const unsigned told = 1u << CLOCK_REALTIME | 1u << CLOCK_MONOTONIC | 1u << CLOCK_MONOTONIC_RAW |
                                 1u << CLOCK_REALTIME_COARSE | 1u << CLOCK_MONOTONIC_COARSE | 1u << CLOCK_BOOTTIME |
                                 1u << CLOCK_TAI;
    int id = (int)clock;
    return id < 0 || (id < OTHERS && !(told >> id & 1));
}

/* The object never fails by itself: with an error, it was the kernel that said so. */
static long tell(unsigned nr, sc_real_function *real, long clock, sc_ptr time, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)clock, sc_addr_of(time)};
    struct sc_frame frame;
    bool certain = only_kernel_tells(clock);
    sc_late_modules_caller(caller);
    if (certain)
        sc_begin_call(&frame, nr, args[0], args[1], 0);
    long result = real(clock, time);
    if (!certain && SC_LIKELY((int)result == 0))
        return result;
    int64_t kernel_result = sc_kernel_result(SC_RET_I, result);
    int error = errno;
    if (!certain)
        sc_begin_call(&frame, nr, args[0], args[1], 0);
    sc_end_call(&frame, nr, args, kernel_result, caller);
    errno = error;
    return result;
}

#define WRAP_CLOCK(symbol, call)                                                                                       \
    SC_WRAPPER(int, symbol, int clock, sc_ptr time)                                                                    \
    {                                                                                                                  \
        if (sc_process.vdso_taken)                                                                                     \
            return (int)sc_real(symbol)(clock, time);                                                                  \
        return (int)tell(SC_NR_##call, sc_real(symbol), clock, time, SC_CALLER);                                       \
    }
WRAP_CLOCK(clock_gettime, clock_gettime)
WRAP_CLOCK(__clock_gettime, clock_gettime)
WRAP_CLOCK(clock_getres, clock_getres)

/* libc asks for the process's time with a place of its own. */
SC_WRAPPER(long, clock, void)
{
    if (sc_process.vdso_taken)
        return sc_real(clock)(0);
    const uint64_t args[SC_MAX_ARGS] = {CLOCK_PROCESS_CPUTIME_ID, 1};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_clock_gettime, args[0], args[1], 0);
    long result = sc_real(clock)(0);
    sc_end_call(&frame, SC_NR_clock_gettime, args, result == -1 ? -errno : 0, SC_CALLER);
    return result;
}

/* Finds out whether there is such a process, by its clock's resolution. Returns an error, and leaves errno. */
SC_WRAPPER(int, clock_getcpuclockid, int pid, sc_ptr ret_clock)
{
    enum { SCHED = 2 };
    if (!sc_process.interposing)
        return (int)sc_real(clock_getcpuclockid)(pid, ret_clock);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)(int64_t)(int)((~(unsigned)pid << 3) | SCHED), 0};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_clock_getres, args[0], 0, 0);
    int result = (int)sc_real(clock_getcpuclockid)(pid, ret_clock);
    /* the kernel's EINVAL, which says that there is no such process, comes back as ESRCH */
    sc_end_call(&frame, SC_NR_clock_getres, args, result == ESRCH ? -EINVAL : -result, SC_CALLER);
    return result;
}
