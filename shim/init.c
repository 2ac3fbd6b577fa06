/*
 * init.c: what the constructor does. It runs before any constructor of the program's libraries: for glibc the library
 * is linked with -z initfirst, musl constructs what is preloaded first.
 */
#include "init.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#include "../common/elf_probe.h"
#include "../common/version.h"
#include "core/clock.h"
#include "core/host.h"
#include "core/peek.h"
#include "core/placement.h"
#include "core/raw_syscall.h"
#include "core/writer.h"
#include "rewrite/rewrite.h"
#include "session/counters.h"
#include "session/late_modules.h"
#include "session/message.h"
#include "session/process.h"
#include "session/session_begin.h"
#include "session/session_options.h"
#include "session/threads.h"
#include "unwind/modules.h"
#include "wrap/real.h"

/* For who finds the file alone: strings libsyscap.so. */
__attribute__((used)) static const char version[] = "libsyscap.so " SC_VERSION_TEXT;

/* The library for the other C library lies beside ours, if that has its own name. length: of our path. */
static void find_other(size_t length)
{
    const char *own = sc_process.musl ? SC_LIBRARY_MUSL : SC_LIBRARY;
    size_t name = strlen(own);
    if (length >= name && memcmp(sc_process.library + length - name, own, name) == 0)
        sc_name_beside(sc_process.other, sc_process.library, sc_process.musl ? SC_LIBRARY : SC_LIBRARY_MUSL);
}

/* Where our own file lies, absolute: children look for it from their working directories. */
static bool find_library(void)
{
    Dl_info info;
    if (!dladdr(&sc_process, &info) || !info.dli_fname || !sc_absolute(sc_process.library, info.dli_fname))
        return false;
    find_other(strlen(sc_process.library));
    return true;
}

/* Full mode where it is wanted and works; the wrappers record where it does not. */
static void begin_recording(const struct sc_options *options, char *const *environment)
{
    sc_modules_list();
    enum sc_fallback fallback =
        options->asked.mode == SC_ASK_INTERPOSE ? SC_FALLBACK_NONE : sc_rewrite_begin(SC_OWNER_C_LIBRARY, environment);
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
    sc_clock_find(sc_host_auxiliary(AT_SYSINFO_EHDR));
    sc_placement_begin((uint64_t)&sc_process);
    sc_peek_begin();
    sc_writer_begin(&sc_process_events);
    sc_real_begin();
    if (!find_library())
        return;
    sc_options_read(environment, &options);
    sc_process_identify(environment, argc, argv);
    if (options.bad)
        sc_complain("", options.bad, " has a value that is none of its own; nothing is captured");
    else if (sc_session_begin(&options)) {
        begin_recording(&options, environment);
    } else if (options.join) {
        options.hide = true; /* nor do those belong to the session whom the program starts */
    }
    sc_environment_clean(environment, &options);
}
