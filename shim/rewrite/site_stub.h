/*
 * site_stub.h: functions whose system calls can't be made anywhere but where they stand. What calls them is led to us
 * instead, before and, where they come back, after.
 *
 * musl's __syscall_cp_asm is its one cancellation point: the handler of the signal that cancels compares the
 * interrupted address with those of the function, so that a thread is cancelled up to the very instruction and not
 * after it. glibc's
 * __syscall_cancel_arch (since 2.41) is the same, and is unwound from too: the address to which it comes back must be
 * the program's own. musl's __unmapself ends a detached thread: it unmaps the stack that it runs on.
 */
#ifndef SC_SITE_STUB_H
#define SC_SITE_STUB_H

#include <stdbool.h>
#include <stdint.h>

enum sc_stub_kind { SC_STUB_NONE, SC_STUB_CANCEL, SC_STUB_UNWOUND, SC_STUB_UNMAP };

/* A call of such a function, or a jump to it. */
struct sc_stub_call {
    uint64_t at;
    uint64_t stub; /* where the function begins */
    enum sc_stub_kind kind;
    uint8_t moved; /* UNWOUND: bytes of the instruction after the call, which is moved; a jump fits there */
};

/* Which of them the syscall at address belongs to, by its bytes; begin: of the code. *ret_stub: where it begins. */
enum sc_stub_kind sc_stub_at(uint64_t begin, uint64_t address, uint64_t *ret_stub);

/* Which of them begins there, in code that ends at end. */
enum sc_stub_kind sc_stub_begins(uint64_t begin, uint64_t end, uint64_t at);

#endif
