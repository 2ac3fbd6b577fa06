/*
 * wrap_stream.c: opening and closing through stdio.
 */
#include <fcntl.h>

#include "../args/fd_class.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "../session/streams.h"
#include "wrap_libc_internal.h"

/* What fopen makes of its mode: fopen(3), "OPENING MODES" and the GNU extensions c, e, m, x. */
static int flags_of_mode(sc_ptr pointer)
{
    enum { LOOKED_AT = 7 }; /* glibc looks at no more */
    char mode[LOOKED_AT + 1] = "";
    int access, more;
    sc_proved_copy(mode, sc_addr_of(pointer), sc_proved_length(sc_addr_of(pointer), LOOKED_AT));
    switch (*mode) {
    case 'r': access = O_RDONLY, more = 0; break;
    case 'w': access = O_WRONLY, more = O_CREAT | O_TRUNC; break;
    case 'a': access = O_WRONLY, more = O_CREAT | O_APPEND; break;
    default: return -1;
    }
    for (unsigned i = 1; mode[i] && mode[i] != ','; i++) {
        if (mode[i] == '+')
            access = O_RDWR;
        else if (mode[i] == 'x')
            more |= O_EXCL;
        else if (mode[i] == 'e')
            more |= O_CLOEXEC;
    }
    return access | more;
}

static int fd_of(sc_ptr stream)
{
    return sc_stream_fd(sc_addr_of(stream));
}

/* fopen as the call that it makes: nothing where it made none (a wrong mode). */
static void leave_fopen(struct sc_frame *frame, sc_ptr path, sc_ptr mode, sc_ptr stream, const void *caller)
{
    int error = errno;
    int flags = stream || error != EINVAL ? flags_of_mode(mode) : -1;
    if (flags < 0 || (!stream && error == ENOMEM)) {
        sc_cancel_call(frame);
    } else {
        sc_leave_open(frame, sc_addr_of(path), flags, 0666, stream ? fd_of(stream) : -error, caller);
    }
    errno = error;
}

#define WRAP_FOPEN(symbol)                                                                                             \
    SC_WRAPPER(sc_ptr, symbol, sc_ptr path, sc_ptr mode)                                                               \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (sc_ptr)sc_real(symbol)((long)path, mode);                                                          \
        struct sc_frame frame;                                                                                         \
        sc_begin_open(&frame, 0, SC_CALLER);                                                                           \
        sc_ptr stream = (sc_ptr)sc_real(symbol)((long)path, mode);                                                     \
        leave_fopen(&frame, path, mode, stream, SC_CALLER);                                                            \
        return stream;                                                                                                 \
    }
WRAP_FOPEN(fopen)
WRAP_FOPEN(fopen64)
WRAP_FOPEN(_IO_fopen)

static void record_close(struct sc_frame *frame, int fd, int64_t result, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd};
    sc_end_call(frame, SC_NR_close, args, result, caller);
    sc_fd_after(SC_NR_close, args, result);
}

/*
 * freopen opens the new file, puts it in the place of the old descriptor and closes its own number; where it can't be
 * opened, the old one is closed. Without a path it opens the old file again by /proc. The number in between is the
 * lowest free one, then as now.
 */
static void leave_freopen(struct sc_frame *frame, int old, sc_ptr path, int flags, sc_ptr stream, const void *caller)
{
    int error = errno;
    if (flags < 0) { /* a wrong mode is refused by libc itself */
        sc_cancel_call(frame);
        return;
    }
    char by_number[SC_PROC_FD_BYTES];
    if (!path)
        sc_proc_fd_path(by_number, old);
    sc_addr opened = path ? sc_addr_of(path) : (sc_addr)by_number;
    if (!stream) {
        sc_leave_open(frame, opened, flags, 0666, -error, caller);
        frame->start = sc_now();
        if (old >= 0)
            record_close(frame, old, 0, caller);
    } else {
        int between = old >= 0 ? sc_lowest_free_descriptor() : fd_of(stream);
        const uint64_t placing[SC_MAX_ARGS] = {(uint64_t)between, (uint64_t)old, (uint64_t)(flags & O_CLOEXEC)};
        sc_leave_open(frame, opened, flags, 0666, between, caller);
        frame->start = sc_now();
        if (old >= 0) {
            sc_end_call_more(frame, SC_NR_dup3, placing, old, caller);
            record_close(frame, between, 0, caller);
            sc_fd_after(SC_NR_dup3, placing, old);
        }
    }
    errno = error;
}

#define WRAP_FREOPEN(symbol)                                                                                           \
    SC_WRAPPER(sc_ptr, symbol, sc_ptr path, sc_ptr mode, sc_ptr stream)                                                \
    {                                                                                                                  \
        int old = sc_process.interposing ? fd_of(stream) : -1;                                                         \
        if (!sc_process.interposing || (!path && old < 0))                                                             \
            return (sc_ptr)sc_real(symbol)((long)path, mode, stream);                                                  \
        struct sc_frame frame;                                                                                         \
        sc_begin_open(&frame, 0, SC_CALLER);                                                                           \
        sc_ptr reopened = (sc_ptr)sc_real(symbol)((long)path, mode, stream);                                           \
        leave_freopen(&frame, old, path, flags_of_mode(mode), reopened, SC_CALLER);                                    \
        return reopened;                                                                                               \
    }
WRAP_FREOPEN(freopen)
WRAP_FREOPEN(freopen64)

/* fdopen asks for the descriptor's flags before it believes the mode. We ask again, for the record: it says too little.
 */
static void leave_fdopen(struct sc_frame *frame, int fd, bool good, const void *caller)
{
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, F_GETFL};
    if (!good && error != EBADF)
        sc_cancel_call(frame);
    else if (!good)
        sc_end_call(frame, SC_NR_fcntl, args, -error, caller);
    else
        sc_end_call(frame, SC_NR_fcntl, args, sc_process.no_syscalls ? 0 : sc_syscall(SYS_fcntl, fd, F_GETFL), caller);
    errno = error;
}

#define WRAP_FDOPEN(symbol)                                                                                            \
    SC_WRAPPER(sc_ptr, symbol, int fd, sc_ptr mode)                                                                    \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (sc_ptr)sc_real(symbol)(fd, mode);                                                                  \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_fcntl, (uint64_t)fd, F_GETFL, 0);                                                  \
        sc_ptr stream = (sc_ptr)sc_real(symbol)(fd, mode);                                                             \
        leave_fdopen(&frame, fd, stream, SC_CALLER);                                                                   \
        return stream;                                                                                                 \
    }
WRAP_FDOPEN(fdopen)
WRAP_FDOPEN(_IO_fdopen)

#define WRAP_FCLOSE(symbol)                                                                                            \
    SC_WRAPPER(int, symbol, sc_ptr stream)                                                                             \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)((long)stream);                                                                 \
        int fd = fd_of(stream);                                                                                        \
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd};                                                             \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_close, (uint64_t)fd, 0, 0);                                                        \
        sc_fd_before(SC_NR_close, args);                                                                               \
        int result = (int)sc_real(symbol)((long)stream);                                                               \
        int error = errno;                                                                                             \
        if (fd >= 0) /* a stream over memory has none */                                                               \
            record_close(&frame, fd, result ? -error : 0, SC_CALLER);                                                  \
        else                                                                                                           \
            sc_cancel_call(&frame);                                                                                    \
        errno = error;                                                                                                 \
        return result;                                                                                                 \
    }
WRAP_FCLOSE(fclose)
WRAP_FCLOSE(_IO_fclose)
