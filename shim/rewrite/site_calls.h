/*
 * site_calls.h: two functions of musl's whose system calls can't be made anywhere but where they stand. What calls them
 * is led to us instead, before and, where they come back, after.
 *
 * __syscall_cp_asm is the one cancellation point: the handler of the signal that cancels compares the interrupted
 * address with those of the function, so that a thread is cancelled up to the very instruction and not after it.
 * __unmapself ends a detached thread: it unmaps the stack that it runs on.
 */
#ifndef SC_SITE_CALLS_H
#define SC_SITE_CALLS_H

#include "site_find.h"

enum sc_stub_kind { SC_STUB_NONE, SC_STUB_CANCEL, SC_STUB_UNMAP };

/* A call of such a function, or a jump to it. */
struct sc_stub_call {
    uint64_t at;
    uint64_t stub; /* where the function begins */
    enum sc_stub_kind kind;
};
enum { SC_STUB_CALLS = 8 };

/* Which of them the syscall at address belongs to, by its bytes; begin: of the code. *ret_stub: where it begins. */
enum sc_stub_kind sc_stub_at(uint64_t begin, uint64_t address, uint64_t *ret_stub);

/* The calls of the functions that these sites belong to, from anywhere in the module. How many. */
unsigned sc_stub_calls_find(const struct sc_elf_module *module, const struct sc_found_site *sites, size_t count,
                            uint64_t begin, struct sc_stub_call calls[SC_STUB_CALLS]);

/* The call that is at that address; false where none is. For what was found in another process. */
bool sc_stub_call_at(uint64_t begin, uint64_t end, uint64_t at, struct sc_stub_call *ret_call);

#endif
