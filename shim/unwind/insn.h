/*
 * insn.h: how long an instruction of x86-64 is, and where it may lead.
 *
 * Enough to walk compiled code from the start of a function and to know which bytes may be moved: lengths of all
 * encodings that compilers emit (legacy, REX, VEX, EVEX; Intel SDM volume 2, appendix A), direct branch targets,
 * whether an instruction refers to its own address, and which general register it names as its destination. Checked
 * against Capstone over whole installations in the tests.
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
    SC_FLOW_LINKED,   /* jmp through memory at a fixed place, as to a function of another library */
    SC_FLOW_RETURN,   /* ret, hlt, ud2 and the like */
    SC_FLOW_SYSCALL,
};

enum { SC_RSP = 4, SC_RBP = 5, SC_NO_REGISTER = 16 };

struct sc_insn {
    uint8_t length;
    uint8_t flow;     /* enum sc_insn_flow */
    bool position;    /* its meaning depends on its address: rip-relative operand, branch, call */
    bool frame;       /* writes rsp the way compiled code does: adds to it, aligns it, takes it from rbp */
    uint8_t writes;   /* the general register that it names as its destination (of two, rsp), or SC_NO_REGISTER */
    uint8_t copies;   /* mov of 64 bits between registers: from this one; else SC_NO_REGISTER */
    int32_t relative; /* BRANCH, JUMP, CALL: target minus the next instruction's address */
};

/* Decodes the instruction at code, of which available bytes may be read. False where it is none that is known. */
bool sc_insn_decode(const uint8_t *code, size_t available, struct sc_insn *ret_insn);

/*
 * The address that the instruction there, lea distance(%rip), puts into a register; 0: it is no such one. The distance
 * is its last four bytes.
 */
uint64_t sc_insn_takes_address(uint64_t at, const struct sc_insn *insn);

#endif
