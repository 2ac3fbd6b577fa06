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

void sc_borrow_begin(const struct sc_regs *regs, uint64_t flags)
{
    struct sc_lane *lane = sc_lane_get();
    bool shared = flags & CLONE_VM && !(flags & (CLONE_SETTLS | CLONE_THREAD));
    if (!lane)
        return;
    if (flags & CLONE_FILES && !(flags & CLONE_THREAD))
        sc_outside_shared();
    if (flags & CLONE_THREAD && !(flags & CLONE_FILES))
        sc_fd_not_shared();
    if (flags & CLONE_THREAD)
        sc_restrict_thread_made();
    if (shared && !(flags & CLONE_VFORK)) {
        /* LeakSanitizer's. It runs beside this thread with its storage; a lane is one writer's. */
        sc_process_untraced(SC_UNTRACED_SHARED, "", false);
        sc_lane_share(lane);
        shared = false;
    }
    if (lane->lent_count == SC_MAX_LENT)
        return;
    struct sc_lent *lent = &lane->lent[lane->lent_count++];
    lent->start = sc_now();
    lent->nr = (uint32_t)regs->rax;
    lent->flags = flags;
    lent->shared = shared;
    lent->own = lane->own;
    lent->tid = lane->tid;
    lent->process = lane->process;
}

static void become_child(struct sc_lane *lane)
{
    struct sc_process process = {
        .parent = lane->process,
        .ppid = lane->tid,
        .origin = SC_ORIGIN_FORK,
        .mode = SC_MODE_FULL,
        .tick = sc_now(),
        .real = sc_realtime(),
    };
    sc_fd_child_begins();
    lane->own = (struct sc_own_io){0}; /* the kernel counts the child's from 0 */
    lane->process = __atomic_fetch_add(&sc_process.header->processes, 1, __ATOMIC_RELAXED);
    lane->tid = (uint32_t)sc_sys(SYS_getpid, 0);
    process.process = lane->process;
    process.pid = lane->tid;
    sc_lane_new_segment(lane);
    sc_put_meta(SC_META_PROCESS, &process, sizeof process, NULL, 0);
}

void sc_borrow_end(const struct sc_regs *regs, const void *(*caller)(const struct sc_regs *regs))
{
    struct sc_lane *lane = sc_lane_own();
    if (lane && !lane->chunk && regs->rax == 0)
        sc_lane_get(); /* a child with memory of its own, where the lane was wiped */
    if (!lane || !lane->chunk || !lane->lent_count)
        return; /* a new thread, one that is not recorded, or nothing is */
    struct sc_lent *lent = &lane->lent[lane->lent_count - 1];
    if (regs->rax == 0) {
        if (lent->shared && sc_process.follow)
            become_child(lane);
        else if (!(lent->flags & CLONE_VM)) {
            sc_lane_forked_child();
            sc_lane_get();
        }
        return;
    }
    lane->lent_count--;
    if (lane->process != lent->process || lane->tid != lent->tid) {
        lane->process = lent->process;
        lane->tid = lent->tid;
        lane->own = lent->own;
        sc_fd_child_gone();
        sc_lane_new_segment(lane);
    }
    uint64_t args[SC_MAX_ARGS] = {regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8, regs->r9};
    struct sc_frame frame;
    sc_enter(&frame, lent->nr, args[0], args[1], args[2]);
    frame.start = lent->start;
    sc_leave(&frame, lent->nr, args, (int64_t)regs->rax, caller(regs));
}
