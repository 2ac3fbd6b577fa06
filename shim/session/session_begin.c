#include "session_begin.h"

#include <errno.h>
#include <string.h>

#include "../../common/elf_static.h"
#include "../args/left_out.h"
#include "../core/raw_syscall.h"
#include "../core/ring.h"
#include "message.h"
#include "session_file.h"

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

bool sc_absolute(char *to, const char *path)
{
    size_t bytes = strlen(path) + 1, used = 0;
    if (path[0] != '/') {
        long length = sc_syscall(SYS_getcwd, to, SC_PATH_BYTES);
        if (sc_failed(length))
            return false;
        used = (size_t)length;
        to[used - 1] = '/';
    }
    if (bytes > SC_PATH_BYTES - used)
        return false;
    sc_copy(to + used, path, bytes);
    return true;
}

bool sc_name_beside(char *to, const char *path, const char *name)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    size_t folder = slash ? (size_t)(slash + 1 - path) : 0, length = strlen(name) + 1;
    if (!folder || folder + length > SC_PATH_BYTES)
        return false;
    sc_copy(to, path, folder);
    sc_copy(to + folder, name, length);
    return true;
}

bool sc_session_begin(struct sc_options *options)
{
    sc_process.mode_asked = options->asked.mode;
    sc_process.env_asked = options->asked.env;
    sc_process.follow = options->asked.follow;
    sc_process.leave_static = options->asked.leave_static;
    /* Without it statically linked programs are left alone. */
    sc_name_beside(sc_process.loader, sc_process.library, SC_STATIC_LOADER);
    int result = 0;
    if (!options->join && options->asked.keep_last && options->asked.max_size < SC_KEEP_LEAST) {
        sc_complain("SYSCAP_KEEP=last needs a SYSCAP_MAX_SIZE of 512K or more; ", "it is ignored", "");
        options->asked.keep_last = false;
    }
    if (options->join) {
        if (sc_session_join(options) != 0)
            return false;
    } else {
        if (!options->launched)
            options->nonce = new_nonce();
        result = sc_session_create(options);
    }
    sc_process.stack_depth = options->asked.stack_depth;
    if (result == 0 && !sc_ring_begin())
        result = -ENOMEM;
    if (result != 0) {
        if (result != -ESTALE)
            sc_complain("nothing is captured: ", sc_process.path[0] ? sc_process.path : options->asked.output,
                        sc_error_text(-result));
        return false;
    }
    if (options->join)
        take_number(options);
    sc_left_out_begin(sc_file_only_of(sc_process.header));
    return true;
}
