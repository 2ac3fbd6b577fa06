/*
 * wrap_process.c: the beginning and the end of processes and threads, and calls by number.
 */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "lend.h"
#include "process.h"
#include "sys.h"
#include "threads.h"
#include "wrap.h"

/* In the child the parent's lane reads as zeros (see state.h): its first call, or this, makes it a process of its own.
 */
#define WRAP_FORK(symbol)                                                                                              \
    SC_WRAPPER(int, symbol, void)                                                                                      \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(0);                                                                            \
        const uint64_t args[SC_MAX_ARGS] = {CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, 0, 0, 1, 0};          \
        struct sc_frame frame;                                                                                         \
        sc_enter(&frame, SC_NR_clone, args[0], 0, 0);                                                                  \
        int pid = (int)sc_real(symbol)(0);                                                                             \
        if (pid == 0) {                                                                                                \
            sc_lend_forked();                                                                                          \
            sc_lane_get();                                                                                             \
        } else {                                                                                                       \
            sc_leave(&frame, SC_NR_clone, args, sc_kernel_result(SC_RET_I, pid), SC_CALLER);                           \
        }                                                                                                              \
        return pid;                                                                                                    \
    }
WRAP_FORK(fork)
WRAP_FORK(__fork)

static void end_process(enum sc_end_how how, int status, const void *caller)
{
    if (!sc_process.interposing)
        return;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)status};
    struct sc_frame frame;
    sc_enter(&frame, SC_NR_exit_group, args[0], 0, 0);
    sc_leave_noreturn(&frame, SC_NR_exit_group, args, caller);
    sc_process_end(how, status & 0xff);
}

/* exit() and the return from main: the last of the functions that exit runs, registered first by the constructor. */
void sc_at_exit(int status, void *unused)
{
    (void)unused;
    end_process(SC_END_EXIT, status, NULL);
}

#define WRAP_EXIT_NOW(symbol)                                                                                          \
    SC_WRAPPER(void, symbol, int status)                                                                               \
    {                                                                                                                  \
        end_process(SC_END_IMMEDIATE, status, SC_CALLER);                                                              \
        sc_real(symbol)(status);                                                                                       \
        __builtin_unreachable();                                                                                       \
    }
WRAP_EXIT_NOW(_exit)
WRAP_EXIT_NOW(_Exit)

/* quick_exit runs its own handlers first; nothing after them can be hooked, so the end is recorded before. */
WRAP_EXIT_NOW(quick_exit)

SC_WRAPPER(void, abort, void)
{
    sc_process_end(SC_END_ABORT, 0); /* in every mode: the signal that follows could be of any origin */
    sc_real(abort)(0);
    __builtin_unreachable();
}

static int leave_wait4(struct sc_frame *frame, int pid, int *status, int options, void *usage, int result,
                       const void *caller)
{
    int error = errno;
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)pid, (uint64_t)status, (uint64_t)options, (uint64_t)usage};
    sc_leave(frame, SC_NR_wait4, args, result < 0 ? -error : result, caller);
    if (result > 0 && status && (WIFEXITED(*status) || WIFSIGNALED(*status)))
        sc_process_child_ended(result, *status);
    errno = error;
    return result;
}

/* Without a place for the status the program does not learn how its child ended, and neither do we. */
#define WRAP_WAIT(symbol, parameters, passed, pid, status, options, usage)                                             \
    SC_WRAPPER(int, symbol, SC_UNPACK parameters)                                                                      \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return (int)sc_real(symbol)(SC_UNPACK passed);                                                             \
        struct sc_frame frame;                                                                                         \
        sc_enter(&frame, SC_NR_wait4, (uint64_t)(pid), 0, (uint64_t)(options));                                        \
        int result = (int)sc_real(symbol)(SC_UNPACK passed);                                                           \
        return leave_wait4(&frame, pid, status, options, usage, result, SC_CALLER);                                    \
    }
#define SC_UNPACK(...) __VA_ARGS__
WRAP_WAIT(wait, (int *status), ((long)status), -1, status, 0, NULL)
WRAP_WAIT(wait3, (int *status, int options, void *usage), ((long)status, options, usage), -1, status, options, usage)
WRAP_WAIT(wait4, (int pid, int *status, int options, void *usage), (pid, status, options, usage), pid, status, options,
          usage)
WRAP_WAIT(waitpid, (int pid, int *status, int options), (pid, status, options), pid, status, options, NULL)
WRAP_WAIT(__waitpid, (int pid, int *status, int options), (pid, status, options), pid, status, options, NULL)

SC_WRAPPER(int, waitid, int type, int id, siginfo_t *info, int options)
{
    if (!sc_process.interposing)
        return (int)sc_real(waitid)(type, id, info, options);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)type, (uint64_t)id, (uint64_t)info, (uint64_t)options};
    struct sc_frame frame;
    sc_enter(&frame, SC_NR_waitid, args[0], args[1], 0);
    int result = (int)sc_real(waitid)(type, id, info, options);
    int error = errno;
    sc_leave(&frame, SC_NR_waitid, args, result < 0 ? -error : result, SC_CALLER);
    if (result == 0 && info && info->si_pid && info->si_code == CLD_EXITED)
        sc_process_child_ended(info->si_pid, (info->si_status & 0xff) << 8);
    else if (result == 0 && info && info->si_pid && (info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED))
        sc_process_child_ended(info->si_pid, info->si_status);
    errno = error;
    return result;
}

/* Called with the number, so that the record says which call it was, with whatever arguments that call has. */
SC_WRAPPER(long, syscall, long nr, long a, long b, long c, long d, long e, long f)
{
    if (!sc_process.interposing || nr < 0 || nr >= SC_NR_LIMIT || nr == SC_NR_vfork || nr == SC_NR_rt_sigreturn)
        return sc_real(syscall)(nr, a, b, c, d, e, f);
    const uint64_t args[SC_MAX_ARGS] = {(uint64_t)a, (uint64_t)b, (uint64_t)c, (uint64_t)d, (uint64_t)e, (uint64_t)f};
    struct sc_frame frame;
    sc_enter(&frame, (unsigned)nr, args[0], args[1], args[2]);
    if (nr == SC_NR_exit_group || nr == SC_NR_exit) {
        sc_leave_noreturn(&frame, (unsigned)nr, args, SC_CALLER);
        if (nr == SC_NR_exit_group)
            sc_process_end(SC_END_IMMEDIATE, (int)a & 0xff);
    }
    long result = sc_real(syscall)(nr, a, b, c, d, e, f);
    int error = errno;
    int64_t kernel_result = result == -1 ? -error : result;
    sc_leave(&frame, (unsigned)nr, args, kernel_result, SC_CALLER);
    sc_forget_descriptors((unsigned)nr, args, kernel_result);
    if (nr == SC_NR_io_uring_setup && kernel_result >= 0)
        sc_process_note(SC_NOTE_IO_URING, (uint64_t)kernel_result, 0);
    if (nr == SC_NR_seccomp && a != 2 && a != 3 && kernel_result >= 0) /* not GET_ACTION_AVAIL, GET_NOTIF_SIZES */
        sc_process.no_syscalls = true;
    errno = error;
    return result;
}

/* A filter that is installed now may kill the process at a call of ours: from here on we make none. */
SC_WRAPPER(int, prctl, int option, long a, long b, long c, long d)
{
    int result = (int)sc_real(prctl)(option, a, b, c, d);
    if (result == 0 && option == PR_SET_SECCOMP)
        sc_process.no_syscalls = true;
    return result;
}

SC_WRAPPER(int, pthread_create, pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
           void *argument)
{
    struct sc_thread_start *carried = sc_process.interposing ? sc_thread_prepare(start, argument) : NULL;
    if (!carried)
        return (int)sc_real(pthread_create)((long)thread, attributes, start, argument);
    int result = (int)sc_real(pthread_create)((long)thread, attributes, sc_thread_run, carried);
    if (result != 0)
        sc_thread_release(carried);
    return result;
}

static int (*program_main)(int, char **, char **);

static int main_marked(int argc, char **argv, char **environment)
{
    if (sc_process.active)
        sc_process_mark_main();
    return program_main(argc, argv, environment);
}

/* The program's start code calls this with its main. */
SC_WRAPPER(int, __libc_start_main, int (*main)(int, char **, char **), int argc, char **argv, void *init, void *fini,
           void *rtld_fini, void *stack_end)
{
    program_main = main;
    return (int)sc_real(__libc_start_main)((long)main_marked, argc, argv, init, fini, rtld_fini, stack_end);
}
