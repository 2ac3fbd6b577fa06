/*
 * own_calls.h: whether system calls of our own may be made: not while the program has a seccomp filter that came after
 * us, nor while it has calls handed back to it (syscall user dispatch).
 */
#ifndef SC_OWN_CALLS_H
#define SC_OWN_CALLS_H

#include "../../common/capture_format.h"

/* SC_STOP_SECCOMP or SC_STOP_DISPATCH; each as often as it was forbidden. Sets sc_process.no_syscalls. */
void sc_own_calls_forbid(enum sc_stop reason);
void sc_own_calls_allow(enum sc_stop reason);

/* Why they are forbidden. */
enum sc_stop sc_own_calls_forbidden(void);

/* In a forked child, before anything else: dispatch is a thread's, and not its child's. */
void sc_own_calls_forked(void);

#endif
