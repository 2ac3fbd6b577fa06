/*
 * wrap_temp.c: files that libc names for the program: temporary ones, shared memory, terminals. Each is opened, made or
 * taken away by a name that libc makes up.
 */
#include <fcntl.h>
#include <limits.h>
#include <paths.h>

#include "../session/streams.h"
#include "wrap_libc_internal.h"

#define SHM_FOLDER "/dev/shm/"
enum { SHM_BYTES = sizeof SHM_FOLDER + NAME_MAX }; /* libc takes no longer name */

/* By now the template holds the name that was found. */
static long leave_temp(struct sc_frame *frame, sc_ptr name, int flags, long result, const void *caller)
{
    int error = errno;
    long opening = (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL;
    if ((int)result < 0 && error == EINVAL)
        sc_cancel_call(frame); /* no template: refused by libc itself */
    else
        sc_leave_open(frame, sc_addr_of(name), opening, 0600, (int)result < 0 ? -error : (int)result, caller);
    errno = error;
    return result;
}

#define WRAP_MKSTEMP(symbol, flags)                                                                                    \
    SC_WRAPPER(long, symbol, sc_ptr name, long b, long c)                                                              \
    {                                                                                                                  \
        (void)b;                                                                                                       \
        (void)c;                                                                                                       \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)((long)name, b, c);                                                                  \
        struct sc_frame frame;                                                                                         \
        sc_begin_open(&frame, 0, SC_CALLER);                                                                           \
        return leave_temp(&frame, name, (int)(flags), sc_real(symbol)((long)name, b, c), SC_CALLER);                   \
    }
WRAP_MKSTEMP(mkstemp, 0)
WRAP_MKSTEMP(mkstemp64, 0)
WRAP_MKSTEMP(mkostemp, b)
WRAP_MKSTEMP(mkostemp64, b)
WRAP_MKSTEMP(mkstemps, 0)
WRAP_MKSTEMP(mkstemps64, 0)
WRAP_MKSTEMP(mkostemps, c)
WRAP_MKSTEMP(mkostemps64, c)

SC_WRAPPER(sc_ptr, mkdtemp, sc_ptr name)
{
    if (!sc_process.interposing)
        return (sc_ptr)sc_real(mkdtemp)((long)name);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_mkdir, 0, 0700, 0);
    sc_ptr result = (sc_ptr)sc_real(mkdtemp)((long)name);
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)name, 0700};
    if (!result && error == EINVAL)
        sc_cancel_call(&frame);
    else
        sc_end_call(&frame, SC_NR_mkdir, args, result ? 0 : -error, SC_CALLER);
    errno = error;
    return result;
}

#define WRAP_TMPFILE(symbol)                                                                                           \
    SC_WRAPPER(sc_ptr, symbol, void)                                                                                   \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (sc_ptr)sc_real(symbol)(0);                                                                         \
        struct sc_frame frame;                                                                                         \
        sc_begin_open(&frame, 0, SC_CALLER);                                                                           \
        sc_ptr stream = (sc_ptr)sc_real(symbol)(0);                                                                    \
        int error = errno;                                                                                             \
        sc_leave_tmpfile(&frame, stream ? sc_stream_fd(sc_addr_of(stream)) : -error, SC_CALLER);                       \
        errno = error;                                                                                                 \
        return stream;                                                                                                 \
    }
WRAP_TMPFILE(tmpfile)
WRAP_TMPFILE(tmpfile64)

/* The name in the directory of shared memory; false where libc refuses it. */
static bool shm_path(sc_ptr pointer, char path[SHM_BYTES])
{
    const size_t directory = sizeof SHM_FOLDER - 1;
    sc_addr name = sc_addr_of(pointer);
    while (sc_proved_begins(name, "/"))
        name++;
    size_t length = sc_proved_length(name, SHM_BYTES - directory);
    if (!length || length == SHM_BYTES - directory || sc_proved_until(name, '/') < length)
        return false;
    sc_copy(path, SHM_FOLDER, directory);
    sc_proved_copy(path + directory, name, length);
    path[directory + length] = '\0';
    return true;
}

SC_WRAPPER(int, shm_open, sc_ptr name, int flags, unsigned mode)
{
    if (!sc_process.interposing)
        return (int)sc_real(shm_open)((long)name, flags, mode);
    struct sc_frame frame;
    sc_begin_open(&frame, flags, SC_CALLER);
    int result = (int)sc_real(shm_open)((long)name, flags, mode);
    int error = errno;
    char path[SHM_BYTES];
    if (!shm_path(name, path))
        sc_cancel_call(&frame);
    else
        sc_leave_open(&frame, (sc_addr)path, sc_shm_open_flags(flags), flags & O_CREAT ? mode : 0,
                      result >= 0       ? result
                      : error == EINVAL ? -EISDIR
                                        : -error,
                      SC_CALLER);
    errno = error;
    return result;
}

SC_WRAPPER(int, shm_unlink, sc_ptr name)
{
    if (!sc_process.interposing)
        return (int)sc_real(shm_unlink)((long)name);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_unlink, 0, 0, 0);
    int result = (int)sc_real(shm_unlink)((long)name);
    int error = errno;
    char path[SHM_BYTES];
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)path};
    if (!shm_path(name, path))
        sc_cancel_call(&frame);
    else
        sc_end_call(&frame, SC_NR_unlink, args, result == 0 ? 0 : -error, SC_CALLER);
    errno = error;
    return result;
}

static int leave_ptmx(struct sc_frame *frame, int flags, int result, const void *caller)
{
    int64_t kernel_result = sc_kernel_result(SC_RET_I, result);
    int error = errno;
    sc_leave_open(frame, (sc_addr)(_PATH_DEV "ptmx"), flags, 0, kernel_result, caller);
    errno = error;
    return result;
}

SC_WRAPPER(int, posix_openpt, int flags)
{
    if (!sc_process.interposing)
        return (int)sc_real(posix_openpt)(flags);
    struct sc_frame frame;
    sc_begin_open(&frame, flags, SC_CALLER);
    return leave_ptmx(&frame, flags, (int)sc_real(posix_openpt)(flags), SC_CALLER);
}

SC_WRAPPER(int, getpt, void)
{
    if (!sc_process.interposing)
        return (int)sc_real(getpt)(0);
    struct sc_frame frame;
    sc_begin_open(&frame, O_RDWR, SC_CALLER);
    return leave_ptmx(&frame, O_RDWR, (int)sc_real(getpt)(0), SC_CALLER);
}
