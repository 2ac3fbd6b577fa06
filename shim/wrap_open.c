/*
 * wrap_open.c: opening through libc's variadic, fortified and buffered forms. libc makes them all as openat.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>

#include "descriptors.h"
#include "wrap.h"

static bool creates(long flags)
{
    /* O_TMPFILE contains O_DIRECTORY's bit: all its bits must be there. */
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

static void leave_open(struct sc_frame *frame, long folder, const void *path, long flags, long mode, long result,
                       const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)folder, (uint64_t)path, (uint64_t)flags, (uint64_t)mode};
    int64_t kernel_result = sc_kernel_result(SC_RET_I, result);
    sc_leave(frame, SC_NR_openat, args, kernel_result, caller);
    sc_forget_descriptors(SC_NR_openat, args, kernel_result);
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
    SC_WRAPPER(long, symbol, const char *path, int flags, ...)                                                         \
    {                                                                                                                  \
        long mode = MODE_AFTER(flags, flags);                                                                          \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)((long)path, flags, mode);                                                           \
        struct sc_frame frame;                                                                                         \
        sc_enter(&frame, SC_NR_openat, (uint64_t)SC_CWD, 0, (uint64_t)flags);                                          \
        long result = sc_real(symbol)((long)path, flags, mode);                                                        \
        leave_open(&frame, SC_CWD, path, flags, mode, result, SC_CALLER);                                              \
        return result;                                                                                                 \
    }
WRAP_OPEN(open)
WRAP_OPEN(open64)
WRAP_OPEN(__open)
WRAP_OPEN(__open64)

#define WRAP_OPENAT(symbol)                                                                                            \
    SC_WRAPPER(long, symbol, int folder, const char *path, int flags, ...)                                             \
    {                                                                                                                  \
        long mode = MODE_AFTER(flags, flags);                                                                          \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(folder, path, flags, mode);                                                         \
        struct sc_frame frame;                                                                                         \
        sc_enter(&frame, SC_NR_openat, (uint64_t)folder, 0, (uint64_t)flags);                                          \
        long result = sc_real(symbol)(folder, path, flags, mode);                                                      \
        leave_open(&frame, folder, path, flags, mode, result, SC_CALLER);                                              \
        return result;                                                                                                 \
    }
WRAP_OPENAT(openat)
WRAP_OPENAT(openat64)

/* The fortified forms, which callers use where no mode can follow. */
#define WRAP_OPEN_2(symbol)                                                                                            \
    SC_WRAPPER(long, symbol, const char *path, int flags)                                                              \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)((long)path, flags);                                                                 \
        struct sc_frame frame;                                                                                         \
        sc_enter(&frame, SC_NR_openat, (uint64_t)SC_CWD, 0, (uint64_t)flags);                                          \
        long result = sc_real(symbol)((long)path, flags);                                                              \
        leave_open(&frame, SC_CWD, path, flags, 0, result, SC_CALLER);                                                 \
        return result;                                                                                                 \
    }
WRAP_OPEN_2(__open_2)
WRAP_OPEN_2(__open64_2)

#define WRAP_OPENAT_2(symbol)                                                                                          \
    SC_WRAPPER(long, symbol, int folder, const char *path, int flags)                                                  \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(folder, path, flags);                                                               \
        struct sc_frame frame;                                                                                         \
        sc_enter(&frame, SC_NR_openat, (uint64_t)folder, 0, (uint64_t)flags);                                          \
        long result = sc_real(symbol)(folder, path, flags);                                                            \
        leave_open(&frame, folder, path, flags, 0, result, SC_CALLER);                                                 \
        return result;                                                                                                 \
    }
WRAP_OPENAT_2(__openat_2)
WRAP_OPENAT_2(__openat64_2)

/* What fopen makes of its mode: fopen(3), "OPENING MODES" and the GNU extensions c, e, m, x. */
static int flags_of_mode(const char *mode)
{
    int access, more;
    switch (*mode) {
    case 'r': access = O_RDONLY, more = 0; break;
    case 'w': access = O_WRONLY, more = O_CREAT | O_TRUNC; break;
    case 'a': access = O_WRONLY, more = O_CREAT | O_APPEND; break;
    default: return -1;
    }
    for (unsigned i = 1; i < 7 && mode[i] && mode[i] != ','; i++) { /* glibc looks at no more */
        if (mode[i] == '+')
            access = O_RDWR;
        else if (mode[i] == 'x')
            more |= O_EXCL;
        else if (mode[i] == 'e')
            more |= O_CLOEXEC;
    }
    return access | more;
}

/* fopen as the openat that it makes: nothing where it made none (a wrong mode). */
static void leave_fopen(struct sc_frame *frame, const char *path, const char *mode, FILE *stream, const void *caller)
{
    int error = errno;
    int flags = stream || error != EINVAL ? flags_of_mode(mode) : -1;
    if (flags < 0 || (!stream && error == ENOMEM)) {
        sc_cancel(frame);
    } else {
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)SC_CWD, (uint64_t)path, (uint64_t)flags, 0666};
        int64_t result = stream ? stream->_fileno : -error;
        sc_leave(frame, SC_NR_openat, args, result, caller);
        sc_forget_descriptors(SC_NR_openat, args, result);
    }
    errno = error;
}

#define WRAP_FOPEN(symbol)                                                                                             \
    SC_WRAPPER(FILE *, symbol, const char *path, const char *mode)                                                     \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (FILE *)sc_real(symbol)((long)path, mode);                                                          \
        struct sc_frame frame;                                                                                         \
        sc_enter(&frame, SC_NR_openat, (uint64_t)SC_CWD, 0, 0);                                                        \
        FILE *stream = (FILE *)sc_real(symbol)((long)path, mode);                                                      \
        leave_fopen(&frame, path, mode, stream, SC_CALLER);                                                            \
        return stream;                                                                                                 \
    }
WRAP_FOPEN(fopen)
WRAP_FOPEN(fopen64)

static void record_close(struct sc_frame *frame, int fd, int64_t result, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd};
    sc_leave(frame, SC_NR_close, args, result, caller);
    sc_forget_descriptors(SC_NR_close, args, result);
}

/* freopen closes the stream's descriptor and opens the new file. */
#define WRAP_FREOPEN(symbol)                                                                                           \
    SC_WRAPPER(FILE *, symbol, const char *path, const char *mode, FILE *stream)                                       \
    {                                                                                                                  \
        if (!sc_process.interposing || !path)                                                                          \
            return (FILE *)sc_real(symbol)((long)path, mode, stream);                                                  \
        struct sc_frame closing, opening;                                                                              \
        int fd = stream->_fileno;                                                                                      \
        sc_enter(&closing, SC_NR_close, (uint64_t)fd, 0, 0);                                                           \
        opening = closing;                                                                                             \
        FILE *reopened = (FILE *)sc_real(symbol)((long)path, mode, stream);                                            \
        int error = errno;                                                                                             \
        if (fd >= 0)                                                                                                   \
            record_close(&closing, fd, 0, SC_CALLER);                                                                  \
        errno = error;                                                                                                 \
        leave_fopen(&opening, path, mode, reopened, SC_CALLER);                                                        \
        return reopened;                                                                                               \
    }
WRAP_FREOPEN(freopen)
WRAP_FREOPEN(freopen64)

/* fdopen asks for the descriptor's flags before it believes the mode. */
SC_WRAPPER(FILE *, fdopen, int fd, const char *mode)
{
    if (!sc_process.interposing)
        return (FILE *)sc_real(fdopen)(fd, mode);
    struct sc_frame frame;
    sc_enter(&frame, SC_NR_fcntl, (uint64_t)fd, F_GETFL, 0);
    FILE *stream = (FILE *)sc_real(fdopen)(fd, mode);
    int error = errno;
    if (stream || error == EBADF) {
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)fd, F_GETFL};
        /* The answer is what the stream keeps of it; asking again would be a call of our own. */
        int64_t flags = stream ? flags_of_mode(mode) & (O_ACCMODE | O_APPEND) : -error;
        sc_leave(&frame, SC_NR_fcntl, args, flags, SC_CALLER);
    } else {
        sc_cancel(&frame);
    }
    errno = error;
    return stream;
}

SC_WRAPPER(int, fclose, FILE *stream)
{
    if (!sc_process.interposing)
        return (int)sc_real(fclose)((long)stream);
    int fd = stream->_fileno;
    struct sc_frame frame;
    sc_enter(&frame, SC_NR_close, (uint64_t)fd, 0, 0);
    int result = (int)sc_real(fclose)((long)stream);
    int error = errno;
    if (fd >= 0) /* a stream over memory has none */
        record_close(&frame, fd, result ? -error : 0, SC_CALLER);
    else
        sc_cancel(&frame);
    errno = error;
    return result;
}
