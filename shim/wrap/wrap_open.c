/*
 * wrap_open.c: opening through libc's variadic and fortified forms.
 */
#include <fcntl.h>
#include <stdarg.h>

#include "../args/fd_class.h"
#include "wrap_libc_internal.h"

static bool creates(long flags)
{
    /* O_TMPFILE contains O_DIRECTORY's bit: all its bits must be there. */
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

static void leave_openat(struct sc_frame *frame, long directory, sc_ptr path, long flags, long mode, long result,
                         const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, (uint64_t)sc_openat_flags(flags),
                                        (uint64_t)mode};
    int64_t kernel_result = sc_kernel_result(SC_RET_I, result);
    sc_end_call(frame, SC_NR_openat, args, kernel_result, caller);
    sc_fd_after(SC_NR_openat, args, kernel_result);
}

static void leave_open(struct sc_frame *frame, sc_ptr path, long flags, long mode, long result, const void *caller)
{
    sc_leave_open(frame, sc_addr_of(path), flags, mode, sc_kernel_result(SC_RET_I, result), caller);
}

/* The mode is there only where a file may be created; reading it elsewhere would read what the caller never passed. */
#define MODE_AFTER(last, flags)                                                                                        \
    __extension__({                                                                                                    \
        long mode_ = 0;                                                                                                \
        if (creates(flags)) {                                                                                          \
            va_list rest;                                                                                              \
            va_start(rest, last);                                                                                      \
            mode_ = va_arg(rest, unsigned);                                                                            \
            va_end(rest);                                                                                              \
        }                                                                                                              \
        mode_;                                                                                                         \
    })

#define WRAP_OPEN(symbol)                                                                                              \
    SC_WRAPPER(long, symbol, sc_ptr path, int flags, ...)                                                              \
    {                                                                                                                  \
        long mode = MODE_AFTER(flags, flags);                                                                          \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)((long)path, flags, mode);                                                           \
        struct sc_frame frame;                                                                                         \
        sc_begin_open(&frame, flags, SC_CALLER);                                                                       \
        long result = sc_real(symbol)((long)path, flags, mode);                                                        \
        leave_open(&frame, path, flags, mode, result, SC_CALLER);                                                      \
        return result;                                                                                                 \
    }
WRAP_OPEN(open)
WRAP_OPEN(open64)
WRAP_OPEN(__open)
WRAP_OPEN(__open64)

#define WRAP_OPENAT(symbol)                                                                                            \
    SC_WRAPPER(long, symbol, int directory, sc_ptr path, int flags, ...)                                               \
    {                                                                                                                  \
        long mode = MODE_AFTER(flags, flags);                                                                          \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(directory, path, flags, mode);                                                      \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_openat, (uint64_t)directory, 0, (uint64_t)flags);                                  \
        long result = sc_real(symbol)(directory, path, flags, mode);                                                   \
        leave_openat(&frame, directory, path, flags, mode, result, SC_CALLER);                                         \
        return result;                                                                                                 \
    }
WRAP_OPENAT(openat)
WRAP_OPENAT(openat64)

/* The fortified forms, which callers use where no mode can follow. */
#define WRAP_OPEN_2(symbol)                                                                                            \
    SC_WRAPPER(long, symbol, sc_ptr path, int flags)                                                                   \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)((long)path, flags);                                                                 \
        struct sc_frame frame;                                                                                         \
        sc_begin_open(&frame, flags, SC_CALLER);                                                                       \
        long result = sc_real(symbol)((long)path, flags);                                                              \
        leave_open(&frame, path, flags, 0, result, SC_CALLER);                                                         \
        return result;                                                                                                 \
    }
WRAP_OPEN_2(__open_2)
WRAP_OPEN_2(__open64_2)

#define WRAP_OPENAT_2(symbol)                                                                                          \
    SC_WRAPPER(long, symbol, int directory, sc_ptr path, int flags)                                                    \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(directory, path, flags);                                                            \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_openat, (uint64_t)directory, 0, (uint64_t)flags);                                  \
        long result = sc_real(symbol)(directory, path, flags);                                                         \
        leave_openat(&frame, directory, path, flags, 0, result, SC_CALLER);                                            \
        return result;                                                                                                 \
    }
WRAP_OPENAT_2(__openat_2)
WRAP_OPENAT_2(__openat64_2)
