#include "message.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "../../common/capture_name.h"
#include "../../common/numbers.h"
#include "../core/host.h"
#include "../core/raw_syscall.h"
#include "../core/state.h"

struct text {
    char *at;
    char *end; /* one byte is kept for the NUL */
};

static void add(struct text *text, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count && text->at <= text->end; i++) {
        if (text->at < text->end)
            *text->at = bytes[i];
        text->at++; /* beyond end: does not fit */
    }
}

int sc_output_names(const char *pattern, unsigned turn, uint64_t nonce, char *path, char *fresh, size_t fresh_bytes)
{
    const char *program = (const char *)sc_host_auxiliary(AT_EXECFN);
    size_t used = 0;
    if (pattern[0] != '/') {
        long length = sc_syscall(SYS_getcwd, path, SC_PATH_BYTES);
        if (sc_failed(length))
            return (int)length;
        used = (size_t)length - 1;
    }
    if (sc_expand_name(pattern, program ? program : "unknown", (uint32_t)sc_process.pid, path, used, SC_PATH_BYTES) !=
            0 ||
        sc_other_name(path, turn, SC_PATH_BYTES) != 0)
        return -ENAMETOOLONG;

    char digits[20];
    struct text beside = {fresh, fresh + fresh_bytes - 1};
    add(&beside, path, strlen(path));
    add(&beside, ".", 1);
    add(&beside, digits, sc_put_number(digits, nonce, 16));
    add(&beside, ".new", 4);
    if (beside.at > beside.end)
        return -ENAMETOOLONG;
    *beside.at = '\0';
    return 0;
}

/*
 * Writes to stderr without the program being killed by SIGPIPE or SIGXFSZ or stopped by SIGTTOU: it might never have
 * written there.
 */
static void write_stderr(const char *bytes, size_t count)
{
    enum { SIGNAL_SET_BYTES = 8 };
    const uint64_t ours = UINT64_C(1) << (SIGPIPE - 1) | UINT64_C(1) << (SIGXFSZ - 1);
    const uint64_t held = ours | UINT64_C(1) << (SIGTTOU - 1);
    uint64_t before, pending = 0;
    struct timespec now = {0, 0};
    sc_syscall(SYS_rt_sigprocmask, SIG_BLOCK, &held, &before, SIGNAL_SET_BYTES);
    sc_syscall(SYS_rt_sigpending, &pending, SIGNAL_SET_BYTES);
    sc_syscall(SYS_write, 2, bytes, count);
    uint64_t come = ours & ~pending; /* a signal pending before is the program's own */
    sc_syscall(SYS_rt_sigtimedwait, &come, 0, &now, SIGNAL_SET_BYTES);
    sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, SIGNAL_SET_BYTES);
}

void sc_complain(const char *what, const char *name, const char *why)
{
    char line[SC_PATH_BYTES + 256];
    struct text text = {line, line + sizeof line - 1};
    add(&text, "syscap: ", 8);
    add(&text, what, strlen(what));
    add(&text, name, strlen(name));
    add(&text, why, strlen(why));
    add(&text, "\n", 1);
    write_stderr(line, (size_t)((text.at < text.end ? text.at : text.end) - line));
}

const char *sc_error_text(int error)
{
    switch (error) {
    case EACCES: return ": permission denied";
    case EEXIST: return ": it is being recorded, and all names like it";
    case ENOTUNIQ: return ": it exists and is no capture";
    case ENOTBLK: return ": it exists and is no regular file";
    case EFBIG: return ": the file size limit (RLIMIT_FSIZE) is too small";
    case EINVAL: return ": the file system does not support it";
    case EISDIR: return ": it is a directory";
    case EMFILE: return ": too many open files";
    case ENAMETOOLONG: return ": the name is too long";
    case ENODEV: return ": the file system has no shared mappings";
    case ENOENT: return ": no such directory";
    case ENOMEM: return ": not enough memory";
    case ENOSPC: return ": no space left on the device";
    case ENOTDIR: return ": a part of the path is no directory";
    case EDQUOT: return ": disk quota exceeded";
    case EROFS: return ": the file system is read-only";
    default: return ": the system refused";
    }
}
