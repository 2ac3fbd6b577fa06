/*
 * wrap_exec.c: starting programs. In every mode these hand the session on.
 *
 * The path of an exec is recorded before the call, because nothing is left of us after it. That it can be read is
 * proved first, by having the kernel read it.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../core/raw_syscall.h"
#include "../session/environ_swap.h"
#include "../session/exec.h"
#include "wrap.h"

static bool readable(sc_ptr path)
{
    return path && !sc_process.no_syscalls && sc_syscall(SYS_access, path, F_OK) != -EFAULT;
}

/* After a seccomp filter nothing may be asked of the kernel; the environment is made without us then. */
static bool is_filtered(sc_ptr path)
{
    return path && sc_process.no_syscalls && sc_process.interposing;
}

/* Writes the record of an exec that is about to happen. If it fails after all, leave_exec adds the failure. */
static void enter_exec(struct sc_frame *frame, sc_ptr path, const void *caller)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)path, 1, 1};
    frame->writer = NULL;
    if (!sc_process.interposing || !readable(path) || sc_syscall(SYS_access, path, X_OK) != 0)
        return;
    sc_late_modules_caller(caller);
    sc_begin_call(frame, SC_NR_execve, 0, 0, 0);
    sc_end_call_noreturn(frame, SC_NR_execve, args, caller);
}

/* Reached only where the exec failed. */
static int leave_exec(sc_ptr path, const void *caller)
{
    int error = errno;
    if (sc_process.interposing) {
        const uint64_t args[SC_MAX_ARGS] = {(uint64_t)path, 1, 1};
        struct sc_frame frame;
        sc_begin_call(&frame, SC_NR_execve, 0, 0, 0);
        sc_end_call(&frame, SC_NR_execve, args, -error, caller);
    }
    errno = error;
    return -1;
}

static int do_execve(sc_ptr path, sc_ptr argv, sc_ptr environment, const void *caller)
{
    struct sc_frame frame;
    sc_addr given = sc_addr_of(environment);
    if (is_filtered(path))
        given = sc_exec_environment(sc_addr_of(path), -1, given, true, NULL);
    if (!sc_process.interposing || !readable(path))
        return (int)sc_real(execve)((long)path, argv, given);
    given = sc_exec_environment(sc_addr_of(path), -1, given, true, NULL);
    enter_exec(&frame, path, caller);
    sc_real(execve)((long)path, argv, given);
    return leave_exec(path, caller);
}

/* By PATH; libc does the searching and the fall-back to a shell, we only look ahead at what it will find. */
static int do_execvpe(sc_ptr name, sc_ptr argv, sc_ptr environment, const void *caller)
{
    struct sc_frame frame;
    sc_addr given = sc_addr_of(environment);
    sc_ptr path = sc_process.interposing && readable(name) ? (sc_ptr)sc_exec_search(sc_addr_of(name)) : NULL;
    if (is_filtered(name))
        given = sc_exec_environment(sc_addr_of(name), -1, given, true, NULL);
    if (!path)
        return (int)sc_real(execvpe)((long)name, argv, given);
    given = sc_exec_environment(sc_addr_of(path), -1, given, true, NULL);
    enter_exec(&frame, path, caller);
    sc_real(execvpe)((long)name, argv, given);
    return leave_exec(path, caller);
}

SC_WRAPPER(int, execve, sc_ptr path, sc_ptr argv, sc_ptr environment)
{
    return do_execve(path, argv, environment, SC_CALLER);
}

SC_WRAPPER(int, execv, sc_ptr path, sc_ptr argv)
{
    return do_execve(path, argv, (sc_ptr)environ, SC_CALLER);
}

SC_WRAPPER(int, execvp, sc_ptr name, sc_ptr argv)
{
    return do_execvpe(name, argv, (sc_ptr)environ, SC_CALLER);
}

SC_WRAPPER(int, execvpe, sc_ptr name, sc_ptr argv, sc_ptr environment)
{
    return do_execvpe(name, argv, environment, SC_CALLER);
}

/* The list forms: the arguments up to NULL as an array on this stack, as libc itself makes it. */
#define COUNT_LIST(first, count)                                                                                       \
    va_list list_;                                                                                                     \
    va_start(list_, first);                                                                                            \
    for ((count) = 1; va_arg(list_, sc_ptr);)                                                                          \
        (count)++;                                                                                                     \
    va_end(list_)
#define FILL_LIST(first, argv)                                                                                         \
    va_list fill_;                                                                                                     \
    size_t at_ = 0;                                                                                                    \
    va_start(fill_, first);                                                                                            \
    (argv)[at_] = (first);                                                                                             \
    while ((argv)[at_])                                                                                                \
    (argv)[++at_] = va_arg(fill_, sc_ptr)

SC_WRAPPER(int, execl, sc_ptr path, sc_ptr first, ...)
{
    size_t count;
    COUNT_LIST(first, count);
    sc_ptr argv[count + 1];
    FILL_LIST(first, argv);
    va_end(fill_);
    return do_execve(path, (sc_ptr)argv, (sc_ptr)environ, SC_CALLER);
}

SC_WRAPPER(int, execlp, sc_ptr name, sc_ptr first, ...)
{
    size_t count;
    COUNT_LIST(first, count);
    sc_ptr argv[count + 1];
    FILL_LIST(first, argv);
    va_end(fill_);
    return do_execvpe(name, (sc_ptr)argv, (sc_ptr)environ, SC_CALLER);
}

SC_WRAPPER(int, execle, sc_ptr path, sc_ptr first, ...)
{
    size_t count;
    COUNT_LIST(first, count);
    sc_ptr argv[count + 1];
    FILL_LIST(first, argv);
    sc_ptr environment = va_arg(fill_, sc_ptr);
    va_end(fill_);
    return do_execve(path, (sc_ptr)argv, environment, SC_CALLER);
}

SC_WRAPPER(int, fexecve, int fd, sc_ptr argv, sc_ptr environment)
{
    sc_addr given = sc_addr_of(environment);
    if (sc_process.interposing)
        given = sc_exec_environment(0, fd, given, true, NULL);
    return (int)sc_real(fexecve)(fd, argv, given);
}

SC_WRAPPER(int, execveat, int directory, sc_ptr path, sc_ptr argv, sc_ptr environment, int flags)
{
    sc_addr given = sc_addr_of(environment);
    char first;
    if (is_filtered(path)) {
        given = sc_exec_environment(sc_addr_of(path), -1, given, true, NULL);
    } else if (sc_process.interposing && readable(path)) {
        bool empty = sc_asked_copy(&first, sc_addr_of(path), 1) && first == '\0';
        given = sc_exec_environment(empty ? 0 : sc_addr_of(path), directory, given, true, NULL);
    }
    return (int)sc_real(execveat)(directory, path, argv, given, flags);
}

SC_WRAPPER(int, posix_spawn, sc_ptr pid, sc_ptr path, sc_ptr actions, sc_ptr attributes, sc_ptr argv,
           sc_ptr environment)
{
    sc_addr given = sc_addr_of(environment);
    if (is_filtered(path) || (sc_process.interposing && readable(path)))
        given = sc_exec_environment(sc_addr_of(path), -1, given, false, NULL);
    return (int)sc_real(posix_spawn)((long)pid, path, actions, attributes, argv, given);
}

SC_WRAPPER(int, posix_spawnp, sc_ptr pid, sc_ptr name, sc_ptr actions, sc_ptr attributes, sc_ptr argv,
           sc_ptr environment)
{
    sc_addr given = sc_addr_of(environment);
    sc_addr path = sc_process.interposing && readable(name) ? sc_exec_search(sc_addr_of(name)) : 0;
    if (is_filtered(name))
        path = sc_addr_of(name);
    if (path)
        given = sc_exec_environment(path, -1, given, false, NULL);
    return (int)sc_real(posix_spawnp)((long)pid, name, actions, attributes, argv, given);
}

/*
 * system and popen start the shell with libc's own environ, so that it has the session in it for the time of the call.
 * system is a cancellation point.
 */
SC_WRAPPER(int, system, sc_ptr command)
{
    int result;
    if (!command || !sc_process.interposing)
        return (int)sc_real(system)((long)command);
    sc_environ_swap_begin();
    pthread_cleanup_push(sc_environ_swap_end, NULL);
    result = (int)sc_real(system)((long)command);
    pthread_cleanup_pop(1);
    return result;
}

SC_WRAPPER(sc_ptr, popen, sc_ptr command, sc_ptr mode)
{
    sc_ptr stream;
    if (!sc_process.interposing)
        return (sc_ptr)sc_real(popen)((long)command, mode);
    sc_environ_swap_begin();
    pthread_cleanup_push(sc_environ_swap_end, NULL);
    stream = (sc_ptr)sc_real(popen)((long)command, mode);
    pthread_cleanup_pop(1);
    return stream;
}
