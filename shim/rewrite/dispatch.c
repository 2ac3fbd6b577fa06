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

#include "../args/call_record.h"
#include "../args/fd_class.h"
#include "../core/peek.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "../session/exec.h"
#include "../session/process.h"
#include "../session/restrict.h"
#include "dlopen.h"
#include "rewrite.h"
#include "site.h"
#include "unpatch.h"
#include "vfork_child.h"

static inline long call_kernel(const struct sc_regs *regs)
{
    return sc_syscall6((long)regs->rax, (long)regs->rdi, (long)regs->rsi, (long)regs->rdx, (long)regs->r10,
                       (long)regs->r8, (long)regs->r9);
}

static inline const void *caller_of(const struct sc_regs *regs)
{
    struct sc_writer *writer = sc_current()->writer; /* where it is a stand-in, its place for callers does as well */
    return writer ? (const void *)sc_rewrite_caller(writer, regs) : NULL; /* NULL: nothing is recorded */
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
    sc_begin_call_at(&call->frame, at, call->nr, regs->args[0], regs->args[1], regs->args[2]);
}

static inline void begin_call(struct call *call, const struct sc_regs *regs)
{
    begin_call_at(call, (uintptr_t)&call->frame, regs);
}

enum care {
    NO_CARE,
    WRITES, /* what it writes is looked at, before or after */
    CARE,   /* more to do than to record it */
};

static const uint8_t cares[SC_NR_LIMIT] = {
    [SC_NR_write] = WRITES,
    [SC_NR_pwrite64] = WRITES,
    [SC_NR_writev] = WRITES,
    [SC_NR_pwritev] = WRITES,
    [SC_NR_pwritev2] = WRITES,
    [SC_NR_mmap] = CARE,
    [SC_NR_munmap] = CARE,
    [SC_NR_mremap] = CARE,
    [SC_NR_clone] = CARE,
    [SC_NR_clone3] = CARE,
    [SC_NR_fork] = CARE,
    [SC_NR_vfork] = CARE,
    [SC_NR_unshare] = CARE,
    [SC_NR_execve] = CARE,
    [SC_NR_execveat] = CARE,
    [SC_NR_exit] = CARE,
    [SC_NR_exit_group] = CARE,
    [SC_NR_rt_sigreturn] = CARE,
    [SC_NR_wait4] = CARE,
    [SC_NR_waitid] = CARE,
    [SC_NR_prctl] = CARE,
    [SC_NR_seccomp] = CARE,
    [SC_NR_io_uring_setup] = CARE,
    [SC_NR_io_setup] = CARE,
    /* they close descriptors or give them out: */
    [SC_NR_close] = CARE,
    [SC_NR_close_range] = CARE,
    [SC_NR_dup2] = CARE,
    [SC_NR_dup3] = CARE,
    [SC_NR_open] = CARE,
    [SC_NR_openat] = CARE,
    [SC_NR_openat2] = CARE,
    [SC_NR_creat] = CARE,
    [SC_NR_dup] = CARE,
    [SC_NR_fcntl] = CARE,
    [SC_NR_socket] = CARE,
    [SC_NR_accept] = CARE,
    [SC_NR_accept4] = CARE,
    [SC_NR_pipe] = CARE,
    [SC_NR_pipe2] = CARE,
    [SC_NR_socketpair] = CARE,
    [SC_NR_recvmsg] = CARE,
    [SC_NR_recvmmsg] = CARE,
    [SC_NR_memfd_create] = CARE,
    [SC_NR_pidfd_getfd] = CARE,
    [SC_NR_open_by_handle_at] = CARE,
    [SC_NR_eventfd] = CARE,
    [SC_NR_eventfd2] = CARE,
    [SC_NR_mq_open] = CARE,
    [SC_NR_inotify_init] = CARE,
    [SC_NR_inotify_init1] = CARE,
    [SC_NR_timerfd_create] = CARE,
    [SC_NR_signalfd4] = CARE,
    [SC_NR_epoll_create1] = CARE,
};

/* struct clone_args as far as it says who shares what; asked, since the kernel has not read it yet. */
struct clone_start {
    uint64_t flags, unused[4], stack;
};

/* flags as clone has them; *ret_stack: does the child get one. False: the call will fail, or can't be understood. */
static bool read_clone(const struct sc_regs *regs, uint64_t *ret_flags, bool *ret_stack)
{
    struct clone_start start = {0};
    *ret_stack = false;
    switch (regs->rax) {
    case SC_NR_clone:
        *ret_flags = regs->rdi;
        *ret_stack = regs->rsi != 0;
        return true;
    case SC_NR_clone3:
        if (regs->rsi < sizeof start.flags ||
            !sc_asked_copy(&start, regs->rdi, regs->rsi < sizeof start ? regs->rsi : sizeof start))
            return false;
        *ret_flags = start.flags;
        *ret_stack = start.stack != 0;
        return true;
    default: *ret_flags = CLONE_VM | CLONE_VFORK; return true;
    }
}

/* A child with memory of its own comes back here, on its copy of this stack; its writer is wiped. */
static __attribute__((noinline)) long call_fork(struct sc_regs *regs)
{
    struct call call;
    begin_call(&call, regs);
    long result = call_kernel(regs);
    regs->rax = (uint64_t)result;
    if (result == 0) {
        sc_writer_forked_child();
        sc_writer_get();
    } else
        sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs));
    return 0;
}

static __attribute__((noinline)) long call_clone(struct sc_regs *regs)
{
    uint64_t flags;
    bool has_stack;
    if (!read_clone(regs, &flags, &has_stack)) {
        regs->rax = (uint64_t)call_kernel(regs);
        return 0;
    }
    /* Without a stack of its own it comes back through frames of ours, of which it has a copy. */
    if (!(flags & CLONE_VM) && !has_stack)
        return call_fork(regs);
    /* The child runs on another stack, or on ours after we have left it: it must come out at the site. */
    sc_vfork_child_begin(regs, flags);
    return 1;
}

static __attribute__((noinline)) void call_exec(struct sc_regs *regs)
{
    struct call call;
    bool at = regs->rax == SC_NR_execveat;
    uint64_t *environment = at ? &regs->r10 : &regs->rdx;
    uint64_t given = *environment;
    sc_addr path = at ? regs->rsi : regs->rdi;
    uint64_t args[SC_MAX_ARGS]; /* as given: the environment is about to be another */
    sc_copy(args, regs->args, sizeof args);
    begin_call(&call, regs);
    call.args = args;
    bool entered = true;
    int directory = at ? (int)regs->rdi : AT_FDCWD;
    char first;
    long there = path && !sc_process.no_syscalls ? sc_syscall(SYS_faccessat, directory, path, F_OK) : -EFAULT;
    bool empty = at && there != -EFAULT && sc_asked_copy(&first, path, 1) && first == '\0';
    /* Where nothing is there, as in most directories of a search along PATH, nothing has to be prepared. */
    if (call.frame.writer && (empty || (there != -EFAULT && there != -ENOENT && there != -ENOTDIR))) {
        *environment = sc_exec_environment(empty ? 0 : path, directory, given, true);
        if (empty || sc_syscall(SYS_faccessat, directory, path, X_OK) == 0)
            sc_end_call_noreturn(&call.frame, call.nr, call.args, caller_of(regs));
        else
            sc_cancel_call(&call.frame);
        entered = false; /* where it succeeds, nothing must be left that looks begun and never ended */
    }
    if (path && sc_process.no_syscalls)
        *environment = sc_exec_environment(0, -1, given, true);
    long result = call_kernel(regs);
    *environment = given;
    regs->rax = (uint64_t)result;
    if (!entered) {
        uint64_t start = call.frame.start;
        sc_begin_call(&call.frame, call.nr, call.args[0], call.args[1], call.args[2]);
        call.frame.start = start;
    }
    sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs)); /* failed, or we would not be here */
}

static __attribute__((noinline)) void call_exit(struct sc_regs *regs)
{
    struct call call;
    begin_call(&call, regs);
    sc_end_call_noreturn(&call.frame, call.nr, call.args, caller_of(regs));
    if (regs->rax == SC_NR_exit_group)
        sc_process_end(SC_END_EXIT, (int)(regs->rdi & 0xff), true);
    else
        sc_thread_end();
    call_kernel(regs);
}

static void after_wait(const struct call *call, long result)
{
    if (call->nr == SC_NR_wait4)
        sc_process_waited((int)result, call->args[1]);
    else if (result == 0)
        sc_process_waited_info(call->args[2], call->args[3]);
}

/* Called before the kernel is: what may not be true any more when it is back. */
static void before_special(const struct call *call)
{
    sc_fd_before(call->nr, call->args);
    switch (call->nr) {
    case SC_NR_mmap:
    case SC_NR_munmap:
    case SC_NR_mremap: sc_dlopen_unmapping(call->nr, call->args); break;
    case SC_NR_prctl:
    case SC_NR_seccomp:
        /* A patched site calls from its trampoline: the code becomes what it was, which ends the recording. */
        if (sc_restrict_hands_back(call->nr, call->args) && sc_unpatch_all())
            sc_stop(SC_STOP_DISPATCH, 0);
        sc_restrict_before(call->nr, call->args);
        break;
    default: break;
    }
}

static void after_special(const struct call *call, const struct sc_regs *regs, long result)
{
    sc_fd_after(call->nr, call->args, result);
    switch (call->nr) {
    case SC_NR_mmap: sc_dlopen_mapped(call->args, result, regs->after); break;
    case SC_NR_close: sc_dlopen_closed((int)call->args[0]); break;
    case SC_NR_wait4:
    case SC_NR_waitid: after_wait(call, result); break;
    case SC_NR_prctl:
    case SC_NR_seccomp: sc_restrict_after(call->nr, call->args, result); break;
    case SC_NR_unshare:
        if (result == 0 && call->args[0] & CLONE_FILES)
            sc_fd_not_shared();
        break;
    case SC_NR_io_uring_setup:
    case SC_NR_io_setup:
        if (result >= 0)
            sc_put_note(call->nr == SC_NR_io_setup ? SC_NOTE_AIO : SC_NOTE_IO_URING, (uint64_t)result, 0);
        break;
    default: break;
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
    before_special(&call);
    long result = call_kernel(regs);
    regs->rax = (uint64_t)result;
    sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs));
    after_special(&call, regs, result);
    return 0;
}

static long call_write(struct sc_regs *regs)
{
    struct call call;
    begin_call(&call, regs);
    sc_look(&call.frame, &sc_call_table[call.nr], call.args);
    long result = call_kernel(regs);
    regs->rax = (uint64_t)result;
    sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs));
    return 0;
}

long sc_site_call(struct sc_regs *regs)
{
    if (SC_UNLIKELY(regs->rax >= SC_NR_LIMIT))
        return 1;
    uint8_t care = cares[regs->rax];
    if (SC_UNLIKELY(care != NO_CARE))
        return care == WRITES ? call_write(regs) : call_special(regs);
    struct call call;
    begin_call(&call, regs);
    long result = call_kernel(regs);
    regs->rax = (uint64_t)result;
    sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs));
    return 0;
}

/* In the child of a thread's clone the writer is another's or none: nothing is touched there. */
void sc_site_after_raw(struct sc_regs *regs)
{
    sc_vfork_child_end(regs, caller_of);
}

/*
 * A call at a cancellation point leaves no frame of ours on the stack while it runs; what belongs to it stands in its
 * slot, found again by the stack pointer. A handler that interrupts it may call on, and may never come back.
 */
void sc_site_before_cancel_point(struct sc_regs *regs)
{
    struct call call;
    begin_call_at(&call, sc_regs_stack(regs), regs);
    uint8_t care = call.nr < SC_NR_LIMIT ? cares[call.nr] : NO_CARE;
    if (care == WRITES)
        sc_look(&call.frame, &sc_call_table[call.nr], call.args);
    else if (care == CARE)
        before_special(&call);
    if (!call.frame.writer)
        return;
    if (call.frame.slot == SC_INFLIGHT_SLOTS)
        sc_writer_lost(call.frame.writer); /* nobody will know when it began */
    else
        call.frame.writer->looked[call.frame.slot] = call.frame.looked;
}

void sc_site_after_cancel_point(struct sc_regs *regs)
{
    struct sc_writer *writer = sc_writer_own();
    if (!writer || !writer->chunk)
        return;
    unsigned slot = writer->in_flight;
    while (slot && writer->at[slot - 1] != sc_regs_stack(regs))
        slot--;
    if (!slot--)
        return; /* begun before recording did, or too deep in handlers */
    const struct sc_inflight *inflight = &writer->chunk->inflight[slot];
    struct call call = {
        .nr = (unsigned)inflight->nr1 - 1,
        .args = regs->args,
        .frame = {.writer = writer, .start = inflight->start, .slot = slot, .looked = writer->looked[slot]},
    };
    sc_end_call(&call.frame, call.nr, call.args, (int64_t)regs->rax, caller_of(regs));
    if (cares[call.nr] == CARE)
        after_special(&call, regs, (long)regs->rax);
}
