/*
 * site_find.h: the system call instructions of a loaded object, and how each can be taken over safely.
 */
#ifndef SC_SITE_FIND_H
#define SC_SITE_FIND_H

#include <stddef.h>

#include "../unwind/eh_frame.h"
#include "site.h"

/* In the order in which they are tried. */
enum sc_patch_strategy {
    SC_PATCH_NONE,      /* cannot be proved safe: left alone and counted */
    SC_PATCH_SIGRETURN, /* rt_sigreturn: debuggers and unwinders know these bytes; left alone */
    SC_PATCH_CANCEL,  /* glibc 2.41's one cancellation point: taken before and behind, the syscall itself stays where it
                       * is
                       */
    SC_PATCH_BEFORE,  /* the instruction before it, five bytes or more, moves into the trampoline; the syscall stays in
                         place */
    SC_PATCH_AFTER,   /* the instructions behind it move into the trampoline */
    SC_PATCH_BOTH,    /* the instruction before it moves into the trampoline; it and the syscall are replaced */
    SC_PATCH_LOOP,    /* instruction, syscall, jump back: the end of a thread; all three are replaced */
    SC_PATCH_PADDING, /* a short jump over the syscall itself to padding nearby, which holds the long jump */
    SC_PATCH_STRATEGIES,
};

/* One site as found in its function. */
struct sc_found_site {
    uint64_t address; /* of the syscall instruction */
    struct sc_function function;
    uint64_t padding;      /* the padding that SC_PATCH_PADDING takes, once it has been given */
    uint16_t possible;     /* 1 << way for each way that nothing in the function speaks against */
    uint8_t before;        /* bytes of the instruction before it */
    uint8_t after;         /* bytes behind it that SC_PATCH_AFTER moves */
    uint8_t starts_behind; /* 1 << n where an instruction begins n bytes behind the address of the syscall */
    int8_t loop;           /* of the short jump of SC_PATCH_LOOP: where it leads, from behind it */
};

/*
 * The sites of the function, of which no more than room are given. Returns how many, or -1 where the function's code
 * cannot be followed: nothing in it may be changed then. One thread at a time: the notes it makes are too many for a
 * small stack, and kept in one place.
 */
int sc_find_sites(const struct sc_elf_module *module, const struct sc_function *function, struct sc_found_site *sites,
                  size_t room);

/* Whether the syscall at address, of an object whose code begins at begin, returns from a signal handler. */
bool sc_is_sigreturn(uint64_t begin, uint64_t address);

/*
 * Goes on from *at, where an instruction begins, to the first that begins at place or beyond, and leaves it in *at. 1:
 * it begins at place; 0: place is within an instruction; -1: the code cannot be followed.
 */
int sc_reach_instruction(uint64_t *at, uint64_t place, uint64_t end);

/* The first 0f 05, the bytes of `syscall`, of which both lie in [at, end); end where there is none. */
const uint8_t *sc_scan_pair(const uint8_t *at, const uint8_t *end);

#endif
