/*
 * wrap_names.c: calls on names that libc turns into others, or into several.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "../core/raw_syscall.h"
#include "../session/message.h"
#include "wrap.h"

/* Without flags libc uses the older call. */
SC_WRAPPER(int, renameat2, int from_directory, sc_ptr from, int to_directory, sc_ptr to, unsigned flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(renameat2)(from_directory, from, to_directory, to, flags);
    unsigned nr = flags ? SC_NR_renameat2 : SC_NR_renameat;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)from_directory, (uint64_t)from, (uint64_t)to_directory, (uint64_t)to,
                                        flags};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, nr, args[0], args[1], args[2]);
    int result = (int)sc_real(renameat2)(from_directory, from, to_directory, to, flags);
    sc_end_call(&frame, nr, args, sc_kernel_result(SC_RET_I, result), SC_CALLER);
    return result;
}

/*
 * remove is unlink, and rmdir where that says EISDIR. libc leaves that errno behind when rmdir succeeds, which is how
 * we learn of it; where both fail, only an error that unlink never gives tells.
 */
SC_WRAPPER(int, remove, sc_ptr path)
{
    if (!sc_process.interposing)
        return (int)sc_real(remove)((long)path);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)path};
    struct sc_frame frame;
    int before = errno;
    SC_BEGIN_CALL(&frame, SC_NR_unlink, args[0], 0, 0);
    errno = 0;
    int result = (int)sc_real(remove)((long)path);
    int error = errno;
    if (error == EISDIR || error == ENOTEMPTY) {
        sc_end_call_more(&frame, SC_NR_unlink, args, -EISDIR, SC_CALLER);
        sc_end_call(&frame, SC_NR_rmdir, args, result == 0 ? 0 : -error, SC_CALLER);
    } else {
        sc_end_call(&frame, SC_NR_unlink, args, result == 0 ? 0 : -error, SC_CALLER);
    }
    errno = error ? error : before;
    return result;
}

/* The device comes by pointer, which libc follows once it knows the version. */
static int leave_xmknod(struct sc_frame *frame, long directory, sc_ptr path, unsigned mode, sc_ptr device, int version,
                        int result, const void *caller)
{
    if (version != 0) {
        sc_cancel_call(frame); /* refused by libc itself */
        return result;
    }
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, mode, sc_proved_u64(sc_addr_of(device))};
    sc_end_call(frame, SC_NR_mknodat, args, sc_kernel_result(SC_RET_I, result), caller);
    return result;
}

SC_WRAPPER(int, __xmknod, int version, sc_ptr path, unsigned mode, sc_ptr device)
{
    if (!sc_process.interposing)
        return (int)sc_real(__xmknod)(version, path, mode, device);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_mknodat, (uint64_t)SC_CWD, 0, mode);
    int result = (int)sc_real(__xmknod)(version, path, mode, device);
    return leave_xmknod(&frame, SC_CWD, path, mode, device, version, result, SC_CALLER);
}

SC_WRAPPER(int, __xmknodat, int version, int directory, sc_ptr path, unsigned mode, sc_ptr device)
{
    if (!sc_process.interposing)
        return (int)sc_real(__xmknodat)(version, directory, path, mode, device);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_mknodat, (uint64_t)directory, 0, mode);
    int result = (int)sc_real(__xmknodat)(version, directory, path, mode, device);
    return leave_xmknod(&frame, directory, path, mode, device, version, result, SC_CALLER);
}

int sc_lowest_free_descriptor(void)
{
    enum { ENOUGH = 4096 };
    if (sc_process.no_syscalls)
        return -1;
    for (int fd = 0; fd < ENOUGH; fd++)
        if (sc_syscall(SYS_fcntl, fd, F_GETFD) == -EBADF)
            return fd;
    return -1;
}

/*
 * Before 2.39 the mode of a link's own name is changed in four steps: open the name as a path, look what it is, chmod
 * by /proc, close. A link itself is refused in the second.
 */
static void leave_chmod_steps(struct sc_frame *frame, int directory, sc_ptr path, unsigned mode, int result, int error,
                              const void *caller)
{
    struct stat st;
    char name[SC_PROC_FD_BYTES];
    bool found = !sc_process.no_syscalls && sc_syscall(SYS_newfstatat, directory, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
    int fd = found ? sc_lowest_free_descriptor() : -1;
    const uint64_t opening[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, O_PATH | O_NOFOLLOW | O_CLOEXEC};
    if (fd < 0) { /* not opened, or not known as what */
        sc_end_call(frame, SC_NR_openat, opening, result == 0 ? 0 : -error, caller);
        return;
    }
    const uint64_t stating[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t) "", (uint64_t)&st, AT_EMPTY_PATH};
    const uint64_t changing[SC_MAX_ARGS] = {(uint64_t)name, mode};
    const uint64_t closing[SC_MAX_ARGS] = {(uint64_t)fd};
    sc_proc_fd_path(name, fd);
    sc_end_call_more(frame, SC_NR_openat, opening, fd, caller);
    sc_end_call_more(frame, SC_NR_newfstatat, stating, 0, caller);
    if (!S_ISLNK(st.st_mode))
        sc_end_call_more(frame, SC_NR_chmod, changing, result == 0 ? 0 : -error, caller);
    sc_end_call(frame, SC_NR_close, closing, 0, caller);
}

static int leave_fchmodat(struct sc_frame *frame, int directory, sc_ptr path, unsigned mode, int flags, int result,
                          const void *caller)
{
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, mode, (uint64_t)flags};
    if (result != 0 && error == EINVAL && (flags & ~AT_SYMLINK_NOFOLLOW) && sc_glibc_minor() < 39)
        sc_cancel_call(frame); /* refused by libc itself */
    else if (!flags || sc_glibc_minor() >= 39)
        sc_end_call(frame, flags ? SC_NR_fchmodat2 : SC_NR_fchmodat, args, result == 0 ? 0 : -error, caller);
    else
        leave_chmod_steps(frame, directory, path, mode, result, error, caller);
    errno = error;
    return result;
}

SC_WRAPPER(int, fchmodat, int directory, sc_ptr path, unsigned mode, int flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(fchmodat)(directory, path, mode, flags);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_fchmodat, (uint64_t)directory, 0, mode);
    int result = (int)sc_real(fchmodat)(directory, path, mode, flags);
    return leave_fchmodat(&frame, directory, path, mode, flags, result, SC_CALLER);
}

SC_WRAPPER(int, lchmod, sc_ptr path, unsigned mode)
{
    if (!sc_process.interposing)
        return (int)sc_real(lchmod)((long)path, mode);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_fchmodat2, (uint64_t)SC_CWD, 0, mode);
    int result = (int)sc_real(lchmod)((long)path, mode);
    return leave_fchmodat(&frame, AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW, result, SC_CALLER);
}

/* A message queue's name goes to the kernel without its slash. */
static void leave_queue(struct sc_frame *frame, unsigned nr, sc_ptr name, const long rest[3], long result,
                        const void *caller)
{
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {sc_addr_of(name) + 1, (uint64_t)rest[0], (uint64_t)rest[1], (uint64_t)rest[2]};
    if (result < 0 && error == EINVAL)
        sc_cancel_call(frame); /* a name without a slash is refused by libc itself */
    else
        sc_end_call(frame, nr, args, (int)result < 0 ? -error : (int)result, caller);
    errno = error;
}

#define WRAP_QUEUE(symbol, nr)                                                                                         \
    SC_WRAPPER(int, symbol, sc_ptr name, long flags, long mode, long attributes)                                       \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)((long)name, flags, mode, attributes);                                          \
        bool creates = nr == SC_NR_mq_open && (flags & O_CREAT);                                                       \
        const long rest[3] = {flags, creates ? mode : 0, creates ? attributes : 0};                                    \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, nr, 0, (uint64_t)flags, 0);                                                              \
        int result = (int)sc_real(symbol)((long)name, flags, mode, attributes);                                        \
        leave_queue(&frame, nr, name, rest, result, SC_CALLER);                                                        \
        return result;                                                                                                 \
    }
WRAP_QUEUE(mq_open, SC_NR_mq_open)
WRAP_QUEUE(__mq_open_2, SC_NR_mq_open)
WRAP_QUEUE(mq_unlink, SC_NR_mq_unlink)
