/*
 * wrap_libc_musl.c: what musl's functions call, where that is not what calls.def has.
 */
#include <asm/ioctls.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "../args/fd_class.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "wrap_internal.h"
#include "wrap_libc_internal.h"

void sc_begin_open(struct sc_frame *frame, long flags, const void *caller)
{
    sc_late_modules_caller(caller);
    sc_begin_call(frame, SC_NR_open, 0, (uint64_t)flags, 0);
}

/* Old kernels did not know the flag: it is set once more. */
void sc_leave_open(struct sc_frame *frame, sc_addr path, long flags, long mode, int64_t result, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {path, (uint64_t)(flags | O_LARGEFILE), (uint64_t)mode};
    if (result < 0 || !(flags & O_CLOEXEC)) {
        sc_end_call(frame, SC_NR_open, args, result, caller);
    } else {
        const uint64_t setting[SC_MAX_ARGS] = {(uint64_t)result, F_SETFD, FD_CLOEXEC};
        sc_end_call_more(frame, SC_NR_open, args, result, caller);
        sc_end_call(frame, SC_NR_fcntl, setting, 0, caller);
    }
    sc_fd_after(SC_NR_open, args, result);
}

/* A file with a name, which is taken away at once: by the link of the descriptor it can't be told any more. */
void sc_leave_tmpfile(struct sc_frame *frame, int64_t fd, const void *caller)
{
    static const char name[] = "/tmp/tmpfile_XXXXXX";
    const uint64_t removing[SC_MAX_ARGS] = {(uint64_t)name};
    sc_leave_open(frame, (sc_addr)name, O_RDWR | O_CREAT | O_EXCL, 0600, fd, caller);
    if (fd < 0)
        return;
    frame->start = sc_now();
    sc_end_call(frame, SC_NR_unlink, removing, 0, caller);
}

long sc_openat_flags(long flags)
{
    return flags | O_LARGEFILE;
}

long sc_shm_open_flags(long flags)
{
    return flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
}

void sc_leave_fstat(struct sc_frame *frame, int fd, sc_ptr st, int result, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)st};
    if (fd < 0)
        sc_cancel_call(frame); /* refused by libc itself */
    else
        sc_end_call(frame, SC_NR_fstat, args, sc_kernel_result(SC_RET_I, result), caller);
}

unsigned sc_faccessat_nr(int flags)
{
    return flags ? SC_NR_faccessat2 : SC_NR_faccessat;
}

unsigned sc_fork_nr(void)
{
    return SC_NR_fork;
}

/*
 * The mode of a link's own name is changed in five steps: look what it is, open it as a path, look at that by /proc,
 * chmod, close. A link itself is refused in the first.
 */
static void leave_chmod_steps(struct sc_frame *frame, int directory, sc_ptr path, unsigned mode, int result, int error,
                              const void *caller)
{
    struct stat st;
    char name[SC_PROC_FD_BYTES];
    const uint64_t looking[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, (uint64_t)&st, AT_SYMLINK_NOFOLLOW};
    bool found = !sc_process.no_syscalls && sc_syscall(SYS_newfstatat, directory, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
    int fd = found && !S_ISLNK(st.st_mode) ? sc_lowest_free_descriptor() : -1;
    if (fd < 0) { /* not opened, or not known as what */
        sc_end_call(frame, SC_NR_newfstatat, looking, found ? 0 : -error, caller);
        return;
    }
    const uint64_t opening[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path,
                                           O_PATH | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC};
    const uint64_t asking[SC_MAX_ARGS] = {(uint64_t)name, (uint64_t)&st};
    const uint64_t changing[SC_MAX_ARGS] = {(uint64_t)SC_CWD, (uint64_t)name, mode};
    const uint64_t closing[SC_MAX_ARGS] = {(uint64_t)fd};
    sc_proc_fd_path(name, fd);
    sc_end_call_more(frame, SC_NR_newfstatat, looking, 0, caller);
    sc_end_call_more(frame, SC_NR_openat, opening, fd, caller);
    sc_end_call_more(frame, SC_NR_stat, asking, 0, caller);
    sc_end_call_more(frame, SC_NR_fchmodat, changing, result == 0 ? 0 : -error, caller);
    sc_end_call(frame, SC_NR_close, closing, 0, caller);
}

void sc_leave_fchmodat(struct sc_frame *frame, int directory, sc_ptr path, unsigned mode, int flags, int result,
                       const void *caller)
{
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, mode};
    if (!flags)
        sc_end_call(frame, SC_NR_fchmodat, args, result == 0 ? 0 : -error, caller);
    else if (flags != AT_SYMLINK_NOFOLLOW)
        sc_cancel_call(frame); /* refused by libc itself */
    else
        leave_chmod_steps(frame, directory, path, mode, result, error, caller);
    errno = error;
}

bool sc_remove_meets_directory(sc_ptr path)
{
    struct stat st;
    return !sc_process.no_syscalls && sc_syscall(SYS_lstat, path, &st) == 0 && S_ISDIR(st.st_mode);
}

unsigned sc_isatty_command(void)
{
    return TIOCGWINSZ;
}

bool sc_tcsetattr_asks(void)
{
    return false;
}

/* Those of shim/musl/own_wrappers.h. */
SC_WRAP(stat, stat, 2, a, b)
SC_WRAP(stat64, stat, 2, a, b)
SC_WRAP(lstat, lstat, 2, a, b)
SC_WRAP(lstat64, lstat, 2, a, b)
SC_WRAP(mknod, mknod, 3, a, b, c)
SC_WRAP(mkfifo, mknod, 2, a, b | S_IFIFO, 0)
SC_WRAP(pipe, pipe, 1, a)
SC_WRAP(select, select, 5, a, b, c, d, e)
SC_WRAP(epoll_create, epoll_create1, 1, 0)
SC_WRAP(epoll_wait, epoll_pwait, 4, a, b, c, d, 0, 8)
SC_WRAP(inotify_init, inotify_init1, 0, 0)
SC_WRAP(semop, semop, 3, a, b, c)
SC_WRAP(creat, open, 2, a, O_CREAT | O_WRONLY | O_TRUNC | O_LARGEFILE, b)
SC_WRAP(creat64, open, 2, a, O_CREAT | O_WRONLY | O_TRUNC | O_LARGEFILE, b)

/* Each of these is two calls, by what it is given. */
#define WRAP_FSTATAT(symbol)                                                                                           \
    SC_WRAPPER(int, symbol, int directory, sc_ptr path, sc_ptr st, int flags)                                          \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(directory, path, st, flags);                                                   \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_newfstatat, (uint64_t)directory, 0, 0);                                            \
        int result = (int)sc_real(symbol)(directory, path, st, flags);                                                 \
        leave_fstatat(&frame, directory, path, st, flags, result, SC_CALLER);                                          \
        return result;                                                                                                 \
    }

static void leave_fstatat(struct sc_frame *frame, int directory, sc_ptr path, sc_ptr st, int flags, int result,
                          const void *caller)
{
    char first = '\0';
    int64_t kernel_result = sc_kernel_result(SC_RET_I, result);
    int error = errno;
    bool known = path && sc_asked_copy(&first, sc_addr_of(path), 1);
    const uint64_t by_path[SC_MAX_ARGS] = {(uint64_t)path, (uint64_t)st};
    const uint64_t by_fd[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)st};
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, (uint64_t)st, (uint64_t)flags};
    bool plain = directory == AT_FDCWD || (known && first == '/');
    if (flags == AT_EMPTY_PATH && directory >= 0 && known && !first)
        sc_end_call(frame, SC_NR_fstat, by_fd, kernel_result, caller);
    else if (plain && (flags == 0 || flags == AT_SYMLINK_NOFOLLOW))
        sc_end_call(frame, flags ? SC_NR_lstat : SC_NR_stat, by_path, kernel_result, caller);
    else
        sc_end_call(frame, SC_NR_newfstatat, args, kernel_result, caller);
    errno = error;
}
WRAP_FSTATAT(fstatat)
WRAP_FSTATAT(fstatat64)

SC_WRAPPER(int, pipe2, sc_ptr pair, int flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(pipe2)((long)pair, flags);
    unsigned nr = flags ? SC_NR_pipe2 : SC_NR_pipe;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)pair, (uint64_t)flags};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, nr, 0, args[1], 0);
    int64_t result = sc_kernel_result(SC_RET_I, sc_real(pipe2)((long)pair, flags));
    sc_end_call(&frame, nr, args, result, SC_CALLER);
    sc_fd_after(nr, args, result);
    return result < 0 ? -1 : 0;
}

SC_WRAPPER(int, accept4, int fd, sc_ptr address, sc_ptr length, int flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(accept4)(fd, address, length, flags);
    unsigned nr = flags ? SC_NR_accept4 : SC_NR_accept;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)address, (uint64_t)length, (uint64_t)flags};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, nr, args[0], 0, 0);
    int64_t result = sc_kernel_result(SC_RET_I, sc_real(accept4)(fd, address, length, flags));
    sc_end_call(&frame, nr, args, result, SC_CALLER);
    sc_fd_after(nr, args, result);
    return result < 0 ? -1 : (int)result;
}

int sc_call_main(int (*program_main)(int, char **, char **), int argc, char **argv, char **environment)
{
    return sc_process.exit_status = program_main(argc, argv, environment);
}
