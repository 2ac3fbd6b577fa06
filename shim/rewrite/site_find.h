/* site_find.h: finds the system call instructions of a loaded module, and how each can be patched safely. */
#ifndef SC_SITE_FIND_H
#define SC_SITE_FIND_H

#include <stddef.h>

#include "../unwind/eh_frame.h"
#include "site.h"

/*
 * In the order in which they are tried. A strategy that moves instructions needs ones that do not depend on their
 * place. "Nothing leads to X": no branch, address, jump table or symbol, see site_proof.h.
 */
enum sc_patch_strategy {
    SC_PATCH_NONE,      /* nothing can be proved safe: left unpatched and counted */
    SC_PATCH_SIGRETURN, /* rt_sigreturn: left unpatched, since debuggers and unwinders know its bytes */
    SC_PATCH_CALL,      /* in a function that has to be left as it is: what calls it is patched, site_calls.h */
    SC_PATCH_CANCEL,    /* glibc 2.41's one cancellation point: jumps over the 5 bytes before and the ret after; the
                           syscall stays in place */
    SC_PATCH_BEFORE, /* the jump replaces the instruction before (5 bytes or more: mov $nr, %eax); the syscall stays in
                        place, and no branch may lead to it */
    SC_PATCH_AFTER,  /* the jump replaces the syscall and instructions after it; nothing may lead to those */
    SC_PATCH_BOTH, /* the jump replaces a shorter instruction before and the syscall; nothing may lead to the syscall */
    SC_PATCH_LOOP, /* the jump replaces instruction, syscall and short jump back, the end of a thread; nothing may lead
                      to the latter two */
    SC_PATCH_PADDING, /* a 2-byte jump replaces the syscall and leads to padding nearby, which holds the long jump: less
                         than 64 bytes of whole canonical nops before an aligned start, or of int3, after a function
                         that does not run on */
    SC_PATCH_STRATEGIES,
};

/* One site as found in its function. */
struct sc_found_site {
    uint64_t address; /* of the syscall instruction */
    struct sc_function function;
    uint64_t padding;      /* the padding that SC_PATCH_PADDING was given */
    uint16_t possible;     /* 1 << strategy for each one that nothing in the function rules out */
    uint8_t chosen;        /* the strategy that it gets in the end */
    bool makes_no_thread;  /* of one that is left alone: sc_makes_no_thread */
    uint8_t before;        /* bytes of the instruction before it */
    uint8_t after;         /* bytes after it that SC_PATCH_AFTER moves */
    bool takes_address;    /* the instruction before it is a lea of a place in the module (sc_insn_takes_address) */
    uint8_t starts_behind; /* 1 << n for each instruction that begins n bytes after the address of the syscall */
    int8_t loop;           /* target of SC_PATCH_LOOP's short jump, relative to its end */
};

/*
 * Finds the sites of the function, at most room. Returns how many, or -1 if the function's code cannot be decoded: then
 * nothing in it may be changed. One thread at a time: its working data is static, too large for a small stack.
 */
int sc_find_sites(const struct sc_elf_module *module, const struct sc_function *function, struct sc_found_site *sites,
                  size_t room);

/* Whether the syscall at address, in a module whose code begins at begin, returns from a signal handler. */
bool sc_is_sigreturn(uint64_t begin, uint64_t address);

/*
 * The site's call is known, and is none that makes a thread: what leads to it sets the number, and nowhere in the
 * function there is one of those.
 */
bool sc_makes_no_thread(const struct sc_found_site *site);

/*
 * Decodes from *at, where an instruction begins, to the first instruction that begins at place or later, and leaves its
 * address in *at. 1: it begins at place; 0: place is within an instruction; -1: the code cannot be decoded.
 */
int sc_reach_instruction(uint64_t *at, uint64_t place, uint64_t end);

/* The first 0f 05, the bytes of `syscall`, with both bytes in [at, end); end if there is none. */
const uint8_t *sc_scan_pair(const uint8_t *at, const uint8_t *end);

#endif
