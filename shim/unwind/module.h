/*
 * module.h: a loaded object: the program, a library.
 */
#ifndef SC_MODULE_H
#define SC_MODULE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

/* A loaded object as its program headers describe it. */
struct sc_elf_module {
    uint64_t bias;
    const Elf64_Phdr *segments;
    unsigned segment_count;
    /* set by sc_eh_frame_open: */
    const uint8_t *table; /* pairs of int32: function start and FDE, relative to header */
    uint64_t header;
    uint32_t count;
    bool by_symbols; /* set by sc_spans_open: a start and an end instead */
};

#endif
