/*
 * init.c: what the constructor does. It runs before any constructor of the program's libraries: for glibc the library
 * is linked with -z initfirst, musl constructs what is preloaded first.
 */
#include "init.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "../common/elf_probe.h"
#include "../common/version.h"
#include "core/clock.h"
#include "core/peek.h"
#include "core/placement.h"
#include "core/raw_syscall.h"
#include "core/writer.h"
#include "rewrite/rewrite.h"
#include "session/counters.h"
#include "session/late_modules.h"
#include "session/message.h"
#include "session/process.h"
#include "session/session_file.h"
#include "session/session_options.h"
#include "session/threads.h"
#include "unwind/modules.h"
#include "wrap/real.h"

/* For who finds the file alone: strings libsyscap.so. */
__attribute__((used)) static const char version[] = "libsyscap.so " SC_VERSION_TEXT;

/* The library for the other C library lies beside ours. length: of our path. */
static void find_other(size_t length)
{
    const char *own = sc_process.musl ? SC_LIBRARY_MUSL : SC_LIBRARY;
    const char *other = sc_process.musl ? SC_LIBRARY : SC_LIBRARY_MUSL;
    size_t name = strlen(own), folder = length - name;
    if (length < name || memcmp(sc_process.library + folder, own, name) != 0 ||
        folder + strlen(other) + 1 > SC_PATH_BYTES)
        return;
    sc_copy(sc_process.other, sc_process.library, folder);
    sc_copy(sc_process.other + folder, other, strlen(other) + 1);
}

/* Where our own file lies, absolute: children look for it from their working directories. */
static bool find_library(void)
{
    Dl_info info;
    size_t used = 0;
    if (!dladdr(&sc_process, &info) || !info.dli_fname)
        return false;
    if (info.dli_fname[0] != '/') {
        long length = sc_syscall(SYS_getcwd, sc_process.library, SC_PATH_BYTES);
        if (sc_failed(length))
            return false;
        used = (size_t)length;
        sc_process.library[used - 1] = '/';
    }
    size_t length = strlen(info.dli_fname) + 1;
    if (used + length > SC_PATH_BYTES)
        return false;
    sc_copy(sc_process.library + used, info.dli_fname, length);
    find_other(strlen(sc_process.library));
    return true;
}

/* The session is known and its file mapped: which of its processes are we? */
static void take_number(const struct sc_options *options)
{
    bool exec = options->pid == sc_process.pid;
    if (exec) {
        sc_process.process = options->process;
        sc_process.execs = options->execs + 1;
    } else {
        sc_process.parent = options->process;
        sc_process.process = __atomic_fetch_add(&sc_process.header->processes, 1, __ATOMIC_RELAXED);
    }
}

static uint64_t new_nonce(void)
{
    uint64_t nonce = 0;
    sc_syscall(SYS_getrandom, &nonce, sizeof nonce, 1 /* GRND_NONBLOCK */);
    return nonce ^ sc_now() ^ (uint64_t)sc_process.pid << 40;
}

/*
 * A program that was handed a session and cannot reach it (another user, namespace, mount; the file is gone) is not
 * recorded: its parent's capture says so, nothing is written anywhere else and nothing said.
 */
static bool begin_session(struct sc_options *options)
{
    sc_process.mode_asked = options->asked.mode;
    sc_process.env_asked = options->asked.env;
    sc_process.follow = options->asked.follow;
    int result = 0;
    if (options->join) {
        if (sc_session_join(options) != 0)
            return false;
    } else {
        if (!options->launched)
            options->nonce = new_nonce();
        result = sc_session_create(options);
    }
    sc_process.stack_depth = options->asked.stack_depth;
    if (result == 0 && options->join)
        take_number(options);
    else if (result != 0 && result != -ESTALE)
        sc_complain("nothing is captured: ", sc_process.path[0] ? sc_process.path : options->asked.output,
                    sc_error_text(-result));
    return result == 0;
}

/* Full mode where it is wanted and works; the wrappers record where it does not. */
static void begin_recording(const struct sc_options *options)
{
    sc_modules_list();
    enum sc_fallback fallback = options->asked.mode == SC_ASK_INTERPOSE ? SC_FALLBACK_NONE : sc_rewrite_begin();
    sc_process.interposing = options->asked.mode == SC_ASK_INTERPOSE || fallback != SC_FALLBACK_NONE;
    sc_process.active = true;
    if (!sc_writer_get())
        return;
    if (fallback != SC_FALLBACK_NONE)
        sc_put_note(SC_NOTE_MODE_FALLBACK, fallback, 0);
    if (options->renamed)
        sc_put_note(SC_NOTE_NAME_TAKEN, 0, 0);
    if (sc_process.interposing) {
        sc_threads_init();
        sc_late_modules_begin();
        sc_start_exits();
    } else {
        sc_rewrite_note();
    }
    sc_counters_at_start();
}

void sc_begin(int argc, char **argv, char **environment)
{
    struct sc_options options;
    sc_process.pid = (int)sc_syscall(SYS_getpid, 0);
    sc_process.ppid = (int)sc_syscall(SYS_getppid, 0);
    sc_clock_find(getauxval(AT_SYSINFO_EHDR));
    sc_placement_begin((uint64_t)&sc_process);
    sc_peek_begin();
    sc_writer_begin(&sc_process_events);
    sc_real_bind_all();
    if (!find_library())
        return;
    sc_options_read(environment, &options);
    sc_process_identify(environment, argc, argv);
    if (options.bad)
        sc_complain("", options.bad, " has a value that is none of its own; nothing is captured");
    else if (begin_session(&options)) {
        begin_recording(&options);
    } else if (options.join) {
        options.hide = true; /* nor do those belong to the session whom the program starts */
    }
    sc_environment_clean(environment, &options);
}
