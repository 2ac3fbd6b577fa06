/*
 * site.h: system call instructions in the code of the program and its libraries, and how they reach us.
 *
 * A site is one `syscall` instruction. Over it or beside it we write a jump to its own trampoline, which jumps to
 * sc_site_entry (site_entry.S) with the site's address in rcx, a register that a system call destroys anyway.
 */
#ifndef SC_SITE_H
#define SC_SITE_H

#include <stddef.h>
#include <stdint.h>

enum { SC_JUMP_BYTES = 5 };

/* Read by site_entry.S: keep the order. */
struct sc_site {
    uint64_t after;        /* address after the syscall instruction, which unwinders get as return address */
    uint64_t continuation; /* where to go on after the call */
    uint64_t raw; /* the trampoline's own syscall instruction, for calls that must be made on the caller's stack */
    const struct sc_site *previous; /* the one written before it in the same memory; NULL: none */
    uint64_t at;                    /* address of the overwritten code */
    uint8_t overwritten_bytes;
    uint8_t overwritten[SC_JUMP_BYTES]; /* the original bytes */
};
_Static_assert(offsetof(struct sc_site, continuation) == 8 && offsetof(struct sc_site, raw) == 16, "site_entry.S");

/* The registers at a site, as site_entry.S stores them: keep the order. */
struct sc_regs {
    uint64_t rax;
    union {
        struct {
            uint64_t rdi, rsi, rdx, r10, r8, r9;
        };
        uint64_t args[6]; /* the call's */
    };
    const struct sc_site *site;
    uint64_t after; /* the unwinder's return address */
#ifdef SC_CURRENT_IN_GS
    uint64_t stack; /* the stack pointer at the site: these may lie on another stack (own_threads.h) */
#endif
    uint64_t red_zone[16];
};
_Static_assert(offsetof(struct sc_regs, site) == 56 && offsetof(struct sc_regs, after) == 64, "site_entry.S");

/* The stack pointer at the site. */
static inline uint64_t sc_regs_stack(const struct sc_regs *regs)
{
#ifdef SC_CURRENT_IN_GS
    return regs->stack;
#else
    return (uint64_t)(regs + 1);
#endif
}

/* rbp at the site: site_entry.S pushes it after the flags. */
static inline uint64_t sc_regs_rbp(const struct sc_regs *regs)
{
    return ((const uint64_t *)regs)[-2];
}

/* Entered by trampolines, never called. */
void sc_site_entry(void);
void sc_site_raw_done(void);
void sc_site_cancel_begin(void);
void sc_site_cancel_end(void);
void sc_site_call_begin(void);
void sc_site_call_end(void);
void sc_site_unmap_begin(void);

/*
 * Called by site_entry.S. Makes and records the call and leaves its result in regs->rax. Returns SC_SITE_DONE; or
 * SC_SITE_RAW if the call has to be made by the trampoline's own instruction: then sc_site_after_raw is called, in
 * every thread or process that comes out of it; or SC_SITE_THREAD if it makes a thread whose storage is ours
 * (own_threads.h): then regs->after is the thread's block, and sc_site_after_raw is called in the calling thread alone.
 */
enum { SC_SITE_DONE, SC_SITE_RAW, SC_SITE_THREAD };
long sc_site_call(struct sc_regs *regs);
void sc_site_after_raw(struct sc_regs *regs);

/* Around the call of a cancellation point, which runs where it stands. */
void sc_site_before_cancel_point(struct sc_regs *regs);
void sc_site_after_cancel_point(struct sc_regs *regs);

/* The same before musl's is called, with the registers as at the call; rcx is in rax. And before a thread's stack goes.
 */
void sc_site_before_call(struct sc_regs *regs);
void sc_site_before_unmap(struct sc_regs *regs);

#endif
