/*
 * functions.h: where a module's functions begin and end, from its unwind tables.
 *
 * The search table of .eh_frame_hdr is sorted by function start; each entry leads to an FDE, which has the length
 * (LSB Core 5.0, chapters 10.6 and 10.7). Everything is read in memory where the loader mapped it; no allocation.
 */
#ifndef SC_FUNCTIONS_H
#define SC_FUNCTIONS_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

/* A loaded object as its program headers describe it. */
struct sc_object {
    uint64_t bias;
    const Elf64_Phdr *segments;
    unsigned segment_count;
    /* set by sc_functions_open: */
    const uint8_t *table; /* pairs of int32: function start and FDE, relative to header */
    uint64_t header;
    uint32_t count;
};

/* False where the object has no search table in the usual encoding. */
bool sc_functions_open(struct sc_object *object);

/* The function that holds address: begin <= address < end; false where none does. */
bool sc_functions_find(const struct sc_object *object, uint64_t address, uint64_t *ret_begin, uint64_t *ret_end);

/* The unwind record (FDE) of the function that holds address, or NULL. */
const uint8_t *sc_functions_fde(const struct sc_object *object, uint64_t address);

/*
 * The first byte of padding between two functions, at most reach away from address and at least bytes long: nothing
 * ever runs there. 0 where there is none.
 */
uint64_t sc_functions_gap(const struct sc_object *object, uint64_t address, unsigned reach, unsigned bytes);

#endif
