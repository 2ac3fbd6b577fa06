/*
 * own_calls.h: whether we may make system calls: not after the program installed a seccomp filter, nor while syscall
 * user dispatch is on.
 */
#ifndef SC_OWN_CALLS_H
#define SC_OWN_CALLS_H

#include "../../common/capture_format.h"

/* SC_STOP_SECCOMP or SC_STOP_DISPATCH; allow each as often as it was forbidden. Sets sc_process.no_syscalls. */
void sc_own_calls_forbid(enum sc_stop reason);
void sc_own_calls_allow(enum sc_stop reason);

/* Why they are forbidden. */
enum sc_stop sc_own_calls_forbidden(void);

/* In a forked child, before anything else: dispatch is per thread and not inherited. */
void sc_own_calls_forked(void);

#endif
