/*
 * padding.h: what assemblers and linkers put between functions so that the next one begins at an aligned address.
 */
#ifndef SC_PADDING_H
#define SC_PADDING_H

#include <stdbool.h>
#include <stdint.h>

enum sc_padding {
    SC_PADDING_NOT,     /* something else lies there, or begins there */
    SC_PADDING_NONE,    /* begin is end */
    SC_PADDING_NOPS,    /* ends exactly at end; int3 may be among them */
    SC_PADDING_TRAPS,   /* the same, of int3 alone */
    SC_PADDING_CROSSES, /* the last of them goes on beyond end */
};

/* What [begin, end) is, in code of which the bytes up to limit can be read; what crosses end must end there as well. */
enum sc_padding sc_padding_between(uint64_t begin, uint64_t end, uint64_t limit);

#endif
