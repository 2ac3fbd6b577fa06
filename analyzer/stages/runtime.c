#include "runtime.h"

#include <string.h>

enum { MAP_STACK_FLAG = 0x20000, PIPE_SIGNAL = 13, SEGV_SIGNAL = 11, BUS_SIGNAL = 7 };

static int64_t value(const struct sc_event *event, unsigned arg)
{
    return arg < event->nargs && event->args[arg].state & SC_ARG_VALUE ? event->args[arg].value : -1;
}

static bool is_stack(const struct sc_event *event)
{
    int64_t flags = value(event, 3);
    return event->desc->nr == SC_NR_mmap && flags > 0 && flags & MAP_STACK_FLAG;
}

/* What stands between one sigaltstack and the next, and behind the last. */
static bool in_signal_stack(const struct sc_event *event)
{
    switch (event->desc->nr) {
    case SC_NR_sigaltstack:
    case SC_NR_mprotect:
    case SC_NR_munmap:
    case SC_NR_gettid: return true;
    default: return is_stack(event);
    }
}

/* /proc/self/maps, or as strace -y has it /proc/123/maps */
static bool is_maps(const char *path)
{
    const char *slash = path && strncmp(path, "/proc/", 6) == 0 ? strchr(path + 6, '/') : NULL;
    return slash && strcmp(slash, "/maps") == 0;
}

static bool in_start(const struct sc_event *event, const char *path)
{
    int64_t signal;
    switch (event->desc->nr) {
    case SC_NR_rt_sigaction:
        signal = value(event, 0);
        return signal == PIPE_SIGNAL || signal == SEGV_SIGNAL || signal == BUS_SIGNAL;
    case SC_NR_prlimit64:
    case SC_NR_sched_getaffinity: return true;
    case SC_NR_open:
    case SC_NR_openat:
    case SC_NR_read:
    case SC_NR_fstat:
    case SC_NR_newfstatat:
    case SC_NR_close: return is_maps(path);
    default: return in_signal_stack(event);
    }
}

enum sc_runtime_call sc_runtime_step(struct sc_runtime *runtime, const struct sc_event *event, const char *path)
{
    unsigned nr = event->desc->nr;
    bool same = event->thread == runtime->thread;
    bool yes, before = false;
    if (!runtime->seen) {
        /* Symbol wrappers do not see what signal() and the like call, but the stack's mmap. */
        bool next = (nr == SC_NR_rt_sigaction && value(event, 0) == PIPE_SIGNAL) || is_stack(event);
        yes = before = same && runtime->polled && next;
        runtime->polled = nr == SC_NR_poll && value(event, 1) == 3 && value(event, 2) == 0;
        runtime->seen = runtime->starting = yes;
        runtime->thread = event->thread;
    } else if (runtime->starting && same) {
        if (nr == SC_NR_brk)
            return SC_RUNTIME_NO; /* it allocates among its own calls (Rust 1.85); a heap grows for anybody */
        yes = runtime->starting = in_start(event, path);
    } else {
        /* glibc uses no signal stack of its own accord, so this one is the runtime's wherever it stands. */
        yes = nr == SC_NR_sigaltstack || (same && runtime->in_chain && in_signal_stack(event));
        if (!yes && !same)
            return SC_RUNTIME_NO;
        runtime->thread = event->thread;
    }
    runtime->in_chain = yes;
    return before ? SC_RUNTIME_YES_AND_BEFORE : yes ? SC_RUNTIME_YES : SC_RUNTIME_NO;
}
