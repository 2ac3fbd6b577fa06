/*
 * restrict.h: the program gives up what we need: system calls (seccomp, syscall user dispatch) or the time stamp
 * counter (prctl). Decided before the call takes effect; taken back where it fails.
 */
#ifndef SC_RESTRICT_H
#define SC_RESTRICT_H

#include <stdint.h>

/* Around prctl and seccomp, with the kernel's arguments. */
void sc_restrict_before(unsigned nr, const uint64_t *args);
void sc_restrict_after(unsigned nr, const uint64_t *args, int64_t result);

/* A thread was made: it has its maker's restrictions. */
void sc_restrict_thread_made(void);

#endif
