/*
 * vfork_child.h: children that share our memory.
 *
 * The child of vfork, or of posix_spawn's clone, runs in its parent's memory and thread-local storage while the parent
 * waits. It uses the parent's writer, under a process number and tid of its own, until it execs or exits. The child of
 * pthread_create's clone has storage of its own and begins without a writer.
 */
#ifndef SC_VFORK_CHILD_H
#define SC_VFORK_CHILD_H

#include "../core/state.h"
#include "site.h"

/* Before a clone with CLONE_VM, whose registers these are. */
void sc_vfork_child_begin(const struct sc_regs *regs, uint64_t flags);

/* After it, in the parent and in the child. caller: finds the caller for the parent's record. */
void sc_vfork_child_end(const struct sc_regs *regs, const void *(*caller)(const struct sc_regs *regs));

#endif
