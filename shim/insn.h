/*
 * insn.h: how long an instruction of x86-64 is, and where it may lead.
 *
 * Enough to walk compiled code from the start of a function and to know which bytes may be moved: lengths of all
 * encodings that compilers emit (legacy, REX, VEX, EVEX; Intel SDM volume 2, appendix A), direct branch targets, and
 * whether an instruction refers to its own address. Checked against Capstone over whole C libraries in the tests.
 */
#ifndef SC_INSN_H
#define SC_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sc_insn_flow {
    SC_FLOW_ON,       /* goes on with the next instruction */
    SC_FLOW_BRANCH,   /* jcc, loop: may go to target */
    SC_FLOW_JUMP,     /* jmp to target */
    SC_FLOW_CALL,     /* call of target */
    SC_FLOW_INDIRECT, /* jmp through a register or memory */
    SC_FLOW_RETURN,   /* ret, hlt, ud2 and the like */
    SC_FLOW_SYSCALL,
};

struct sc_insn {
    uint8_t length;
    uint8_t flow;     /* enum sc_insn_flow */
    bool position;    /* its meaning depends on its address: rip-relative operand, branch, call */
    int32_t relative; /* BRANCH, JUMP, CALL: target minus the next instruction's address */
};

/* Decodes the instruction at code, of which available bytes may be read. False where it is none that is known. */
bool sc_insn_decode(const uint8_t *code, size_t available, struct sc_insn *ret_insn);

#endif
