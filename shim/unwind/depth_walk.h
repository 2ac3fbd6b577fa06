/* depth_walk.h: how much a function has on the stack, from instruction to instruction, as compilers keep the pointer.
 */
#ifndef SC_DEPTH_WALK_H
#define SC_DEPTH_WALK_H

#include "eh_frame.h"
#include "insn.h"

enum { SC_DEPTH_MARKS = 32 /* branches ahead that are remembered, on the program's stack */ };

/* Bytes on the stack below the return address, and how many when rbp was pushed; 0: it was not. */
struct sc_depth {
    int16_t bytes;
    int16_t bp;
};

/* On the way through a function's instructions; begins with known set and all else 0. */
struct sc_depth_walk {
    struct sc_depth now;
    bool known;
    bool has_table;
    struct sc_depth at_table; /* at the last jump through a register: where a table leads it is the same */
    unsigned marks;
    struct sc_depth_mark {
        uint32_t at; /* from the function's beginning */
        struct sc_depth depth;
    } mark[SC_DEPTH_MARKS];
};

/* The depth before the instruction so many bytes from the beginning; -1: unknown. Then it is passed. */
int32_t sc_depth_at(struct sc_depth_walk *walk, uint64_t at);
void sc_depth_pass(struct sc_depth_walk *walk, const struct sc_function *function, uint64_t at,
                   const struct sc_insn *insn);

#endif
