#include "restrict.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "../core/clock.h"
#include "../core/own_calls.h"
#include "../core/state.h"
#include "process.h"

enum restriction {
    NOTHING,
    FILTER, /* some calls are forbidden; nobody can tell which */
    STRICT, /* all but four, and the counter with them */
    NO_COUNTER,
    COUNTER_AGAIN,
    HANDED_BACK, /* calls from all but one range of addresses, with a switch that only the program can read */
    HANDED_BACK_NO_MORE,
};

static enum restriction restriction_of(unsigned nr, const uint64_t *args)
{
    if (nr == SC_NR_seccomp)
        return args[0] == SECCOMP_SET_MODE_STRICT ? STRICT : args[0] == SECCOMP_SET_MODE_FILTER ? FILTER : NOTHING;
    if (args[0] == PR_SET_SECCOMP)
        return args[1] == SECCOMP_MODE_STRICT ? STRICT : FILTER;
    if (args[0] == PR_SET_TSC)
        return args[1] == PR_TSC_SIGSEGV ? NO_COUNTER : COUNTER_AGAIN;
    if (args[0] == PR_SET_SYSCALL_USER_DISPATCH)
        return args[1] == PR_SYS_DISPATCH_OFF ? HANDED_BACK_NO_MORE : HANDED_BACK;
    return NOTHING;
}

static _Atomic uint32_t threads_made; /* a thread made while the counter is forbidden keeps that for itself alone */
static uint32_t threads_then;

void sc_restrict_thread_made(void)
{
    threads_made++;
}

/* From now on we make no system calls. Store the notes first: they may need a chunk. */
static void forbid(enum restriction restriction)
{
    if (restriction == STRICT) {
        sc_put_note(SC_NOTE_CLOCK, SC_CLOCK_STANDS, 0);
        sc_clock_stop();
    }
    sc_own_calls_forbid(SC_STOP_SECCOMP);
}

static void allow(enum restriction restriction)
{
    sc_own_calls_allow(SC_STOP_SECCOMP);
    if (restriction == STRICT && !sc_process.no_syscalls) {
        sc_clock_go_on();
        sc_put_note(SC_NOTE_CLOCK, SC_CLOCK_BACK, 0);
    }
}

bool sc_restrict_hands_back(unsigned nr, const uint64_t *args)
{
    return nr == SC_NR_prctl && restriction_of(nr, args) == HANDED_BACK;
}

bool sc_restrict_filters(unsigned nr, const uint64_t *args)
{
    if (nr != SC_NR_prctl && nr != SC_NR_seccomp)
        return false;
    enum restriction restriction = restriction_of(nr, args);
    return restriction == FILTER || restriction == STRICT;
}

void sc_restrict_before(unsigned nr, const uint64_t *args)
{
    enum restriction restriction = restriction_of(nr, args);
    if (restriction == FILTER || restriction == STRICT) {
        forbid(restriction);
    } else if (restriction == HANDED_BACK) {
        sc_own_calls_forbid(SC_STOP_DISPATCH);
    } else if (restriction == NO_COUNTER) {
        threads_then = threads_made;
        sc_clock_without_counter();
        sc_put_note(SC_NOTE_CLOCK, SC_CLOCK_CALL, 0);
    }
}

void sc_restrict_after(unsigned nr, const uint64_t *args, int64_t result)
{
    enum restriction restriction = restriction_of(nr, args);
    if (restriction == FILTER || restriction == STRICT) {
        if (result < 0)
            allow(restriction);
        return;
    }
    if ((restriction == HANDED_BACK && result < 0) || (restriction == HANDED_BACK_NO_MORE && result == 0)) {
        sc_own_calls_allow(SC_STOP_DISPATCH);
        return;
    }
    bool counter = restriction == COUNTER_AGAIN ? result == 0 : restriction == NO_COUNTER && result < 0;
    if (counter && threads_then == threads_made && sc_clock_with_counter())
        sc_put_note(SC_NOTE_CLOCK, SC_CLOCK_BACK, 0);
}
