/*
 * wrap_device.c: terminals, event descriptors, and calls that answer with an error number or nothing.
 */
#include <asm/ioctls.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wrap_libc_internal.h"

/* An ioctl whose libc function answers in other terms. Keeps errno. */
static void leave_ioctl(struct sc_frame *frame, int fd, unsigned command, bool good, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, command, 1};
    sc_end_call_more(frame, SC_NR_ioctl, args, good ? 0 : -errno, caller);
}

/* good: what libc's answer looks like after success. */
#define WRAP_IOCTL(symbol, command, good)                                                                              \
    SC_WRAPPER(int, symbol, int fd)                                                                                    \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(fd);                                                                           \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_ioctl, (uint64_t)fd, (command), 0);                                                \
        int result = (int)sc_real(symbol)(fd);                                                                         \
        leave_ioctl(&frame, fd, (command), result good, SC_CALLER);                                                    \
        return result;                                                                                                 \
    }
WRAP_IOCTL(isatty, sc_isatty_command(), > 0)
WRAP_IOCTL(tcgetpgrp, TIOCGPGRP, >= 0)
WRAP_IOCTL(tcgetsid, TIOCGSID, >= 0)
WRAP_IOCTL(sockatmark, 0x8905U /* SIOCATMARK */, >= 0)

SC_WRAPPER(int, tcsendbreak, int fd, int duration)
{
    if (!sc_process.interposing)
        return (int)sc_real(tcsendbreak)(fd, duration);
    unsigned command = duration > 0 ? TCSBRKP : TCSBRK;
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_ioctl, (uint64_t)fd, command, 0);
    int result = (int)sc_real(tcsendbreak)(fd, duration);
    leave_ioctl(&frame, fd, command, result == 0, SC_CALLER);
    return result;
}

SC_WRAPPER(int, tcsetattr, int fd, unsigned actions, sc_ptr state)
{
    if (!sc_process.interposing)
        return (int)sc_real(tcsetattr)(fd, actions, state);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_ioctl, (uint64_t)fd, TCSETS, 0);
    int result = (int)sc_real(tcsetattr)(fd, actions, state);
    if (actions > 2) { /* TCSANOW, TCSADRAIN, TCSAFLUSH; refused by libc itself */
        sc_cancel_call(&frame);
        return result;
    }
    if (sc_tcsetattr_asks())
        leave_ioctl(&frame, fd, TCGETS, result == 0, SC_CALLER);
    leave_ioctl(&frame, fd, TCSETS + actions, result == 0, SC_CALLER);
    if (sc_tcsetattr_asks() && result == 0)
        leave_ioctl(&frame, fd, TCGETS, true, SC_CALLER);
    return result;
}

/* Eight bytes read or written; libc says 0. */
static int leave_eventfd(struct sc_frame *frame, unsigned nr, int fd, uint64_t value, int result, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, value, sizeof(uint64_t)};
    sc_end_call(frame, nr, args, result == 0 ? (int64_t)sizeof(uint64_t) : -errno, caller);
    return result;
}

SC_WRAPPER(int, eventfd_read, int fd, sc_ptr value)
{
    if (!sc_process.interposing)
        return (int)sc_real(eventfd_read)(fd, value);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_read, (uint64_t)fd, 0, sizeof(uint64_t));
    return leave_eventfd(&frame, SC_NR_read, fd, (uint64_t)value, (int)sc_real(eventfd_read)(fd, value), SC_CALLER);
}

SC_WRAPPER(int, eventfd_write, int fd, uint64_t value)
{
    if (!sc_process.interposing)
        return (int)sc_real(eventfd_write)(fd, value);
    struct sc_frame frame;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)&value, sizeof value};
    SC_BEGIN_CALL(&frame, SC_NR_write, args[0], 0, sizeof value);
    sc_look(&frame, &sc_call_table[SC_NR_write], args);
    return leave_eventfd(&frame, SC_NR_write, fd, args[1], (int)sc_real(eventfd_write)(fd, value), SC_CALLER);
}

#define WRAP_FADVISE(symbol)                                                                                           \
    SC_WRAPPER(int, symbol, int fd, off_t offset, off_t length, int advice)                                            \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(fd, offset, length, advice);                                                   \
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)offset, (uint64_t)length, (uint64_t)advice};       \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fadvise64, args[0], args[1], args[2]);                                             \
        int result = (int)sc_real(symbol)(fd, offset, length, advice);                                                 \
        sc_end_call(&frame, SC_NR_fadvise64, args, -result, SC_CALLER);                                                \
        return result;                                                                                                 \
    }
WRAP_FADVISE(posix_fadvise)
WRAP_FADVISE(posix_fadvise64)

/* POSIX's "not needed" must not lose data as the kernel's does: libc makes no call then. */
SC_WRAPPER(int, posix_madvise, sc_ptr address, size_t length, int advice)
{
    if (!sc_process.interposing || advice == POSIX_MADV_DONTNEED)
        return (int)sc_real(posix_madvise)((long)address, length, advice);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)address, length, (uint64_t)advice};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_madvise, args[0], args[1], args[2]);
    int result = (int)sc_real(posix_madvise)((long)address, length, advice);
    sc_end_call(&frame, SC_NR_madvise, args, -result, SC_CALLER);
    return result;
}

SC_WRAPPER(int, mlock2, sc_ptr address, size_t length, unsigned flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(mlock2)((long)address, length, flags);
    unsigned nr = flags ? SC_NR_mlock2 : SC_NR_mlock;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)address, length, flags};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, nr, args[0], args[1], args[2]);
    int result = (int)sc_real(mlock2)((long)address, length, flags);
    sc_end_call(&frame, nr, args, sc_kernel_result(SC_RET_I, result), SC_CALLER);
    return result;
}

SC_WRAPPER(int, pkey_mprotect, sc_ptr address, size_t length, int protection, int key)
{
    if (!sc_process.interposing)
        return (int)sc_real(pkey_mprotect)((long)address, length, protection, key);
    unsigned nr = key == -1 ? SC_NR_mprotect : SC_NR_pkey_mprotect;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)address, length, (uint64_t)protection, (uint64_t)key};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, nr, args[0], args[1], args[2]);
    int result = (int)sc_real(pkey_mprotect)((long)address, length, protection, key);
    sc_end_call(&frame, nr, args, sc_kernel_result(SC_RET_I, result), SC_CALLER);
    return result;
}

SC_WRAPPER(void, sync, void)
{
    const uint64_t args[SC_MAX_ARGS] = {0};
    struct sc_frame frame;
    if (!sc_process.interposing) {
        sc_real(sync)(0);
        return;
    }
    SC_BEGIN_CALL(&frame, SC_NR_sync, 0, 0, 0);
    sc_real(sync)(0);
    sc_end_call(&frame, SC_NR_sync, args, 0, SC_CALLER);
}

/* libc notes where it was before it reads on. */
#define WRAP_GETDIRENTRIES(symbol)                                                                                     \
    SC_WRAPPER(long, symbol, int fd, sc_ptr buffer, size_t size, sc_ptr base)                                          \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(fd, buffer, size, base);                                                            \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_getdents64, (uint64_t)fd, 0, size);                                                \
        long result = sc_real(symbol)(fd, buffer, size, base);                                                         \
        int64_t kernel_result = sc_kernel_result(SC_RET_L, result);                                                    \
        const uint64_t asking[SC_MAX_ARGS] = {(uint64_t)fd, 0, SEEK_CUR};                                              \
        const uint64_t reading[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)buffer, size};                                  \
        sc_end_call_more(&frame, SC_NR_lseek, asking,                                                                  \
                         result < 0 ? kernel_result : (int64_t)sc_proved_u64(sc_addr_of(base)), SC_CALLER);            \
        sc_end_call(&frame, SC_NR_getdents64, reading, kernel_result, SC_CALLER);                                      \
        return result;                                                                                                 \
    }
WRAP_GETDIRENTRIES(getdirentries)
WRAP_GETDIRENTRIES(getdirentries64)
