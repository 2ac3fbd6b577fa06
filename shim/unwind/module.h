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
    /* Where the table is not the object's own: ends[i], if not 0, is where a function without an FDE ends. Else NULL.
     */
    const int32_t *ends;
    /* What else is known of an object whose file our loader has read; NULL, 0: nothing. */
    const Elf64_Sym *symbols; /* those of its linker's table: places that something may lead to */
    uint32_t symbol_count;
    bool any_stack;    /* at its sites our code runs on a stack of ours: the program's may be anywhere */
    uint64_t identity; /* of the file, where it has no build-id */
};

#endif
