/*
 * frame_walk.h: how a frame is left where no unwind table says it: by the instructions from the function's beginning
 * on, as compilers keep the stack pointer without a frame pointer.
 */
#ifndef SC_FRAME_WALK_H
#define SC_FRAME_WALK_H

#include "eh_frame.h"
#include "frame_rule.h"

/* At the instruction that holds pc. Not valid where the stack pointer's way to there is not plain. */
struct sc_frame_rule sc_frame_walk(const struct sc_elf_module *module, uint64_t pc);

/* Whether a return address can be that: what is before it is a call. It can be read. */
bool sc_follows_call(uint64_t address, uint64_t begin);

#endif
