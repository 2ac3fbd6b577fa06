/*
 * wrap_libc_glibc.c: glibc opens by openat. fstat is newfstatat(fd, "", st, AT_EMPTY_PATH) from 2.33 to 2.38 and fstat
 * before and after; faccessat was faccessat2 only for its flags once.
 */
#include <asm/ioctls.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <sys/stat.h>

#include "../args/fd_class.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "wrap_libc_internal.h"

void sc_begin_open(struct sc_frame *frame, long flags, const void *caller)
{
    sc_late_modules_caller(caller);
    sc_begin_call(frame, SC_NR_openat, (uint64_t)SC_CWD, 0, (uint64_t)flags);
}

void sc_leave_open(struct sc_frame *frame, sc_addr path, long flags, long mode, int64_t result, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)SC_CWD, path, (uint64_t)flags, (uint64_t)mode};
    sc_end_call(frame, SC_NR_openat, args, result, caller);
    sc_fd_after(SC_NR_openat, args, result);
}

/*
 * A file without a name in /tmp, and a stream for it, which asks for the descriptor's flags. Where the file system has
 * no such files, it makes one with a name, which nobody learns.
 */
void sc_leave_tmpfile(struct sc_frame *frame, int64_t fd, const void *caller)
{
    const uint64_t opening[SC_MAX_ARGS] = {(uint64_t)SC_CWD, (uint64_t)P_tmpdir, O_RDWR | O_EXCL | O_TMPFILE, 0600};
    if (fd < 0) {
        sc_end_call(frame, SC_NR_openat, opening, fd, caller);
        return;
    }
    const uint64_t asking[SC_MAX_ARGS] = {(uint64_t)fd, F_GETFL};
    long flags = sc_process.no_syscalls ? O_RDWR : sc_syscall(SYS_fcntl, fd, F_GETFL);
    sc_end_call_more(frame, SC_NR_openat, opening, fd, caller);
    sc_end_call(frame, SC_NR_fcntl, asking, flags, caller);
    sc_fd_after(SC_NR_openat, opening, fd);
}

long sc_openat_flags(long flags)
{
    return flags;
}

long sc_shm_open_flags(long flags)
{
    return flags | O_NOFOLLOW | O_CLOEXEC;
}

static unsigned glibc_minor(void)
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
    unsigned minor = glibc_minor();
    return minor >= 33 && minor < 39;
}

void sc_leave_fstat(struct sc_frame *frame, int fd, sc_ptr st, int result, const void *caller)
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

/* From 2.33 on it tries the call with flags first, and only a kernel without it is asked otherwise. */
unsigned sc_faccessat_nr(int flags)
{
    return flags || glibc_minor() >= 33 ? SC_NR_faccessat2 : SC_NR_faccessat;
}

unsigned sc_fork_nr(void)
{
    return SC_NR_clone;
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

void sc_leave_fchmodat(struct sc_frame *frame, int directory, sc_ptr path, unsigned mode, int flags, int result,
                       const void *caller)
{
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)directory, (uint64_t)path, mode, (uint64_t)flags};
    if (result != 0 && error == EINVAL && (flags & ~AT_SYMLINK_NOFOLLOW) && glibc_minor() < 39)
        sc_cancel_call(frame); /* refused by libc itself */
    else if (!flags || glibc_minor() >= 39)
        sc_end_call(frame, flags ? SC_NR_fchmodat2 : SC_NR_fchmodat, args, result == 0 ? 0 : -error, caller);
    else
        leave_chmod_steps(frame, directory, path, mode, result, error, caller);
    errno = error;
}

/* It leaves EISDIR behind. */
bool sc_remove_meets_directory(sc_ptr path)
{
    (void)path;
    return false;
}

unsigned sc_isatty_command(void)
{
    return TCGETS;
}

/* Debian's, to see whether the terminal took what it was told. */
bool sc_tcsetattr_asks(void)
{
    return true;
}

/* on_exit tells. A jump: main's caller is libc, as a debugger or a sanitizer shows it. */
int sc_call_main(int (*program_main)(int, char **, char **), int argc, char **argv, char **environment)
{
    return program_main(argc, argv, environment);
}
