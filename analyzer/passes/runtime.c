#include "runtime.h"

#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STANDARD = STDERR_FILENO /* the last of the standard descriptors */ };

static bool is_stack(const struct sc_event *event)
{
    int64_t flags = sc_event_value(event, 3);
    return event->desc->nr == SC_NR_mmap && flags > 0 && flags & MAP_STACK;
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
        signal = sc_event_value(event, 0);
        return signal == SIGPIPE || signal == SIGSEGV || signal == SIGBUS;
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

static void note_stack(struct sc_runtime *runtime, const struct sc_event *event)
{
    if (!is_stack(event))
        return;
    runtime->rust.stack_at = event->result;
    runtime->rust.stack_size = sc_event_value(event, 1);
}

/* Symbol wrappers do not see the sigaltstack in front of it. A capture may hold no addresses. */
static bool takes_stack_down(const struct sc_runtime *runtime, const struct sc_event *event)
{
    int64_t at = sc_event_value(event, 0);
    return event->desc->nr == SC_NR_munmap && runtime->rust.stack_size > 0 &&
           sc_event_value(event, 1) == runtime->rust.stack_size && (at == -1 || at == runtime->rust.stack_at);
}

static bool is_rust(struct sc_runtime *runtime, const struct sc_event *event, const char *path, bool *ret_before)
{
    unsigned nr = event->desc->nr;
    bool same = event->thread == runtime->rust.thread;
    bool yes;
    if (!runtime->rust.seen) {
        /* Symbol wrappers do not see what signal() and the like call, but the stack's mmap. */
        bool next = (nr == SC_NR_rt_sigaction && sc_event_value(event, 0) == SIGPIPE) || is_stack(event);
        yes = *ret_before = same && runtime->rust.polled && next;
        runtime->rust.polled = nr == SC_NR_poll && sc_event_value(event, 1) == 3 && sc_event_value(event, 2) == 0;
        runtime->rust.seen = runtime->rust.starting = yes;
        runtime->rust.thread = event->thread;
        note_stack(runtime, event);
    } else if (runtime->rust.starting && same) {
        if (nr == SC_NR_brk)
            return false; /* it allocates among its own calls (Rust 1.85); a heap grows for anybody */
        yes = runtime->rust.starting = in_start(event, path);
        note_stack(runtime, event);
    } else {
        /* glibc uses no signal stack of its own accord, so this one is the runtime's wherever it stands. */
        yes = nr == SC_NR_sigaltstack || takes_stack_down(runtime, event) ||
              (same && runtime->rust.in_chain && in_signal_stack(event));
        if (!yes && !same)
            return false;
        runtime->rust.thread = event->thread;
    }
    runtime->rust.in_chain = yes;
    return yes;
}

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* What glibc reads for a locale. Asked for every call, and most are about something else: two characters say so. */
static bool is_locale(const char *path)
{
    return path && path[0] == '/' && path[1] == 'u' &&
           (begins(path, "/usr/lib/locale") || begins(path, "/usr/share/locale") ||
            (begins(path, "/usr/") && strcmp(last_part(path), "gconv-modules.cache") == 0));
}

/* python3 [-I] [-W error] script; NULL where it is given otherwise. */
static const char *script_of(const struct sc_run *run)
{
    for (size_t i = 1; run->argv && i < run->argc; i++) {
        const char *option = run->argv[i];
        if (*option != '-')
            return option;
        char last = option[strlen(option) - 1];
        if (last == 'c' || last == 'm')
            return NULL;
        i += last == 'W' || last == 'X';
    }
    return NULL;
}

/* Where Python looks for its library and finds it, and what it reads of the system. */
static bool is_pythons_file(const struct sc_run *run, const char *path)
{
    static const char *const names[] = {"pyvenv.cfg", "pybuilddir.txt", "Setup", "Setup.local", "lib", "lib64"};
    const char *name = last_part(path), *script = script_of(run);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return strstr(path, "/lib/python") || strstr(path, "/lib64/python") || begins(name, "python") ||
           begins(path, "/etc/localtime") || begins(path, "/usr/share/zoneinfo") || strcmp(path, "/dev/urandom") == 0 ||
           strcmp(path, "/proc/sys/vm/overcommit_memory") == 0 || is_locale(path) ||
           (script && strcmp(name, last_part(script)) == 0);
}

/*
 * A folder of PYTHONPATH itself, which Python looks into for its own library too before it finds that. Not the working
 * one by an empty name: that is where a program's imports begin.
 */
static bool is_on_python_path(const struct sc_run *run, const char *path)
{
    static const char variable[] = "PYTHONPATH=";
    const char *list = "", *below = NULL;
    for (size_t i = 0; run->environ && run->environ[i]; i++)
        if (begins(run->environ[i], variable))
            list = run->environ[i] + strlen(variable);
    size_t cwd_len = run->cwd ? strlen(run->cwd) : 0;
    if (cwd_len && strncmp(path, run->cwd, cwd_len) == 0 && path[cwd_len] == '/')
        below = path + cwd_len + 1;
    for (size_t len; *list; list += len + (list[len] == ':')) {
        const char *name = list[0] == '/' ? path : below;
        len = strcspn(list, ":");
        if (len && name && strncmp(name, list, len) == 0 && !name[len])
            return true;
    }
    return false;
}

static bool in_pythons_start(struct sc_runtime *runtime, const struct sc_run *run, const struct sc_event *event,
                             const char *path)
{
    int64_t first = sc_event_value(event, 0), copy = runtime->python.copy;
    switch (event->desc->nr) {
    case SC_NR_rt_sigaction:
    case SC_NR_rt_sigprocmask:
    case SC_NR_sigaltstack:
    case SC_NR_getrandom:
    case SC_NR_sysinfo:
    case SC_NR_prlimit64:
    case SC_NR_getcwd:
    case SC_NR_gettid:
    case SC_NR_getpid:
    case SC_NR_getuid:
    case SC_NR_geteuid:
    case SC_NR_getgid:
    case SC_NR_getegid:
    case SC_NR_futex:
    case SC_NR_munmap:
    case SC_NR_mremap:
    case SC_NR_mprotect:
    case SC_NR_madvise: return true;
    case SC_NR_mmap: return !path || is_pythons_file(run, path);
    case SC_NR_fcntl:
    case SC_NR_fstat:
    case SC_NR_newfstatat:
    case SC_NR_ioctl:
    case SC_NR_lseek:
        if (first >= 0 && first <= STANDARD)
            return true;
        return path && is_pythons_file(run, path);
    case SC_NR_dup: /* whether a standard descriptor is open */
        runtime->python.copy = event->result;
        return first >= 0 && first <= STANDARD;
    case SC_NR_close:
        if (copy > STANDARD && first == copy)
            return true;
        return path && is_pythons_file(run, path);
    default: return path && is_pythons_file(run, path);
    }
}

static bool runs_python(const struct sc_run *run)
{
    static const char python[] = "python";
    if (!run->exe || !begins(last_part(run->exe), python))
        return false;
    const char *version = last_part(run->exe) + strlen(python);
    return version[strspn(version, "0123456789.")] == '\0';
}

static bool is_python(struct sc_runtime *runtime, const struct sc_run *run, const struct sc_event *event,
                      const char *path)
{
    unsigned nr = event->desc->nr;
    bool asks = (nr == SC_NR_openat || nr == SC_NR_open || nr == SC_NR_newfstatat || nr == SC_NR_stat) && path &&
                strcmp(last_part(path), "pyvenv.cfg") == 0;
    asks = asks && runtime->python.asked != event->process + 1;
    if (asks || (!runtime->any && runs_python(run))) {
        runtime->python.asked = asks ? event->process + 1 : 0;
        runtime->python.thread = event->thread;
        runtime->python.starting = true;
    }
    if (!runtime->python.starting || runtime->python.thread != event->thread || nr == SC_NR_brk)
        return false; /* a heap grows for anybody */
    bool own = in_pythons_start(runtime, run, event, path);
    runtime->python.starting = own || (path && is_on_python_path(run, path));
    return own;
}

static bool is_cpp(struct sc_runtime *runtime, const struct sc_run *run, const struct sc_event *event, const char *path)
{
    bool once = event->desc->nr == SC_NR_futex && event->outcome == SC_DONE && event->result == 0 &&
                (sc_event_value(event, 1) & FUTEX_CMD_MASK) == FUTEX_WAKE && sc_event_value(event, 2) == INT_MAX;
    if (!event->site || (!once && !is_locale(path)))
        return false;
    if (event->desc->category == SC_CAT_READ && runtime->cpp_thread == event->thread + 1)
        return true;
    const struct sc_module_map *module = sc_run_module(run, event->site);
    bool own = module && module->path && begins(last_part(module->path), "libstdc++.so");
    if (own && !once)
        runtime->cpp_thread = event->thread + 1;
    return own;
}

/* Most calls of a long run come when no start is going on, and cannot begin one. */
static bool nothing_begun(const struct sc_runtime *runtime)
{
    return runtime->any && !runtime->python.starting && !runtime->rust.starting && !runtime->rust.in_chain &&
           !runtime->rust.polled;
}

static bool is_plain(const struct sc_event *event, const char *path)
{
    switch (event->desc->category) {
    case SC_CAT_SEEK:
    case SC_CAT_WRITE: return true;
    case SC_CAT_READ: return !is_locale(path);
    default: return false;
    }
}

enum sc_language sc_runtime_step(struct sc_runtime *runtime, const struct sc_run *run, const struct sc_event *event,
                                 const char *path, bool *ret_before)
{
    *ret_before = false;
    if (event->type == SC_EVENT_EXEC) {
        runtime->python.asked = 0;
        runtime->python.starting = false;
        return SC_NO_LANGUAGE;
    }
    if (nothing_begun(runtime) && is_plain(event, path))
        return SC_NO_LANGUAGE;
    bool python = is_python(runtime, run, event, path);
    runtime->any = true;
    if (python)
        return SC_PYTHON;
    if (is_rust(runtime, event, path, ret_before))
        return SC_RUST;
    return is_cpp(runtime, run, event, path) ? SC_CPP : SC_NO_LANGUAGE;
}

const char *sc_language_name(enum sc_language language)
{
    static const char *const names[] = {"", "Rust", "C++", "Python"};
    return names[language];
}
