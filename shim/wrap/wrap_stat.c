/*
 * wrap_stat.c: fstat and faccessat, which each C library makes in its own way.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "../core/raw_syscall.h"
#include "wrap_libc_internal.h"

#define WRAP_FSTAT(symbol)                                                                                             \
    SC_WRAPPER(int, symbol, int fd, sc_ptr st)                                                                         \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(fd, st);                                                                       \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fstat, (uint64_t)fd, 0, 0);                                                        \
        int result = (int)sc_real(symbol)(fd, st);                                                                     \
        sc_leave_fstat(&frame, fd, st, result, SC_CALLER);                                                             \
        return result;                                                                                                 \
    }
WRAP_FSTAT(fstat)
WRAP_FSTAT(fstat64)

/* The old names make the old call. */
#define WRAP_FXSTAT(symbol)                                                                                            \
    SC_WRAPPER(int, symbol, int version, int fd, sc_ptr st)                                                            \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(version, fd, st);                                                              \
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)st};                                               \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fstat, (uint64_t)fd, 0, 0);                                                        \
        int result = (int)sc_real(symbol)(version, fd, st);                                                            \
        sc_end_call(&frame, SC_NR_fstat, args, sc_kernel_result(SC_RET_I, result), SC_CALLER);                         \
        return result;                                                                                                 \
    }
WRAP_FXSTAT(__fxstat)
WRAP_FXSTAT(__fxstat64)

/* fstat into a struct of libc's own; what it found is asked for again, for the record. */
SC_WRAPPER(int, isfdtype, int fd, int type)
{
    if (!sc_process.interposing)
        return (int)sc_real(isfdtype)(fd, type);
    struct stat st = {0};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_fstat, (uint64_t)fd, 0, 0);
    int result = (int)sc_real(isfdtype)(fd, type);
    bool known = result >= 0 && !sc_process.no_syscalls && sc_syscall(SYS_fstat, fd, &st) == 0;
    sc_leave_fstat(&frame, fd, known ? (sc_ptr)&st : NULL, result < 0 ? -1 : 0, SC_CALLER);
    return result;
}

SC_WRAPPER(int, faccessat, int directory, sc_ptr path, int mode, int flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(faccessat)(directory, path, mode, flags);
    unsigned nr = sc_faccessat_nr(flags);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, (uint64_t)mode, (uint64_t)flags};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, nr, args[0], args[1], args[2]);
    int result = (int)sc_real(faccessat)(directory, path, mode, flags);
    sc_end_call(&frame, nr, args, sc_kernel_result(SC_RET_I, result), SC_CALLER);
    return result;
}
