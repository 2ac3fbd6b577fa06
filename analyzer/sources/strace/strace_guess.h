/*
 * strace_guess.h: who a thread is that a line names; private to the strace source.
 */
#ifndef SC_STRACE_GUESS_H
#define SC_STRACE_GUESS_H

#include "strace_log.h"

/* strace_process.c */
void sc_strace_enrol(struct sc_strace_log *log, struct sc_strace_thread *thread, struct sc_strace_process *process,
                     const struct sc_strace_process *parent);

/* strace_line.c: the call whose text the thread keeps, without an end */
void sc_strace_emit_begun(struct sc_strace_log *log, struct sc_strace_thread *thread, uint8_t outcome);

/* strace_notice.c: the body without a message of strace's that broke into the line */
struct sc_span sc_strace_remark(struct sc_strace_log *log, const struct sc_strace_prefix *prefix);
/* Signals, exits, messages, stacks, tables: true where the line was one of them. */
bool sc_strace_notice(struct sc_strace_log *log, const struct sc_strace_prefix *prefix);

/* Does a call of that number make a thread or process? */
bool sc_strace_makes_child(const struct sc_call_desc *desc);

#endif
