/*
 * thread_block.h: what a thread of a statically linked program has of us, where its GS base points.
 *
 * Neither C library nor Go uses GS on x86-64, and the kernel hands the base on: to a forked child, and to a thread,
 * which therefore gets one of its own before it runs anything of the program's (thread_start.S).
 */
#ifndef SC_THREAD_BLOCK_H
#define SC_THREAD_BLOCK_H

#include <stddef.h>

#include "../core/state.h"

/* Read by thread_start.S and ../rewrite/site_entry.S: keep the order. */
struct sc_thread_block {
    struct sc_current current;
    uint64_t stack_begin, stack_top;         /* for our code to run on; 0: it runs on the program's */
    uint64_t alternate_begin, alternate_end; /* the program's stack for signals (sigaltstack) */
    uint64_t set_base;                       /* of a thread that begins: the code that makes this its block, */
    uint64_t continuation;                   /* where it goes on, */
    uint64_t mask;                           /* its signal mask, */
    uint64_t rdi, rsi, rdx, r10, r12;        /* and registers of the program's that are in use meanwhile */
    struct sc_thread_block *made;            /* the block for the thread that this one is making */
    uint64_t mask_before;                    /* and this one's signal mask before, where it was blocked */
    bool masked;
    uint32_t tid;  /* 0: not yet known */
    uint64_t fs;   /* the FS base at its last call: sc_threads_may_be_unseen */
    uint32_t next; /* in the list of free ones: an index and 1, 0: none */
};
_Static_assert(sizeof(struct sc_current) == 32 && offsetof(struct sc_thread_block, r12) == 120 &&
                   offsetof(struct sc_thread_block, masked) == 144 && offsetof(struct sc_thread_block, next) == 160,
               "site_entry.S, thread_start.S");

/* Before anything else: the first thread gets its block. */
void sc_threads_use_first(void);

/* needs_stack: threads are to run our code on stacks of ours. False: there is no room for those. */
bool sc_threads_begin(bool needs_stack);

/*
 * The program has sites of its own that are not patched, by which it may make threads that come to us with their
 * maker's block. They are told by their FS base, which all libraries keep a thread's storage by. False: that can't be
 * read.
 */
bool sc_threads_may_be_unseen(void);

static inline struct sc_thread_block *sc_thread_block(void)
{
    return (struct sc_thread_block *)sc_current();
}

/* Puts the block, whose index and 1 is given, into that list, and ends the calling thread with that status. */
__attribute__((noreturn)) void sc_thread_leave(struct sc_thread_block *block, uint64_t *list, uint64_t index1,
                                               uint64_t status);

/* Entered with a block in r11 and the site in rcx, never called; see thread_start.S. */
void sc_thread_clone(void);
extern const char sc_thread_set_base[], sc_thread_set_base_by_call[];

#endif
