#include "restrict.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "clock.h"
#include "process.h"
#include "state.h"

enum restriction {
    NOTHING,
    FILTER, /* some calls are forbidden; which, nobody can tell */
    STRICT, /* all but four, and the counter with them */
    NO_COUNTER,
    COUNTER_AGAIN,
};

static enum restriction restriction_of(unsigned nr, const uint64_t *args)
{
    if (nr == SC_NR_seccomp)
        return args[0] == SECCOMP_SET_MODE_STRICT ? STRICT : args[0] == SECCOMP_SET_MODE_FILTER ? FILTER : NOTHING;
    if (args[0] == PR_SET_SECCOMP)
        return args[1] == SECCOMP_MODE_STRICT ? STRICT : FILTER;
    if (args[0] == PR_SET_TSC)
        return args[1] == PR_TSC_SIGSEGV ? NO_COUNTER : COUNTER_AGAIN;
    return NOTHING;
}

static _Atomic uint32_t filters;      /* that stand, or are being tried */
static _Atomic uint32_t threads_made; /* a thread made while the counter is forbidden keeps that to itself */
static uint32_t threads_then;

void sc_restrict_thread_made(void)
{
    threads_made++;
}

/* From now on none of our calls. The notes come first: they may need a chunk. */
static void forbid(enum restriction restriction)
{
    if (restriction == STRICT) {
        sc_process_note(SC_NOTE_CLOCK, SC_CLOCK_STANDS, 0);
        sc_clock_stop();
    }
    filters++;
    sc_process.no_syscalls = true;
}

static void allow(enum restriction restriction)
{
    sc_process.no_syscalls = --filters != 0;
    if (restriction == STRICT && !sc_process.no_syscalls) {
        sc_clock_go_on();
        sc_process_note(SC_NOTE_CLOCK, SC_CLOCK_BACK, 0);
    }
}

void sc_restrict_before(unsigned nr, const uint64_t *args)
{
    enum restriction restriction = restriction_of(nr, args);
    if (restriction == FILTER || restriction == STRICT) {
        forbid(restriction);
    } else if (restriction == NO_COUNTER) {
        threads_then = threads_made;
        sc_clock_without_counter();
        sc_process_note(SC_NOTE_CLOCK, SC_CLOCK_CALL, 0);
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
    bool counter = restriction == COUNTER_AGAIN ? result == 0 : restriction == NO_COUNTER && result < 0;
    if (counter && threads_then == threads_made && sc_clock_with_counter())
        sc_process_note(SC_NOTE_CLOCK, SC_CLOCK_BACK, 0);
}
