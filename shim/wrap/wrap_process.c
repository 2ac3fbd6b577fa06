/*
 * wrap_process.c: the beginning and the end of processes and threads, and calls by number.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../args/fd_class.h"
#include "../core/raw_syscall.h"
#include "../rewrite/call_care.h"
#include "../session/environ_swap.h"
#include "../session/process.h"
#include "../session/restrict.h"
#include "../session/threads.h"
#include "wrap_libc_internal.h"

/* In the child the parent's writer reads as zeros (see state.h): its first call, or this, makes it a process of its
 * own.
 */
#define WRAP_FORK(symbol)                                                                                              \
    SC_WRAPPER(int, symbol, void)                                                                                      \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(0);                                                                            \
        const uint64_t args[SC_MAX_ARGS] = {CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, 0, 0, 1, 0};          \
        const unsigned nr = sc_fork_nr();                                                                              \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, nr, args[0], 0, 0);                                                                      \
        int pid = (int)sc_real(symbol)(0);                                                                             \
        if (pid == 0) {                                                                                                \
            sc_environ_swap_forked();                                                                                  \
            sc_writer_forked_child();                                                                                  \
            sc_writer_get();                                                                                           \
        } else {                                                                                                       \
            sc_end_call(&frame, nr, args, sc_kernel_result(SC_RET_I, pid), SC_CALLER);                                 \
        }                                                                                                              \
        return pid;                                                                                                    \
    }
WRAP_FORK(fork)
WRAP_FORK(__fork)

/* The next thing that vfork_entry.S calls. What the child does to its descriptors is not to be taken for ours. */
sc_real_function *sc_vfork_begins(void);
sc_real_function *sc_vfork_begins(void)
{
    if (sc_process.interposing)
        sc_fd_vfork_begins();
    return sc_real(vfork);
}

/* now: nothing of the program runs any more. */
static void end_process(enum sc_end_how how, int status, bool now, const void *caller)
{
    if (!sc_process.interposing)
        return;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)status};
    struct sc_frame frame;
    sc_late_modules_caller(caller);
    sc_begin_call(&frame, SC_NR_exit_group, args[0], 0, 0);
    sc_end_call_noreturn(&frame, SC_NR_exit_group, args, caller);
    sc_process_end(how, status & 0xff, now);
}

/* exit() and the return from main: the last of the functions that exit runs, registered first by the constructor. */
void sc_at_exit(int status, void *unused)
{
    (void)unused;
    end_process(SC_END_EXIT, status, false, NULL);
}

#define WRAP_EXIT(symbol, now)                                                                                         \
    SC_WRAPPER(void, symbol, int status)                                                                               \
    {                                                                                                                  \
        end_process(SC_END_IMMEDIATE, status, now, SC_CALLER);                                                         \
        sc_real(symbol)(status);                                                                                       \
        __builtin_unreachable();                                                                                       \
    }
WRAP_EXIT(_exit, true)
WRAP_EXIT(_Exit, true)

/* quick_exit runs its own handlers first; nothing after them can be hooked, so the end is recorded before. */
WRAP_EXIT(quick_exit, false)

SC_WRAPPER(void, abort, void)
{
    sc_process_end(SC_END_ABORT, 0, false); /* in every mode: the signal that follows could be of any origin */
    sc_real(abort)(0);
    __builtin_unreachable();
}

static int leave_wait4(struct sc_frame *frame, int pid, sc_ptr status, int options, sc_ptr usage, int result,
                       const void *caller)
{
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)pid, sc_addr_of(status), (uint64_t)options, sc_addr_of(usage)};
    sc_end_call(frame, SC_NR_wait4, args, result < 0 ? -error : result, caller);
    sc_process_waited(result, sc_addr_of(status));
    errno = error;
    return result;
}

#define WRAP_WAIT(symbol, parameters, passed, pid, status, options, usage)                                             \
    SC_WRAPPER(int, symbol, SC_UNPACK parameters)                                                                      \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(SC_UNPACK passed);                                                             \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_wait4, (uint64_t)(pid), 0, (uint64_t)(options));                                   \
        int result = (int)sc_real(symbol)(SC_UNPACK passed);                                                           \
        return leave_wait4(&frame, pid, status, options, usage, result, SC_CALLER);                                    \
    }
#define SC_UNPACK(...) __VA_ARGS__
WRAP_WAIT(wait, (sc_ptr status), ((long)status), -1, status, 0, NULL)
WRAP_WAIT(wait3, (sc_ptr status, int options, sc_ptr usage), ((long)status, options, usage), -1, status, options, usage)
WRAP_WAIT(wait4, (int pid, sc_ptr status, int options, sc_ptr usage), (pid, status, options, usage), pid, status,
          options, usage)
WRAP_WAIT(waitpid, (int pid, sc_ptr status, int options), (pid, status, options), pid, status, options, NULL)
WRAP_WAIT(__waitpid, (int pid, sc_ptr status, int options), (pid, status, options), pid, status, options, NULL)

SC_WRAPPER(int, waitid, int type, int id, sc_ptr info, int options)
{
    if (!sc_process.interposing)
        return (int)sc_real(waitid)(type, id, info, options);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)type, (uint64_t)id, (uint64_t)info, (uint64_t)options};
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, SC_NR_waitid, args[0], args[1], 0);
    int result = (int)sc_real(waitid)(type, id, info, options);
    int error = errno;
    sc_end_call(&frame, SC_NR_waitid, args, result < 0 ? -error : result, SC_CALLER);
    if (result == 0)
        sc_process_waited_info(args[2], args[3]);
    errno = error;
    return result;
}

/* What a call by its number needs beside its record. */
static void before_number(struct sc_frame *frame, unsigned nr, const uint64_t *args)
{
    sc_look(frame, sc_call(nr), args);
    sc_care_before(frame, nr, sc_call(nr)->means, args);
    bool group = sc_call_means(nr, SC_MEANS_EXIT_GROUP);
    if (!group && !sc_call_means(nr, SC_MEANS_EXIT))
        return;
    sc_end_call_noreturn(frame, nr, args, NULL);
    if (group)
        sc_process_end(SC_END_IMMEDIATE, (int)args[0] & 0xff, true);
}

/* Called with the number, so that the record says which call it was, with whatever arguments that call has. */
SC_WRAPPER(long, syscall, long nr, long a, long b, long c, long d, long e, long f)
{
    if (!sc_process.interposing || nr < 0 || nr >= SC_NR_LIMIT || nr == SC_NR_vfork || nr == SC_NR_rt_sigreturn)
        return sc_real(syscall)(nr, a, b, c, d, e, f);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)a, (uint64_t)b, (uint64_t)c, (uint64_t)d, (uint64_t)e, (uint64_t)f};
    bool forks = sc_call_means((unsigned)nr, SC_MEANS_FORK);
    struct sc_frame frame;
    SC_BEGIN_CALL(&frame, (unsigned)nr, args[0], args[1], args[2]);
    before_number(&frame, (unsigned)nr, args);
    long result = sc_real(syscall)(nr, a, b, c, d, e, f);
    if (sc_call_means((unsigned)nr, SC_MEANS_EXIT_GROUP))
        sc_process.leaving = false; /* a filter forbids it */
    int error = errno;
    int64_t kernel_result = result == -1 ? -error : result;
    if (forks && result == 0)
        sc_writer_forked_child();
    sc_end_call(&frame, (unsigned)nr, args, kernel_result, SC_CALLER);
    sc_care_after((unsigned)nr, sc_call((unsigned)nr)->means, args, kernel_result);
    errno = error;
    return result;
}

SC_WRAPPER(int, prctl, int option, long a, long b, long c, long d)
{
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)option, (uint64_t)a, (uint64_t)b, (uint64_t)c, (uint64_t)d};
    if (!sc_process.interposing)
        return (int)sc_real(prctl)(option, a, b, c, d);
    sc_restrict_before(SC_NR_prctl, args);
    int result = (int)sc_real(prctl)(option, a, b, c, d);
    int error = errno;
    sc_restrict_after(SC_NR_prctl, args, result);
    errno = error;
    return result;
}

SC_WRAPPER(int, pthread_create, sc_ptr thread, sc_ptr attributes, void *(*start)(void *), void *argument)
{
    struct sc_thread_start *carried = sc_process.interposing ? sc_thread_prepare(start, argument) : NULL;
    sc_restrict_thread_made();
    if (!carried)
        return (int)sc_real(pthread_create)((long)thread, attributes, start, argument);
    int result = (int)sc_real(pthread_create)((long)thread, attributes, sc_thread_run, carried);
    if (result != 0)
        sc_thread_release(carried);
    return result;
}

/* dlopen has no wrapper: it looks where its caller lies. */
SC_WRAPPER(int, dlclose, sc_ptr library)
{
    if (!sc_process.interposing)
        return (int)sc_real(dlclose)((long)library);
    sc_late_modules_closing();
    int result = (int)sc_real(dlclose)((long)library);
    sc_late_modules_closed();
    return result;
}

static int (*program_main)(int, char **, char **);

static int main_marked(int argc, char **argv, char **environment)
{
    if (sc_process.active)
        sc_process_mark_main();
    return sc_call_main(program_main, argc, argv, environment);
}

/* The program's start code calls this with its main. */
SC_WRAPPER(int, __libc_start_main, int (*main)(int, char **, char **), int argc, char **argv, void *init, void *fini,
           void *rtld_fini, void *stack_end)
{
    program_main = main;
    return (int)sc_real(__libc_start_main)((long)main_marked, argc, argv, init, fini, rtld_fini, stack_end);
}
