/*
 * site_find.h: the system call instructions of a loaded object, and how each can be taken over safely.
 */
#ifndef SC_SITE_FIND_H
#define SC_SITE_FIND_H

#include "functions.h"

enum sc_site_way {
    SC_WAY_NONE,      /* cannot be proved safe: left alone and counted */
    SC_WAY_SIGRETURN, /* rt_sigreturn: debuggers and unwinders know these bytes; left alone */
    SC_WAY_BEFORE, /* the instruction before it, five bytes or more, moves into the stub; the syscall stays in place */
    SC_WAY_AFTER,  /* the instructions behind it move into the stub */
    SC_WAY_GAP,    /* a short jump over the syscall itself to padding nearby, which holds the long jump */
    SC_WAY_LOOP,   /* instruction, syscall, jump back: the end of a thread; all three are replaced */
    SC_WAY_CANCEL, /* glibc 2.41's one cancellation point: taken before and behind, the syscall itself stays where it is
                    */
};

enum { SC_SITES_PER_FUNCTION = 64 };

/* One site as found in its function. */
struct sc_found_site {
    uint64_t address;     /* of the syscall instruction */
    uint64_t patch;       /* where the jump goes */
    uint64_t gap;         /* SC_WAY_GAP: the padding */
    uint64_t target;      /* SC_WAY_LOOP: where the loop goes */
    uint8_t way;          /* enum sc_site_way */
    uint8_t moved_before; /* bytes from patch on that move into the stub, ahead of the call */
    uint8_t moved_after;  /* bytes behind the syscall that move into the stub, after the call */
    bool branched_to;     /* some branch leads to the syscall itself */
};

/*
 * The sites of the function [begin, end). Returns how many (at most SC_SITES_PER_FUNCTION are given), or -1 where the
 * function's code cannot be followed: nothing in it may be changed then.
 */
int sc_find_sites(const struct sc_object *object, uint64_t begin, uint64_t end,
                  struct sc_found_site sites[SC_SITES_PER_FUNCTION]);

/*
 * Goes on from *at, where an instruction begins, to the first that begins at place or beyond, and leaves it in *at. 1:
 * it begins at place; 0: place is within an instruction; -1: the code cannot be followed.
 */
int sc_reach_instruction(uint64_t *at, uint64_t place, uint64_t end);

/* The first 0f 05, the bytes of `syscall`, of which both lie in [at, end); end where there is none. */
const uint8_t *sc_scan_pair(const uint8_t *at, const uint8_t *end);

#endif
