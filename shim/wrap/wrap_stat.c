/*
 * wrap_stat.c: fstat, which glibc makes as newfstatat(fd, "", st, AT_EMPTY_PATH) from 2.33 to 2.38 and as fstat before
 * and after; and faccessat, which was faccessat2 only for its flags once.
 */
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <sys/stat.h>

#include "../core/raw_syscall.h"
#include "wrap.h"

unsigned sc_glibc_minor(void)
{
    const char *version = gnu_get_libc_version(); /* "2.36" */
    unsigned minor = 0;
    if (version[0] != '2' || version[1] != '.')
        return 0;
    for (const char *p = version + 2; *p >= '0' && *p <= '9'; p++)
        minor = minor * 10 + (unsigned)(*p - '0');
    return minor;
}

static bool fstat_is_newfstatat(void)
{
    unsigned minor = sc_glibc_minor();
    return minor >= 33 && minor < 39;
}

static void leave_fstat(struct sc_frame *frame, int fd, sc_ptr st, int result, const void *caller)
{
    int64_t kernel_result = sc_kernel_result(SC_RET_I, result);
    if (fstat_is_newfstatat()) {
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t) "", (uint64_t)st, AT_EMPTY_PATH};
        sc_end_call(frame, SC_NR_newfstatat, args, kernel_result, caller);
    } else {
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, (uint64_t)st};
        sc_end_call(frame, SC_NR_fstat, args, kernel_result, caller);
    }
}

#define WRAP_FSTAT(symbol)                                                                                             \
    SC_WRAPPER(int, symbol, int fd, sc_ptr st)                                                                         \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(fd, st);                                                                       \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fstat, (uint64_t)fd, 0, 0);                                                        \
        int result = (int)sc_real(symbol)(fd, st);                                                                     \
        leave_fstat(&frame, fd, st, result, SC_CALLER);                                                                \
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
    leave_fstat(&frame, fd, known ? (sc_ptr)&st : NULL, result < 0 ? -1 : 0, SC_CALLER);
    return result;
}

/* From 2.33 on glibc tries the call with flags first, and only a kernel without it is asked otherwise. */
SC_WRAPPER(int, faccessat, int directory, sc_ptr path, int mode, int flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(faccessat)(directory, path, mode, flags);
    unsigned nr = flags || sc_glibc_minor() >= 33 ? SC_NR_faccessat2 : SC_NR_faccessat;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, (uint64_t)mode, (uint64_t)flags};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, nr, args[0], args[1], args[2]);
    int result = (int)sc_real(faccessat)(directory, path, mode, flags);
    sc_end_call(&frame, nr, args, sc_kernel_result(SC_RET_I, result), SC_CALLER);
    return result;
}
