/*
 * dispatch.c: makes and records the system call of a site.
 *
 * Runs in place of the program's syscall instruction, on its stack, at any moment: in a signal handler, with signals
 * blocked, between vfork and exec. Calls nothing but our own code.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

#include "../args/call_record.h"
#include "../core/clock.h"
#include "../core/helper.h"
#include "../core/peek.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "../session/exec.h"
#include "../session/process.h"
#include "../session/restrict.h"
#include "call_care.h"
#include "dlopen.h"
#include "own_threads.h"
#include "rewrite.h"
#include "site.h"
#include "unpatch.h"
#include "vfork_child.h"

static inline long call_kernel(const struct sc_regs *regs)
{
    return sc_syscall6((long)regs->rax, (long)regs->rdi, (long)regs->rsi, (long)regs->rdx, (long)regs->r10,
                       (long)regs->r8, (long)regs->r9);
}

/* nr: the call's, which may be in no register any more. */
static inline const void *caller_of(const struct sc_regs *regs, unsigned nr)
{
    struct sc_writer *writer = sc_current()->writer; /* a stand-in has a caller cache of its own, which will do */
    return writer ? (const void *)sc_rewrite_caller(writer, regs, nr) : NULL; /* NULL: nothing is recorded */
}

/* A call in progress. Its arguments stay in the registers' place, which no call changes. */
struct call {
    unsigned nr;
    const uint64_t *args;
    struct sc_frame frame;
};

static inline void begin_call(struct call *call, const struct sc_regs *regs)
{
    call->nr = (unsigned)regs->rax;
    call->args = regs->args;
    sc_begin_call_at(&call->frame, (uintptr_t)&call->frame, call->nr, regs->args[0], regs->args[1], regs->args[2]);
}

/* The parts of struct clone_args that say who shares what. Asked for, since the kernel has not read them yet. */
struct clone_start {
    uint64_t flags, unused[4], stack;
};

/*
 * If we can't ask, read all the same: the kernel is about to, and without them a thread would come out on its stack in
 * the middle of us.
 */
static bool read_start(const struct sc_regs *regs, struct clone_start *start)
{
    size_t bytes = regs->rsi < sizeof *start ? regs->rsi : sizeof *start;
    if (regs->rsi < sizeof start->flags || !regs->rdi)
        return false;
    if (!sc_process.no_syscalls)
        return sc_asked_copy(start, regs->rdi, bytes);
    sc_proved_copy(start, regs->rdi, bytes);
    return true;
}

/*
 * flags as clone has them; *ret_stack: does the child get a stack. False: the call will fail, or can't be understood.
 */
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
        if (!read_start(regs, &start))
            return false;
        *ret_flags = start.flags;
        *ret_stack = start.stack != 0;
        return true;
    default: *ret_flags = regs->rax == SC_NR_vfork ? CLONE_VM | CLONE_VFORK : 0; return true;
    }
}

/* A child with memory of its own returns here, on its copy of this stack; its writer is wiped. */
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
        sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs, call.nr));
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
    /* Without a stack of its own the child returns through our frames, of which it has a copy. */
    if (!(flags & CLONE_VM) && !has_stack)
        return call_fork(regs);
    /* The child runs on another stack, or on ours after we have returned: it must come out at the site. */
    sc_vfork_child_begin(regs, flags);
    long how = sc_own_clone(regs, flags, has_stack);
    if (how == SC_SITE_DONE) /* it has failed */
        sc_site_after_raw(regs);
    return how;
}

/*
 * Mostly our loader in the place of a statically linked program; the program itself where that can't be started, be it
 * that the loader is gone or damaged, or that there is no room for what it is told.
 */
static long call_instead(const struct sc_regs *regs, const struct sc_exec_instead *instead, sc_addr given)
{
    bool at = regs->rax == SC_NR_execveat;
    struct sc_regs own = *regs;
    *(at ? &own.rsi : &own.rdi) = instead->path;
    *(at ? &own.rdx : &own.rsi) = instead->argv;
    if (at)
        own.r8 = 0; /* the path is absolute, and no link */
    long result = call_kernel(&own);
    if (instead->path != (sc_addr)sc_process.loader)
        return result;
    own = *regs;
    *(at ? &own.r10 : &own.rdx) = given;
    return call_kernel(&own);
}

static __attribute__((noinline)) void call_exec(struct sc_regs *regs)
{
    struct call call;
    bool at = regs->rax == SC_NR_execveat;
    uint64_t *environment = at ? &regs->r10 : &regs->rdx;
    uint64_t given = *environment;
    sc_addr path = at ? regs->rsi : regs->rdi;
    uint64_t args[SC_MAX_ARGS]; /* as the program gave it: the environment is about to be replaced */
    sc_copy(args, regs->args, sizeof args);
    begin_call(&call, regs);
    call.args = args;
    bool entered = true;
    struct sc_exec_instead instead = {.argv = at ? regs->rdx : regs->rsi};
    int directory = at ? (int)regs->rdi : AT_FDCWD;
    char first;
    long there = path && !sc_process.no_syscalls ? sc_syscall(SYS_faccessat, directory, path, F_OK) : -EFAULT;
    bool missing = there == -ENOENT || there == -ENOTDIR;
    bool empty = at && there != -EFAULT && sc_asked_copy(&first, path, 1) && first == '\0';
    /* If there is no such file, as in most directories of a PATH search, nothing has to be prepared. */
    if (call.frame.writer && (empty || (there != -EFAULT && !missing))) {
        *environment = sc_exec_environment(empty ? 0 : path, directory, given, true, &instead);
        if (empty || sc_syscall(SYS_faccessat, directory, path, X_OK) == 0)
            sc_end_call_noreturn(&call.frame, call.nr, call.args, caller_of(regs, call.nr));
        else
            sc_cancel_call(&call.frame);
        entered = false; /* if it succeeds, no slot may be left that looks begun and never ended */
    }
    if (path && sc_process.no_syscalls)
        *environment = sc_exec_environment(0, -1, given, true, NULL);
    if (!instead.path && path && !missing) /* /proc may not be mounted */
        instead.path = sc_own_executes(path);
    long result = instead.path ? call_instead(regs, &instead, given) : call_kernel(regs);
    *environment = given;
    regs->rax = (uint64_t)result;
    if (!entered) {
        uint64_t start = call.frame.start;
        sc_begin_call(&call.frame, call.nr, call.args[0], call.args[1], call.args[2]);
        call.frame.start = start;
    }
    sc_end_call(&call.frame, call.nr, call.args, result,
                caller_of(regs, call.nr)); /* failed, or we would not be here */
}

static void call_exec_on_stack(void *regs)
{
    call_exec(regs);
}

/*
 * musl's posix_spawn runs its child on 5 KiB of the caller's stack, of which a search along PATH may take 4: what is to
 * be done before the exec finds no room there.
 */
static __attribute__((noinline)) void call_exec_somewhere(struct sc_regs *regs)
{
    struct sc_writer *writer = sc_writer_own();
    if (sc_process.musl && writer && writer->process != sc_process.process)
        sc_helper_on_stack(&writer->exec_stack, call_exec_on_stack, regs);
    else
        call_exec(regs);
}

static __attribute__((noinline)) void call_exit(struct sc_regs *regs)
{
    struct call call;
    begin_call(&call, regs);
    sc_end_call_noreturn(&call.frame, call.nr, call.args, caller_of(regs, call.nr));
    /* A child that runs on this thread's writer (vfork) is a process, whichever call it ends by. */
    if (regs->rax == SC_NR_exit_group || (call.frame.writer && call.frame.writer->process != sc_process.process))
        sc_process_end(SC_END_EXIT, (int)(regs->rdi & 0xff), true);
    else {
        sc_thread_end();
        sc_own_thread_exits(regs);
    }
    call_kernel(regs);
    sc_process.leaving = false; /* a filter forbids it */
}

static void before_special(const struct call *call)
{
    /*
     * A patched site calls from its trampoline, and dispatch goes by the address: restore the code, which ends the
     * recording.
     */
    if (sc_restrict_hands_back(call->nr, call->args) && sc_unpatch_all())
        sc_stop(SC_STOP_DISPATCH, 0);
    if (sc_own_threads_make_calls() && sc_restrict_filters(call->nr, call->args) && sc_unpatch_all())
        sc_stop(SC_STOP_SECCOMP, 0);
    sc_care_before(&call->frame, call->nr, sc_call(call->nr)->means, call->args);
}

static void after_special(const struct call *call, const struct sc_regs *regs, long result)
{
    sc_care_after(call->nr, sc_call(call->nr)->means, call->args, result);
    if (call->nr == SC_NR_mmap)
        sc_dlopen_mapped(regs, call->args, result);
    else if (call->nr == SC_NR_close)
        sc_dlopen_closed((int)call->args[0]);
}

/* A function of its own: the usual call must not pay for its stack, which may be small. */
static __attribute__((noinline)) long call_special(struct sc_regs *regs)
{
    struct call call;
    switch (sc_call_table[regs->rax].means) {
    case SC_MEANS_SIGRETURN: return SC_SITE_RAW;
    case SC_MEANS_FORK: return call_clone(regs);
    case SC_MEANS_EXEC: call_exec_somewhere(regs); return 0;
    case SC_MEANS_EXIT:
    case SC_MEANS_EXIT_GROUP: call_exit(regs); return 0;
    case SC_MEANS_CLOCK:
        if (sc_clock_asks(regs->rsi)) {
            regs->rax = (uint64_t)call_kernel(regs);
            return 0;
        }
        break;
    default: break;
    }
    begin_call(&call, regs);
    before_special(&call);
    long result = sc_own_answer(call.nr, call.args, call_kernel(regs));
    regs->rax = (uint64_t)result;
    sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs, call.nr));
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
    sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs, call.nr));
    return 0;
}

long sc_site_call(struct sc_regs *regs)
{
    if (SC_UNLIKELY(regs->rax >= SC_NR_LIMIT))
        return SC_SITE_RAW;
    if (SC_UNLIKELY(sc_own_call(regs)))
        return SC_SITE_DONE;
    uint8_t care = sc_call_table[regs->rax].care;
    if (SC_UNLIKELY(care != SC_CARE_NONE))
        return care == SC_CARE_LOOK ? call_write(regs) : call_special(regs);
    struct call call;
    begin_call(&call, regs);
    long result = sc_own_answer(call.nr, call.args, call_kernel(regs));
    regs->rax = (uint64_t)result;
    sc_end_call(&call.frame, call.nr, call.args, result, caller_of(regs, call.nr));
    return 0;
}

static const void *caller_of_fork(const struct sc_regs *regs)
{
    return caller_of(regs, SC_NR_vfork);
}

/* In the child of a thread's clone the writer is another thread's or none: touch nothing. */
void sc_site_after_raw(struct sc_regs *regs)
{
    sc_vfork_child_end(regs, caller_of_fork);
    sc_own_clone_done(regs);
}

/*
 * A call at a cancellation point has no frame of ours on the stack while it runs. Its state is in its slot, found again
 * by the stack pointer. A handler that interrupts it may make calls, and may never return.
 */
static void begin_point(uintptr_t at, unsigned nr, const uint64_t *args)
{
    struct call call = {.nr = nr, .args = args};
    sc_begin_call_at(&call.frame, at, nr, args[0], args[1], args[2]);
    uint8_t care = sc_call(nr)->care;
    if (care == SC_CARE_LOOK)
        sc_look(&call.frame, sc_call(nr), args);
    else if (care == SC_CARE_MORE)
        before_special(&call);
    if (!call.frame.writer)
        return;
    if (call.frame.slot == SC_INFLIGHT_SLOTS) {
        sc_writer_lost(call.frame.writer); /* there is no slot to keep the start in */
        return;
    }
    call.frame.writer->looked[call.frame.slot] = call.frame.looked;
    /* Once more: a handler that came before the slot was taken has had it for its own. */
    call.frame.writer->at[call.frame.slot] = at;
}

void sc_site_before_cancel_point(struct sc_regs *regs)
{
    begin_point(sc_regs_stack(regs), (unsigned)regs->rax, regs->args);
}

/*
 * __syscall_cp_asm(cancelled, number, six arguments), of which the last two are on the stack, above the return address:
 * above that is where the stack pointer will be when it has come back.
 */
void sc_site_before_call(struct sc_regs *regs)
{
    uint64_t stack = sc_regs_stack(regs), number = regs->rsi, rcx = regs->rax;
    const uint64_t args[SC_MAX_ARGS] = {
        regs->rdx, rcx, regs->r8, regs->r9, sc_proved_u64(stack + 8), sc_proved_u64(stack + 16)};
    if (number < SC_NR_LIMIT)
        begin_point(stack + 8, (unsigned)number, args);
}

/* __unmapself(stack, size): the last two calls of a detached thread, after which nothing of it is left. */
void sc_site_before_unmap(struct sc_regs *regs)
{
    const uint64_t unmapping[SC_MAX_ARGS] = {regs->rdi, regs->rsi}, ending[SC_MAX_ARGS] = {0};
    const void *caller = caller_of(regs, SC_NR_munmap);
    struct call call = {.nr = SC_NR_munmap, .args = unmapping};
    sc_begin_call_at(&call.frame, (uintptr_t)&call.frame, call.nr, unmapping[0], unmapping[1], 0);
    before_special(&call);
    sc_end_call(&call.frame, call.nr, unmapping, 0, caller);
    sc_begin_call_at(&call.frame, (uintptr_t)&call.frame, SC_NR_exit, 0, 0, 0);
    sc_end_call_noreturn(&call.frame, SC_NR_exit, ending, caller);
    sc_thread_end();
    sc_own_thread_ends();
}

/*
 * The call's slot, and in call what is kept of it there. While the writer is busy a handler records elsewhere, and
 * can't put another chunk into the place of the one that is read. SC_INFLIGHT_SLOTS: it was begun before recording, or
 * too deep in handlers.
 */
static unsigned find_point(struct sc_writer *writer, uint64_t stack, struct call *call)
{
    uint32_t busy = writer->busy;
    writer->busy = 1;
    SC_BARRIER();
    unsigned slot = writer->in_flight;
    while (slot && writer->at[slot - 1] != stack)
        slot--;
    unsigned found = slot ? slot - 1 : SC_INFLIGHT_SLOTS;
    if (slot) {
        const struct sc_inflight *inflight = &writer->chunk->inflight[found];
        call->nr = (unsigned)inflight->nr1 - 1;
        call->frame = (struct sc_frame){writer, inflight->start, found, writer->looked[found]};
    }
    SC_BARRIER();
    writer->busy = busy;
    return found;
}

void sc_site_after_cancel_point(struct sc_regs *regs)
{
    struct sc_writer *writer = sc_writer_own();
    struct call call = {.args = regs->args};
    if (!writer || !writer->chunk || find_point(writer, sc_regs_stack(regs), &call) == SC_INFLIGHT_SLOTS)
        return;
    regs->rax = (uint64_t)sc_own_answer(call.nr, call.args, (int64_t)regs->rax);
    sc_end_call(&call.frame, call.nr, call.args, (int64_t)regs->rax, caller_of(regs, call.nr));
    if (sc_call(call.nr)->care == SC_CARE_MORE)
        after_special(&call, regs, (long)regs->rax);
}
