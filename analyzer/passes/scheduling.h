/*
 * scheduling.h: calls that a program with several threads makes as its threads happen to take turns, so that two runs
 * of it differ in them: waiting for locks and giving way; and what glibc does with memory for threads: stacks, which
 * are those of threads that have ended where there are any, and malloc's heaps, a thread's own or another's.
 */
#ifndef SC_SCHEDULING_H
#define SC_SCHEDULING_H

#include "../model/event.h"

struct sc_scheduling;
struct sc_scheduling *sc_scheduling_new(void); /* NULL where memory is short */
void sc_scheduling_free(struct sc_scheduling *scheduling);

/*
 * ret_chance: whether the call is one of these, provided that several threads share its process. For every event of a
 * run, in order. 0, or -ENOMEM.
 */
int sc_scheduling_step(struct sc_scheduling *scheduling, const struct sc_event *event, bool *ret_chance);

#endif
