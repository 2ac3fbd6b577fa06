#include "vfork_child.h"

#include <sched.h>
#include <string.h>

#include "../args/call_record.h"
#include "../args/fd_class.h"
#include "../core/helper.h"
#include "../core/raw_syscall.h"
#include "../core/writer.h"
#include "../session/process.h"
#include "../session/restrict.h"

void sc_vfork_child_begin(const struct sc_regs *regs, uint64_t flags)
{
    struct sc_writer *writer = sc_writer_get();
    bool shared = flags & CLONE_VM && !(flags & (CLONE_SETTLS | CLONE_THREAD));
    if (!writer)
        return;
    if (flags & CLONE_FILES && !(flags & CLONE_THREAD))
        sc_helper_shared();
    if (flags & CLONE_THREAD && !(flags & CLONE_FILES))
        sc_fd_not_shared();
    if (flags & CLONE_THREAD)
        sc_restrict_thread_made();
    if (shared && !(flags & CLONE_VFORK)) {
        /* LeakSanitizer's clone runs beside this thread with its storage; a writer is one thread's. */
        sc_process_untraced(SC_UNTRACED_SHARED, "", false);
        sc_writer_share(writer);
        shared = false;
    }
    if (writer->vfork_count == SC_MAX_VFORK_CHILDREN)
        return;
    struct sc_vfork_child *child = &writer->vfork_children[writer->vfork_count++];
    child->start = sc_now();
    child->nr = (uint32_t)regs->rax;
    child->flags = flags;
    child->shared = shared;
    child->own = writer->own;
    child->tid = writer->tid;
    child->process = writer->process;
}

static void become_child(struct sc_writer *writer)
{
    struct sc_process process = {
        .parent = writer->process,
        .ppid = writer->tid,
        .origin = SC_ORIGIN_FORK,
        .mode = SC_MODE_FULL,
        .tick = sc_now(),
        .real = sc_realtime(),
    };
    sc_fd_child_begins();
    writer->own = (struct sc_own_io){0}; /* the kernel counts the child's from 0 */
    writer->process = __atomic_fetch_add(&sc_process.header->processes, 1, __ATOMIC_RELAXED);
    writer->tid = (uint32_t)sc_syscall(SYS_getpid, 0);
    process.process = writer->process;
    process.pid = writer->tid;
    sc_writer_new_segment(writer);
    sc_put_meta(SC_META_PROCESS, &process, sizeof process, NULL, 0);
}

void sc_vfork_child_end(const struct sc_regs *regs, const void *(*caller)(const struct sc_regs *regs))
{
    struct sc_writer *writer = sc_writer_own();
    if (writer && !writer->chunk && regs->rax == 0)
        sc_writer_get(); /* a child with memory of its own, whose writer was wiped */
    if (!writer || !writer->chunk || !writer->vfork_count)
        return; /* a new thread, or nothing is recorded */
    struct sc_vfork_child *child = &writer->vfork_children[writer->vfork_count - 1];
    if (regs->rax == 0) {
        if (child->shared && sc_process.follow)
            become_child(writer);
        else if (!(child->flags & CLONE_VM)) {
            sc_writer_forked_child();
            sc_writer_get();
        }
        return;
    }
    writer->vfork_count--;
    if (writer->process != child->process || writer->tid != child->tid) {
        writer->process = child->process;
        writer->tid = child->tid;
        writer->own = child->own;
        sc_fd_child_gone();
        sc_writer_new_segment(writer);
    }
    uint64_t args[SC_MAX_ARGS] = {regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8, regs->r9};
    struct sc_frame frame;
    sc_begin_call(&frame, child->nr, args[0], args[1], args[2]);
    frame.start = child->start;
    sc_end_call(&frame, child->nr, args, (int64_t)regs->rax, caller(regs));
}
