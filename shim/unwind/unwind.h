/*
 * unwind.h: from a place in the code to its callers, by the unwind tables (DWARF 4, section 6.4; LSB Core 5.0, 10.6).
 *
 * What is found for an address is kept, so that a frame costs a look-up once it has been seen. Only rules that
 * compilers use are followed (CFA as rsp or rbp plus an offset, rbp and the return address saved in the frame); at
 * anything else, signal frames among them, the walk ends. Nothing is locked or allocated; usable in a signal handler.
 *
 * To find the caller of a call only tables of objects that stay are needed (modules.h). Those of others are read by way
 * of the kernel, and what they said is forgotten when any object goes.
 */
#ifndef SC_UNWIND_H
#define SC_UNWIND_H

#include <stdbool.h>
#include <stdint.h>

#include "../core/peek.h"
#include "../core/state.h"
#include "modules.h"

struct sc_cursor {
    uint64_t pc; /* in the topmost frame an address to be looked up as it is, in the others a return address */
    uint64_t sp;
    uint64_t bp;
};

/* A thread's stack while it is walked up. */
struct sc_stack_walk {
    struct sc_readable known;  /* what is known to be readable; a frame that was none leads anywhere */
    struct sc_kept_walk *kept; /* takes what the steps depend on */
    struct sc_stack_word bp;   /* where the cursor's bp was read; at 0: it is that of the beginning */
    bool bp_noted;             /* in kept */
};

/*
 * Moves cursor to the caller. False where it cannot be told; cursor is unchanged then. ret_owner: who the code belongs
 * to that it was at; PROGRAM where that is unknown (code made at run time).
 */
bool sc_unwind_step(struct sc_cursor *cursor, struct sc_stack_walk *walk, enum sc_owner *ret_owner);

/* Bytes above the stack pointer at that place to its return address, where that is always the same; else -1. */
int32_t sc_unwind_fixed(uint64_t pc);

/*
 * The innermost return address, of at most so many frames, that belongs to the program, or to a language's library
 * where that is not passed or leads to no program. 0 where there is none.
 */
uint64_t sc_unwind_program(struct sc_cursor *cursor, unsigned most, bool pass_language);

#endif
