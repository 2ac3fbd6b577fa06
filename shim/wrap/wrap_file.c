/*
 * wrap_file.c: calls on files and memory whose libc functions answer in other terms than the kernel.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include "../args/fd_class.h"
#include "wrap.h"

/* Commands that take no argument: what stands in its register is chance. */
static bool takes_argument(int command)
{
    switch (command) {
    case F_GETFD:
    case F_GETFL:
    case F_GETOWN:
    case F_GETSIG:
    case F_GETLEASE:
    case F_GETPIPE_SZ:
    case F_GET_SEALS: return false;
    default: return true;
    }
}

#define WRAP_FCNTL(symbol)                                                                                             \
    SC_WRAPPER(int, symbol, int fd, int command, ...)                                                                  \
    {                                                                                                                  \
        va_list rest;                                                                                                  \
        va_start(rest, command);                                                                                       \
        long argument = va_arg(rest, long); /* any argument comes in one register; passed on whatever it is */         \
        va_end(rest);                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(fd, command, argument);                                                        \
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)command,                                           \
                                            takes_argument(command) ? (uint64_t)argument : 0};                         \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fcntl, args[0], args[1], args[2]);                                                 \
        int result = (int)sc_real(symbol)(fd, command, argument);                                                      \
        sc_end_call(&frame, SC_NR_fcntl, args, sc_kernel_result(SC_RET_I, result), SC_CALLER);                         \
        if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC))                                         \
            sc_fd_after(SC_NR_fcntl, args, result);                                                                    \
        return result;                                                                                                 \
    }
WRAP_FCNTL(fcntl)
WRAP_FCNTL(fcntl64)
WRAP_FCNTL(__fcntl)

/* lockf is fcntl with a write lock from the current offset on: lockf(3). F_TEST asks by F_GETLK first. */
static long leave_lockf(struct sc_frame *frame, int fd, int operation, off_t length, int result, const void *caller)
{
    int error = errno;
    struct flock lock = {.l_type = operation == F_ULOCK  ? F_UNLCK
                                   : operation == F_TEST ? F_RDLCK
                                                         : F_WRLCK,
                         .l_whence = SEEK_CUR,
                         .l_len = length};
    long command = operation == F_TEST ? F_GETLK : operation == F_LOCK ? F_SETLKW : F_SETLK;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)command, (uint64_t)&lock};
    if (result != 0 && error == EINVAL && (unsigned)operation > F_TEST)
        sc_cancel_call(frame); /* refused by libc itself */
    else
        sc_end_call(frame, SC_NR_fcntl, args, result == 0 ? 0 : -error, caller);
    errno = error;
    return result;
}

#define WRAP_LOCKF(symbol)                                                                                             \
    SC_WRAPPER(long, symbol, int fd, int operation, off_t length)                                                      \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(fd, operation, length);                                                             \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fcntl, (uint64_t)fd, 0, 0);                                                        \
        int result = (int)sc_real(symbol)(fd, operation, length);                                                      \
        return leave_lockf(&frame, fd, operation, length, result, SC_CALLER);                                          \
    }
WRAP_LOCKF(lockf)
WRAP_LOCKF(lockf64)

/* posix_fallocate returns the error instead of setting errno. */
#define WRAP_POSIX_FALLOCATE(symbol)                                                                                   \
    SC_WRAPPER(long, symbol, int fd, off_t offset, off_t length)                                                       \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(fd, offset, length);                                                                \
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, 0, (uint64_t)offset, (uint64_t)length};                      \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fallocate, args[0], args[1], args[2]);                                             \
        int result = (int)sc_real(symbol)(fd, offset, length);                                                         \
        sc_end_call(&frame, SC_NR_fallocate, args, -result, SC_CALLER);                                                \
        return result;                                                                                                 \
    }
WRAP_POSIX_FALLOCATE(posix_fallocate)
WRAP_POSIX_FALLOCATE(posix_fallocate64)

/* closefrom is close_range to the end; libc falls back to closing one by one only on kernels before 5.9. */
SC_WRAPPER(void, closefrom, int low)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)(low < 0 ? 0 : low), UINT32_MAX};
    struct sc_frame frame;
    if (!sc_process.interposing) {
        sc_real(closefrom)(low);
        return;
    }
    SC_BEGIN_CALL(&frame, SC_NR_close_range, args[0], args[1], 0);
    sc_real(closefrom)(low);
    sc_end_call(&frame, SC_NR_close_range, args, 0, SC_CALLER);
    sc_fd_after(SC_NR_close_range, args, 0);
}

/* The kernel returns the new break, libc 0 or -1. */
SC_WRAPPER(int, brk, sc_ptr address)
{
    if (!sc_process.interposing)
        return (int)sc_real(brk)((long)address);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)address};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_brk, args[0], 0, 0);
    int result = (int)sc_real(brk)((long)address);
    sc_end_call(&frame, SC_NR_brk, args, result == 0 ? (int64_t)address : -ENOMEM, SC_CALLER);
    return result;
}

/* sbrk(0) asks libc, not the kernel. */
#define WRAP_SBRK(symbol)                                                                                              \
    SC_WRAPPER(sc_ptr, symbol, intptr_t increment)                                                                     \
    {                                                                                                                  \
        if (!sc_process.interposing || increment == 0)                                                                 \
            return (sc_ptr)sc_real(symbol)(increment);                                                                 \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_brk, 0, 0, 0);                                                                     \
        sc_ptr before = (sc_ptr)sc_real(symbol)(increment);                                                            \
        if (before == (sc_ptr)-1) {                                                                                    \
            sc_cancel_call(&frame); /* may have failed before any call */                                              \
        } else {                                                                                                       \
            const uint64_t args[SC_MAX_ARGS] = {(uint64_t)before + (uint64_t)increment};                               \
            sc_end_call(&frame, SC_NR_brk, args, (int64_t)args[0], SC_CALLER);                                         \
        }                                                                                                              \
        return before;                                                                                                 \
    }
WRAP_SBRK(sbrk)
WRAP_SBRK(__sbrk)

/* The kernel returns the length with its NUL. getcwd(NULL, 0) asks with a buffer of a page. */
static sc_ptr leave_getcwd(struct sc_frame *frame, sc_ptr buffer, size_t size, sc_ptr result, const void *caller)
{
    int error = errno;
    int64_t length = result ? (int64_t)sc_proved_length(sc_addr_of(result), SC_PATH_BYTES) + 1 : -error;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)(result ? result : buffer), size ? size : SC_PATH_BYTES};
    if (!result && error == EINVAL)
        sc_cancel_call(frame); /* refused by libc itself */
    else
        sc_end_call(frame, SC_NR_getcwd, args, length, caller);
    errno = error;
    return result;
}

SC_WRAPPER(sc_ptr, getcwd, sc_ptr buffer, size_t size)
{
    if (!sc_process.interposing)
        return (sc_ptr)sc_real(getcwd)((long)buffer, size);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_getcwd, 0, size, 0);
    return leave_getcwd(&frame, buffer, size, (sc_ptr)sc_real(getcwd)((long)buffer, size), SC_CALLER);
}

SC_WRAPPER(sc_ptr, __getcwd_chk, sc_ptr buffer, size_t size, size_t object_size)
{
    if (!sc_process.interposing)
        return (sc_ptr)sc_real(__getcwd_chk)((long)buffer, size, object_size);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_getcwd, 0, size, 0);
    return leave_getcwd(&frame, buffer, size, (sc_ptr)sc_real(__getcwd_chk)((long)buffer, size, object_size),
                        SC_CALLER);
}

#define WRAP_GETWD(symbol)                                                                                             \
    SC_WRAPPER(sc_ptr, symbol, sc_ptr buffer, size_t object_size)                                                      \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (sc_ptr)sc_real(symbol)((long)buffer, object_size);                                                 \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_getcwd, 0, SC_PATH_BYTES, 0);                                                      \
        return leave_getcwd(&frame, buffer, SC_PATH_BYTES, (sc_ptr)sc_real(symbol)((long)buffer, object_size),         \
                            SC_CALLER);                                                                                \
    }
WRAP_GETWD(getwd)
WRAP_GETWD(__getwd_chk)
