/*
 * restrict.h: the program gives up what we need: system calls (seccomp, syscall user dispatch) or the time stamp
 * counter (prctl). Decided before the call takes effect; taken back where it fails.
 */
#ifndef SC_RESTRICT_H
#define SC_RESTRICT_H

#include <stdint.h>

#include "../common/record.h"

/* Around prctl and seccomp, with the kernel's arguments. */
void sc_restrict_before(unsigned nr, const uint64_t *args);
void sc_restrict_after(unsigned nr, const uint64_t *args, int64_t result);

/* Why none of our calls is to be made (sc_process.no_syscalls). */
enum sc_stop sc_restrict_reason(void);

/* In a forked child, before anything else: what its parent's threads had of their own is gone. */
void sc_restrict_forked(void);

/* A thread was made: it has its maker's restrictions. */
void sc_restrict_thread_made(void);

#endif
