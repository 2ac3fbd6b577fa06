#include "own_answers.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "../../common/calls.h"
#include "../args/call_record.h"
#include "../core/host.h"
#include "../core/peek.h"
#include "../core/raw_syscall.h"
#include "../rewrite/own_threads.h"
#include "thread_block.h"

static struct {
    const char *path;
    uint64_t dev, ino;
} program;

void sc_own_names_begin(const char *path, uint64_t dev, uint64_t ino)
{
    program.path = path;
    program.dev = dev;
    program.ino = ino;
}

/* As the kernel shows a file that is gone from its place. */
static bool is_deleted(void)
{
    struct stat st;
    return !sc_process.no_syscalls &&
           (sc_syscall(SYS_stat, program.path, &st) != 0 || st.st_dev != program.dev || st.st_ino != program.ino);
}

long sc_host_program(char *path, size_t bytes)
{
    static const char deleted[] = " (deleted)";
    size_t length = strlen(program.path), more = is_deleted() ? sizeof deleted - 1 : 0;
    for (size_t i = 0; i < length + more && i < bytes; i++)
        path[i] = i < length ? program.path[i] : deleted[i - length];
    return (long)(length + more < bytes ? length + more : bytes);
}

const char *sc_host_executes(const char *path)
{
    return sc_own_name(path) ? program.path : path;
}

/* Skips a part of a path; NULL where it is another. */
static const char *skip(const char *path, const char *part)
{
    size_t length = strlen(part);
    return path && strncmp(path, part, length) == 0 ? path + length : NULL;
}

/* A number of the process: its own, or one of a thread's, which we take for ours: no other process's is there. */
static const char *skip_number(const char *path, bool own)
{
    long number = 0;
    const char *at = path;
    while (at && *at >= '0' && *at <= '9' && number < INT32_MAX)
        number = number * 10 + (*at++ - '0');
    return at == path || !at || (own && number != sc_process.pid) ? NULL : at;
}

bool sc_own_name(const char *path)
{
    const char *rest = skip(path, "/proc/");
    if (!rest)
        return false;
    const char *self = skip(rest, "self"), *after = self ? self : skip(rest, "thread-self");
    if (!after)
        after = sc_process.proc_matches ? skip_number(rest, true) : NULL;
    const char *task = skip_number(skip(after, "/task/"), false);
    if (task)
        after = task;
    return after && strcmp(after, "/exe") == 0;
}

enum { NAME_MOST = 64 }; /* longer ones are none of these */

/* The call's first path, copied if it is short; what its number among the arguments is, or -1. */
static int copy_path(unsigned nr, const uint64_t *args, bool proved, char name[NAME_MOST])
{
    int i = __builtin_ctz(sc_call_table[nr].text);
    sc_addr path = args[i];
    if (!path || (proved && !sc_proved_begins(path, "/proc/")))
        return -1;
    size_t length;
    if (proved)
        length = sc_proved_length(path, NAME_MOST);
    else if (!sc_asked_length(path, NAME_MOST, &length))
        return -1;
    if (length == NAME_MOST)
        return -1;
    sc_proved_copy(name, path, length);
    name[length] = '\0';
    return i;
}

/* If we can't ask, read all the same: the kernel is about to, and would start our loader for the program. */
sc_addr sc_own_executes(sc_addr path)
{
    char name[NAME_MOST];
    size_t length = 0;
    if (!sc_process.no_syscalls && !sc_asked_length(path, NAME_MOST, &length))
        return 0;
    if (sc_process.no_syscalls)
        length = sc_proved_length(path, NAME_MOST);
    if (length == NAME_MOST)
        return 0;
    sc_proved_copy(name, path, length);
    name[length] = '\0';
    return sc_own_name(name) ? (sc_addr)program.path : 0;
}

static long call_with(unsigned nr, const uint64_t *args, int changed, uint64_t value)
{
    uint64_t own[SC_MAX_ARGS];
    memcpy(own, args, sizeof own);
    own[changed] = value;
    return sc_syscall6((long)nr, (long)own[0], (long)own[1], (long)own[2], (long)own[3], (long)own[4], (long)own[5]);
}

/* The link itself was asked for: that is the kernel's to answer. */
static bool is_of_link(unsigned nr, const uint64_t *args)
{
    switch (nr) {
    case SC_NR_lstat: return true;
    case SC_NR_newfstatat: return args[3] & AT_SYMLINK_NOFOLLOW;
    case SC_NR_statx: return args[2] & AT_SYMLINK_NOFOLLOW;
    case SC_NR_open: return args[1] & O_NOFOLLOW;
    case SC_NR_openat: return args[2] & O_NOFOLLOW;
    default: return false;
    }
}

/* The descriptor that the program has got stands for our loader: now it stands for the program. */
static int64_t open_program(unsigned nr, const uint64_t *args, int path, int64_t fd)
{
    long flags = sc_syscall(SYS_fcntl, fd, F_GETFD);
    long opened = call_with(nr, args, path, (uint64_t)program.path);
    if (sc_failed(opened)) {
        sc_syscall(SYS_close, fd);
        return opened;
    }
    sc_syscall(SYS_dup3, opened, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0);
    sc_syscall(SYS_close, opened);
    return fd;
}

/* What the kernel has put there is our loader's name. */
static int64_t read_link(sc_addr buffer, uint64_t bytes, int64_t result)
{
    char name[SC_PATH_BYTES];
    long length = sc_host_program(name, bytes < sizeof name ? (size_t)bytes : sizeof name);
    if (!sc_answer(buffer, name, (size_t)length, (size_t)result))
        return result;
    return length;
}

int64_t sc_own_names_answer(unsigned nr, const uint64_t *args, int64_t result)
{
    char name[NAME_MOST];
    enum sc_means means = sc_call_table[nr].means;
    if (means != SC_MEANS_OPEN && means != SC_MEANS_STAT && means != SC_MEANS_READ_LINK)
        return result;
    int path = copy_path(nr, args, true, name);
    if (path < 0 || !sc_own_name(name) || is_of_link(nr, args) || sc_process.no_syscalls)
        return result;
    if (means == SC_MEANS_OPEN)
        return open_program(nr, args, path, result);
    if (means == SC_MEANS_STAT)
        return call_with(nr, args, path, (uint64_t)program.path);
    return read_link(args[path + 1], args[path + 2], result);
}

/* Calls that would change our loader, or tell of it, and say nothing by which that could be mended. */
static bool follows_link(unsigned nr, const uint64_t *args)
{
    switch (nr) {
    case SC_NR_chmod:
    case SC_NR_chown:
    case SC_NR_truncate:
    case SC_NR_utime:
    case SC_NR_utimes:
    case SC_NR_setxattr:
    case SC_NR_getxattr:
    case SC_NR_listxattr:
    case SC_NR_removexattr:
    case SC_NR_statfs:
    case SC_NR_fchmodat: return true;
    case SC_NR_utimensat: return !(args[3] & AT_SYMLINK_NOFOLLOW);
    case SC_NR_fchownat:
    case SC_NR_linkat: return nr == SC_NR_linkat ? args[4] & AT_SYMLINK_FOLLOW : !(args[4] & AT_SYMLINK_NOFOLLOW);
    default: return false;
    }
}

bool sc_own_names_call(struct sc_regs *regs)
{
    char name[NAME_MOST];
    unsigned nr = (unsigned)regs->rax;
    if (sc_process.no_syscalls || !follows_link(nr, regs->args))
        return false;
    int path = copy_path(nr, regs->args, false, name);
    if (path < 0 || !sc_own_name(name))
        return false;
    struct sc_frame frame;
    sc_begin_call(&frame, nr, regs->args[0], regs->args[1], regs->args[2]);
    long result = call_with(nr, regs->args, path, (uint64_t)program.path);
    regs->rax = (uint64_t)result;
    sc_end_call(&frame, nr, regs->args, result, (const void *)regs->after);
    return true;
}
