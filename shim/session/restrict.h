/*
 * restrict.h: the program gives up what we need: system calls (seccomp, syscall user dispatch) or the time stamp
 * counter (prctl). We act before the call and undo it if the call fails.
 */
#ifndef SC_RESTRICT_H
#define SC_RESTRICT_H

#include <stdbool.h>
#include <stdint.h>

/* Around prctl and seccomp, with the kernel's arguments. */
void sc_restrict_before(unsigned nr, const uint64_t *args);
void sc_restrict_after(unsigned nr, const uint64_t *args, int64_t result);

/* Whether the call tells the program's calls apart by the address they come from (syscall user dispatch). */
bool sc_restrict_hands_back(unsigned nr, const uint64_t *args);

/* Whether the call forbids calls (a seccomp filter, or strict mode). */
bool sc_restrict_filters(unsigned nr, const uint64_t *args);

/* A thread was made: it inherits its maker's restrictions. */
void sc_restrict_thread_made(void);

#endif
