/*
 * wrap_exec.c: starting programs. In every mode these hand the session on.
 *
 * The path of an exec is recorded before the call, because nothing is left of us after it. That it can be read is
 * proved first, by having the kernel read it.
 */
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exec.h"
#include "lend.h"
#include "sys.h"
#include "wrap.h"

static bool readable(const char *path)
{
    return path && !sc_process.no_syscalls && sc_sys(SYS_access, path, F_OK) != -EFAULT;
}

/* After a seccomp filter nothing may be asked of the kernel; the environment is made without us then. */
static bool is_filtered(const char *path)
{
    return path && sc_process.no_syscalls && sc_process.interposing;
}

/* Writes the record of an exec that is about to happen. If it fails after all, leave_exec adds the failure. */
static void enter_exec(struct sc_frame *frame, const char *path, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)path, 1, 1};
    frame->lane = NULL;
    if (!sc_process.interposing || !readable(path) || sc_sys(SYS_access, path, X_OK) != 0)
        return;
    sc_enter(frame, SC_NR_execve, 0, 0, 0);
    sc_leave_noreturn(frame, SC_NR_execve, args, caller);
}

/* Reached only where the exec failed. */
static int leave_exec(const char *path, const void *caller)
{
    int error = errno;
    if (sc_process.interposing) {
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)path, 1, 1};
        struct sc_frame frame;
        sc_enter(&frame, SC_NR_execve, 0, 0, 0);
        sc_leave(&frame, SC_NR_execve, args, -error, caller);
    }
    errno = error;
    return -1;
}

static int do_execve(const char *path, char *const *argv, char *const *environment, const void *caller)
{
    struct sc_frame frame;
    if (is_filtered(path))
        environment = sc_exec_environment(path, -1, environment, true);
    if (!sc_process.interposing || !readable(path))
        return (int)sc_real(execve)((long)path, argv, environment);
    char *const *made = sc_exec_environment(path, -1, environment, true);
    enter_exec(&frame, path, caller);
    sc_real(execve)((long)path, argv, made);
    return leave_exec(path, caller);
}

/* By PATH; libc does the searching and the fall-back to a shell, we only look ahead at what it will find. */
static int do_execvpe(const char *name, char *const *argv, char *const *environment, const void *caller)
{
    char found[SC_PATH_BYTES];
    struct sc_frame frame;
    const char *path = sc_process.interposing && readable(name) ? sc_exec_search(name, found) : NULL;
    if (is_filtered(name))
        environment = sc_exec_environment(name, -1, environment, true);
    if (!path)
        return (int)sc_real(execvpe)((long)name, argv, environment);
    char *const *made = sc_exec_environment(path, -1, environment, true);
    enter_exec(&frame, path, caller);
    sc_real(execvpe)((long)name, argv, made);
    return leave_exec(path, caller);
}

SC_WRAPPER(int, execve, const char *path, char *const *argv, char *const *environment)
{
    return do_execve(path, argv, environment, SC_CALLER);
}

SC_WRAPPER(int, execv, const char *path, char *const *argv)
{
    return do_execve(path, argv, environ, SC_CALLER);
}

SC_WRAPPER(int, execvp, const char *name, char *const *argv)
{
    return do_execvpe(name, argv, environ, SC_CALLER);
}

SC_WRAPPER(int, execvpe, const char *name, char *const *argv, char *const *environment)
{
    return do_execvpe(name, argv, environment, SC_CALLER);
}

/* The list forms: the arguments up to NULL as an array on this stack, as libc itself makes it. */
#define COUNT_LIST(first, count)                                                                                       \
    va_list list_;                                                                                                     \
    va_start(list_, first);                                                                                            \
    for ((count) = 1; va_arg(list_, const char *);)                                                                    \
        (count)++;                                                                                                     \
    va_end(list_)
#define FILL_LIST(first, argv)                                                                                         \
    va_list fill_;                                                                                                     \
    size_t at_ = 0;                                                                                                    \
    va_start(fill_, first);                                                                                            \
    (argv)[at_] = (char *)(uintptr_t)(first);                                                                          \
    while ((argv)[at_])                                                                                                \
    (argv)[++at_] = va_arg(fill_, char *)

SC_WRAPPER(int, execl, const char *path, const char *first, ...)
{
    size_t count;
    COUNT_LIST(first, count);
    char *argv[count + 1];
    FILL_LIST(first, argv);
    va_end(fill_);
    return do_execve(path, argv, environ, SC_CALLER);
}

SC_WRAPPER(int, execlp, const char *name, const char *first, ...)
{
    size_t count;
    COUNT_LIST(first, count);
    char *argv[count + 1];
    FILL_LIST(first, argv);
    va_end(fill_);
    return do_execvpe(name, argv, environ, SC_CALLER);
}

SC_WRAPPER(int, execle, const char *path, const char *first, ...)
{
    size_t count;
    COUNT_LIST(first, count);
    char *argv[count + 1];
    FILL_LIST(first, argv);
    char *const *environment = va_arg(fill_, char *const *);
    va_end(fill_);
    return do_execve(path, argv, environment, SC_CALLER);
}

SC_WRAPPER(int, fexecve, int fd, char *const *argv, char *const *environment)
{
    if (sc_process.interposing)
        environment = sc_exec_environment(NULL, fd, environment, true);
    return (int)sc_real(fexecve)(fd, argv, environment);
}

SC_WRAPPER(int, execveat, int folder, const char *path, char *const *argv, char *const *environment, int flags)
{
    if (is_filtered(path)) {
        environment = sc_exec_environment(path, -1, environment, true);
    } else if (sc_process.interposing && readable(path)) {
        if (*path == '\0')
            environment = sc_exec_environment(NULL, folder, environment, true);
        else
            environment = sc_exec_environment(path, -1, environment, true);
    }
    return (int)sc_real(execveat)(folder, path, argv, environment, flags);
}

SC_WRAPPER(int, posix_spawn, pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
           const posix_spawnattr_t *attributes, char *const *argv, char *const *environment)
{
    if (is_filtered(path) || (sc_process.interposing && readable(path)))
        environment = sc_exec_environment(path, -1, environment, false);
    return (int)sc_real(posix_spawn)((long)pid, path, actions, attributes, argv, environment);
}

SC_WRAPPER(int, posix_spawnp, pid_t *pid, const char *name, const posix_spawn_file_actions_t *actions,
           const posix_spawnattr_t *attributes, char *const *argv, char *const *environment)
{
    char found[SC_PATH_BYTES];
    const char *path = sc_process.interposing && readable(name) ? sc_exec_search(name, found) : NULL;
    if (is_filtered(name))
        path = name;
    if (path)
        environment = sc_exec_environment(path, -1, environment, false);
    return (int)sc_real(posix_spawnp)((long)pid, name, actions, attributes, argv, environment);
}

/*
 * system and popen start the shell with libc's own environ, so that it has the session in it for the time of the call.
 * system is a cancellation point.
 */
SC_WRAPPER(int, system, const char *command)
{
    int result;
    if (!command || !sc_process.interposing)
        return (int)sc_real(system)((long)command);
    sc_lend_begin();
    pthread_cleanup_push(sc_lend_end, NULL);
    result = (int)sc_real(system)((long)command);
    pthread_cleanup_pop(1);
    return result;
}

SC_WRAPPER(FILE *, popen, const char *command, const char *mode)
{
    FILE *stream;
    if (!sc_process.interposing)
        return (FILE *)sc_real(popen)((long)command, mode);
    sc_lend_begin();
    pthread_cleanup_push(sc_lend_end, NULL);
    stream = (FILE *)sc_real(popen)((long)command, mode);
    pthread_cleanup_pop(1);
    return stream;
}
