#include "exec_judge.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "../../common/elf_needed.h"
#include "../../common/elf_static.h"
#include "../../common/program_find.h"
#include "../core/helper.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "debugged.h"
#include "process.h"
#include "session_begin.h"

static int64_t read_at(void *file, void *buffer, size_t bytes, uint64_t offset)
{
    return sc_own_read(*(long *)file, buffer, bytes, (int64_t)offset);
}

static bool gains_rights(long fd)
{
    struct stat st;
    if (sc_syscall(SYS_fstat, fd, &st) != 0)
        return false;
    if (sc_gains_rights(&st, (uid_t)sc_syscall(SYS_getuid, 0), (gid_t)sc_syscall(SYS_getgid, 0)))
        return true;
    return sc_syscall(SYS_fgetxattr, fd, "security.capability", 0, 0) > 0;
}

/*
 * The file's name as /proc shows it for the program that runs it; where there is no /proc, what it was called by. False
 * where it has none any more.
 */
static bool find_name(long fd, const char *given, char *name)
{
    char own[SC_PROC_FD_BYTES];
    struct stat opened, named;
    sc_proc_own_fd_path(own, (int)fd);
    long length = sc_syscall(SYS_readlink, own, name, SC_PATH_BYTES - 1);
    if (length == -ENOENT ? !sc_absolute(name, given) : sc_failed(length) || name[0] != '/')
        return false;
    if (length > 0)
        name[length] = '\0';
    return sc_syscall(SYS_stat, name, &named) == 0 && sc_syscall(SYS_fstat, fd, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

/* The kernel would ask this of the program, and not of our loader. */
static bool may_execute(const char *name)
{
    long result = sc_syscall(SYS_faccessat2, AT_FDCWD, name, X_OK, AT_EACCESS);
    return (result == -ENOSYS ? sc_syscall(SYS_access, name, X_OK) : result) == 0;
}

/* Statically linked: whether our loader takes it, as a program or as the interpreter of one script. */
static enum sc_untraced judge_static(struct sc_judgement *judgement, long fd, const char *name)
{
    struct sc_static_image image;
    if (gains_rights(fd))
        return SC_UNTRACED_SETUID;
    if (judgement->scripts > 1 || sc_is_debugged())
        return SC_UNTRACED_STATIC;
    if (judgement->scripts && judgement->interpreter)
        sc_copy(judgement->interpreter, name, SC_INTERPRETER_BYTES);
    judgement->loads = judgement->program && may_execute(name) &&
                       sc_syscall(SYS_access, sc_process.loader, X_OK) == 0 &&
                       sc_static_image_read(read_at, &fd, &image) && find_name(fd, name, judgement->program);
    return judgement->loads ? SC_LOADABLE : SC_UNTRACED_STATIC;
}

static enum sc_untraced judge_open_file(struct sc_judgement *judgement, long fd, const char *name, char *interpreter)
{
    enum sc_untraced reason = sc_judge_program(read_at, &fd, name, interpreter);
    judgement->scripts += reason == SC_SCRIPT;
    if (reason == SC_UNTRACED_STATIC)
        return judge_static(judgement, fd, name);
    if (reason != SC_LOADABLE && reason != SC_LOADABLE_MUSL)
        return reason;
    if (gains_rights(fd))
        return SC_UNTRACED_SETUID;
    if (!judgement->asan_anywhere && sc_elf_needs(read_at, &fd, "libasan.so"))
        return SC_UNTRACED_ASAN;
    return reason;
}

static enum sc_untraced judge_file(void *context, const char *name, bool first, char interpreter[SC_INTERPRETER_BYTES])
{
    struct sc_judgement *judgement = context;
    int directory = first && judgement->fd >= 0 ? judgement->fd : AT_FDCWD;
    long fd = sc_syscall(SYS_openat, directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (sc_failed(fd)) /* executable but not readable cannot be judged: rare, and a complaint of ld.so harmless */
        return sc_process.musl ? SC_LOADABLE_MUSL : SC_LOADABLE;
    enum sc_untraced reason = judge_open_file(judgement, fd, name, interpreter);
    sc_syscall(SYS_close, fd);
    return reason;
}

/*
 * What the program will find when it starts, as another user or elsewhere in the file system. access uses the real user
 * and drops the rights that end with the exec (setpriv still has them).
 */
static bool is_reachable(void)
{
    if (sc_syscall(SYS_access, sc_process.path, R_OK | W_OK) != 0)
        return false;
    long fd = sc_store_open();
    if (!sc_failed(fd))
        sc_syscall(SYS_close, fd);
    return !sc_failed(fd);
}

/* The one that a program of that kind loads, if it is there. */
static void choose_library(struct sc_judgement *judgement)
{
    bool own = (judgement->reason == SC_LOADABLE_MUSL) == sc_process.musl;
    const char *library = own || judgement->loads ? sc_process.library : sc_process.other;
    if (judgement->loads)
        judgement->library = library;
    else if (!*library)
        judgement->reason = SC_UNTRACED_LIBC;
    else if (sc_syscall(SYS_access, library, R_OK) == 0)
        judgement->library = library;
    else if (own || sc_syscall(SYS_access, sc_process.library, R_OK) != 0)
        judgement->reason = SC_UNTRACED_ROOT;
    else
        judgement->reason = SC_UNTRACED_LIBC;
    if (judgement->library && !is_reachable()) {
        *judgement = (struct sc_judgement){.path = judgement->path, .fd = judgement->fd, .reason = SC_UNTRACED_CAPTURE};
    }
}

void sc_judge_execution(void *argument)
{
    struct sc_judgement *judgement = argument;
    char own[SC_PROC_FD_BYTES];
    const char *name = judgement->path ? judgement->path : own;
    /* The descriptor may be one that cannot be read (O_PATH): its file is opened anew. */
    sc_proc_fd_path(own, judgement->fd < 0 ? 0 : judgement->fd);
    judgement->reason = sc_follow_scripts(judge_file, judgement, name);
    if (judgement->reason == SC_LOADABLE || judgement->reason == SC_LOADABLE_MUSL)
        choose_library(judgement);
}
