/*
 * wrap_names.c: calls on names that libc turns into others, or into several.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "../core/raw_syscall.h"
#include "wrap_libc_internal.h"

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
    bool directory = sc_remove_meets_directory(path);
    SC_BEGIN_CALL(&frame, SC_NR_unlink, args[0], 0, 0);
    errno = 0;
    int result = (int)sc_real(remove)((long)path);
    int error = errno;
    if (directory || error == EISDIR || error == ENOTEMPTY) {
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

SC_WRAPPER(int, fchmodat, int directory, sc_ptr path, unsigned mode, int flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(fchmodat)(directory, path, mode, flags);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_fchmodat, (uint64_t)directory, 0, mode);
    int result = (int)sc_real(fchmodat)(directory, path, mode, flags);
    sc_leave_fchmodat(&frame, directory, path, mode, flags, result, SC_CALLER);
    return result;
}

SC_WRAPPER(int, lchmod, sc_ptr path, unsigned mode)
{
    if (!sc_process.interposing)
        return (int)sc_real(lchmod)((long)path, mode);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_fchmodat2, (uint64_t)SC_CWD, 0, mode);
    int result = (int)sc_real(lchmod)((long)path, mode);
    sc_leave_fchmodat(&frame, AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW, result, SC_CALLER);
    return result;
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
