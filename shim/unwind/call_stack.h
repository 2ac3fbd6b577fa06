/*
 * call_stack.h: the stack of a call, for SYSCAP_STACK.
 */
#ifndef SC_CALL_STACK_H
#define SC_CALL_STACK_H

#include "../core/writer.h"

/* The return addresses from the first frame outside this library on, innermost first; how many. */
unsigned sc_stack_collect(struct sc_writer *writer);

/* Stores what was collected in the writer's chunk, each distinct stack once, and adds the reference. There is room. */
void sc_stack_add(struct sc_writer *writer, struct sc_record *record, unsigned count);

#endif
