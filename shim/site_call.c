/*
 * site_call.c: a system call that came in by a site.
 *
 * Runs in place of the program's syscall instruction, on its stack, at any moment: in a signal handler, with signals
 * blocked, between vfork and exec. It calls nothing but our own code.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "borrow.h"
#include "descriptors.h"
#include "exec.h"
#include "full.h"
#include "loading.h"
#include "process.h"
#include "record.h"
#include "site.h"
#include "sys.h"

static inline long call_kernel(const struct sc_regs *regs)
{
    return sc_sys6((long)regs->rax, (long)regs->rdi, (long)regs->rsi, (long)regs->rdx, (long)regs->r10, (long)regs->r8,
                   (long)regs->r9);
}

static inline const void *caller_of(const struct sc_regs *regs)
{
    struct sc_lane *lane = sc_lane;
    return lane ? (const void *)sc_full_caller(lane, regs) : NULL; /* NULL: nothing is recorded */
}

/* A call that is begun; its arguments stay in the registers' place, which no call changes. */
struct call {
    unsigned nr;
    const uint64_t *args;
    struct sc_frame frame;
};

static inline void begin_call_at(struct call *call, uintptr_t at, const struct sc_regs *regs)
{
    call->nr = (unsigned)regs->rax;
    call->args = regs->args;
    sc_enter_at(&call->frame, at, call->nr, regs->args[0], regs->args[1], regs->args[2]);
}

static inline void begin_call(struct call *call, const struct sc_regs *regs)
{
    begin_call_at(call, (uintptr_t)&call->frame, regs);
}

/* Calls after which there is more to do than to record them. */
static const bool special[SC_NR_LIMIT] = {
    [SC_NR_mmap] = true,           [SC_NR_close] = true,  [SC_NR_close_range] = true, [SC_NR_clone] = true,
    [SC_NR_clone3] = true,         [SC_NR_fork] = true,   [SC_NR_vfork] = true,       [SC_NR_execve] = true,
    [SC_NR_execveat] = true,       [SC_NR_exit] = true,   [SC_NR_exit_group] = true,  [SC_NR_rt_sigreturn] = true,
    [SC_NR_wait4] = true,          [SC_NR_waitid] = true, [SC_NR_prctl] = true,       [SC_NR_seccomp] = true,
    [SC_NR_io_uring_setup] = true, [SC_NR_open] = true,   [SC_NR_openat] = true,      [SC_NR_openat2] = true,
    [SC_NR_creat] = true,          [SC_NR_dup] = true,    [SC_NR_dup2] = true,        [SC_NR_dup3] = true,
    [SC_NR_fcntl] = true,          [SC_NR_socket] = true, [SC_NR_accept] = true,      [SC_NR_accept4] = true,
};

/* vfork, posix_spawn's clone and pthread_create's clone3: flags of a call that starts something, as clone has them. */
static uint64_t clone_flags(const struct sc_regs *regs)
{
    switch (regs->rax) {
    case SC_NR_clone: return regs->rdi;
    case SC_NR_clone3: return *(const uint64_t *)regs->rdi; /* struct clone_args begins with its flags */
    case SC_NR_vfork: return CLONE_VM | CLONE_VFORK;
    default: return 0;
    }
}

/* Is the child given a stack: it can't come back through frames of ours, which are on this one. */
static bool has_stack(const struct sc_regs *regs)
{
    enum { SIZE_WITH_STACK = 48, STACK = 40 }; /* in struct clone_args */
    if (regs->rax == SC_NR_clone)
        return regs->rsi != 0;
    return regs->rax == SC_NR_clone3 && regs->rsi >= SIZE_WITH_STACK && *(const uint64_t *)(regs->rdi + STACK) != 0;
}

/* A child with memory of its own comes back here, on its copy of this stack; its lane is wiped. */
static __attribute__((noinline)) long call_fork(struct sc_regs *regs)
{
    struct call call;
    begin_call(&call, regs);
    long result = call_kernel(regs);
    regs->rax = (uint64_t)result;
    if (result == 0)
        sc_lane_get();
    else
        sc_leave(&call.frame, call.nr, call.args, result, caller_of(regs));
    return 0;
}

static __attribute__((noinline)) long call_clone(struct sc_regs *regs)
{
    if (regs->rax == SC_NR_clone3 && (!regs->rdi || regs->rsi < 8)) {
        regs->rax = (uint64_t)call_kernel(regs);
        return 0;
    }
    uint64_t flags = clone_flags(regs);
    if (!(flags & CLONE_VM) && !has_stack(regs))
        return call_fork(regs);
    /* The child runs on another stack, or on ours after we have left it: it must come out at the site. */
    sc_borrow_begin(regs, flags);
    return 1;
}

static __attribute__((noinline)) void call_exec(struct sc_regs *regs)
{
    struct call call;
    bool at = regs->rax == SC_NR_execveat;
    uint64_t *environment = at ? &regs->r10 : &regs->rdx;
    uint64_t given = *environment;
    const char *path = (const char *)(at ? regs->rsi : regs->rdi);
    uint64_t args[SC_MAX_ARGS]; /* as given: the environment is about to be another */
    sc_copy(args, regs->args, sizeof args);
    begin_call(&call, regs);
    call.args = args;
    bool entered = true;
    int folder = at ? (int)regs->rdi : AT_FDCWD;
    long there = path && !sc_process.no_syscalls ? sc_sys(SYS_faccessat, folder, path, F_OK) : -EFAULT;
    bool empty = at && there != -EFAULT && *path == '\0';
    /* Where nothing is there, as in most folders of a search along PATH, nothing has to be prepared. */
    if (call.frame.lane && (empty || (there != -EFAULT && there != -ENOENT && there != -ENOTDIR))) {
        *environment = (uint64_t)sc_exec_environment(empty ? NULL : path, folder, (char *const *)given, true);
        if (empty || sc_sys(SYS_faccessat, folder, path, X_OK) == 0)
            sc_leave_noreturn(&call.frame, call.nr, call.args, caller_of(regs));
        else
            sc_cancel(&call.frame);
        entered = false; /* where it succeeds, nothing must be left that looks begun and never ended */
    }
    if (path && sc_process.no_syscalls)
        *environment = (uint64_t)sc_exec_environment(NULL, -1, (char *const *)given, true);
    long result = call_kernel(regs);
    *environment = given;
    regs->rax = (uint64_t)result;
    if (!entered) {
        uint64_t start = call.frame.start;
        sc_enter(&call.frame, call.nr, call.args[0], call.args[1], call.args[2]);
        call.frame.start = start;
    }
    sc_leave(&call.frame, call.nr, call.args, result, caller_of(regs)); /* failed, or we would not be here */
}

static __attribute__((noinline)) void call_exit(struct sc_regs *regs)
{
    struct call call;
    begin_call(&call, regs);
    sc_leave_noreturn(&call.frame, call.nr, call.args, caller_of(regs));
    if (regs->rax == SC_NR_exit_group)
        sc_process_end(SC_END_EXIT, (int)(regs->rdi & 0xff));
    else
        sc_thread_end();
    call_kernel(regs);
}

static void after_wait(const struct call *call, long result)
{
    if (call->nr == SC_NR_wait4) {
        const int *status = (const int *)call->args[1];
        if (result > 0 && status && (WIFEXITED(*status) || WIFSIGNALED(*status)))
            sc_process_child_ended((int)result, *status);
        return;
    }
    const siginfo_t *info = (const siginfo_t *)call->args[2];
    if (result != 0 || !info || !info->si_pid)
        return;
    if (info->si_code == CLD_EXITED)
        sc_process_child_ended(info->si_pid, (info->si_status & 0xff) << 8);
    else if (info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED)
        sc_process_child_ended(info->si_pid, info->si_status);
}

static void after_special(const struct call *call, const struct sc_regs *regs, long result)
{
    switch (call->nr) {
    case SC_NR_mmap: sc_loading_mapped(call->args, result, regs->after); break;
    case SC_NR_close:
        sc_descriptor_forget((unsigned)call->args[0], (unsigned)call->args[0]);
        sc_loading_closed((int)call->args[0]);
        break;
    case SC_NR_close_range:
        if (result == 0)
            sc_descriptor_forget((unsigned)call->args[0], (unsigned)call->args[1]);
        break;
    case SC_NR_wait4:
    case SC_NR_waitid: after_wait(call, result); break;
    case SC_NR_prctl:
        if (result == 0 && call->args[0] == PR_SET_SECCOMP)
            sc_process.no_syscalls = true;
        break;
    case SC_NR_seccomp:
        if (result >= 0 && call->args[0] < 2) /* SECCOMP_SET_MODE_STRICT, _FILTER */
            sc_process.no_syscalls = true;
        break;
    case SC_NR_io_uring_setup:
        if (result >= 0)
            sc_process_note(SC_NOTE_IO_URING, (uint64_t)result, 0);
        break;
    case SC_NR_fcntl:
        if (call->args[1] != F_DUPFD && call->args[1] != F_DUPFD_CLOEXEC)
            break;
        /* fall through */
    default: /* the call gave out a descriptor */
        if (result >= 0)
            sc_descriptor_forget((unsigned)result, (unsigned)result);
        break;
    }
}

/* Apart: the usual call is not to pay for its stack, which may be a small one. */
static __attribute__((noinline)) long call_special(struct sc_regs *regs)
{
    struct call call;
    switch (regs->rax) {
    case SC_NR_rt_sigreturn: return 1;
    case SC_NR_clone:
    case SC_NR_clone3:
    case SC_NR_vfork: return call_clone(regs);
    case SC_NR_fork: return call_fork(regs);
    case SC_NR_execve:
    case SC_NR_execveat: call_exec(regs); return 0;
    case SC_NR_exit:
    case SC_NR_exit_group: call_exit(regs); return 0;
    default: break;
    }
    begin_call(&call, regs);
    long result = call_kernel(regs);
    regs->rax = (uint64_t)result;
    sc_leave(&call.frame, call.nr, call.args, result, caller_of(regs));
    after_special(&call, regs, result);
    return 0;
}

long sc_site_call(struct sc_regs *regs)
{
    if (SC_UNLIKELY(regs->rax >= SC_NR_LIMIT))
        return 1;
    if (SC_UNLIKELY(special[regs->rax]))
        return call_special(regs);
    struct call call;
    begin_call(&call, regs);
    long result = call_kernel(regs);
    regs->rax = (uint64_t)result;
    sc_leave(&call.frame, call.nr, call.args, result, caller_of(regs));
    return 0;
}

/* In the child of a thread's clone the lane is another's or none: nothing is touched there. */
void sc_site_after_raw(struct sc_regs *regs)
{
    sc_borrow_end(regs, caller_of);
}

/*
 * A call at a cancellation point leaves no frame of ours on the stack while it runs; what belongs to it stands in its
 * slot, found again by the stack pointer. A handler that interrupts it may call on, and may never come back.
 */
void sc_site_before_cancel_point(struct sc_regs *regs)
{
    struct call call;
    begin_call_at(&call, (uintptr_t)sc_regs_stack(regs), regs);
    if (call.frame.lane && call.frame.slot == SC_FLIGHTS)
        sc_lane_lost(call.frame.lane); /* nobody will know when it began */
}

void sc_site_after_cancel_point(struct sc_regs *regs)
{
    struct sc_lane *lane = sc_lane;
    if (!lane || !lane->chunk)
        return;
    unsigned slot = lane->flights;
    while (slot && lane->at[slot - 1] != (uintptr_t)sc_regs_stack(regs))
        slot--;
    if (!slot--)
        return; /* begun before recording did, or too deep in handlers */
    const struct sc_inflight *flight = &lane->chunk->inflight[slot];
    struct call call = {
        .nr = (unsigned)flight->nr1 - 1,
        .args = regs->args,
        .frame = {.lane = lane, .start = flight->start, .slot = slot},
    };
    sc_leave(&call.frame, call.nr, call.args, (int64_t)regs->rax, caller_of(regs));
    if (special[call.nr])
        after_special(&call, regs, (long)regs->rax);
}
