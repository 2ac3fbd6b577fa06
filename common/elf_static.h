/*
 * elf_static.h: can our loader (shim/static) put a statically linked program where the kernel would?
 */
#ifndef SC_ELF_STATIC_H
#define SC_ELF_STATIC_H

#include <elf.h>

#include "elf_probe.h"

enum { SC_STATIC_SEGMENTS = 32 }; /* more program headers than linkers make */

/* The loader's file, beside libsyscap.so. */
#define SC_STATIC_LOADER "syscap-static"

/* What of its file says how it is mapped. */
struct sc_static_image {
    Elf64_Ehdr header;
    Elf64_Phdr segments[SC_STATIC_SEGMENTS];
    uint64_t low, high; /* whole pages, as the headers have them */
    uint64_t headers;   /* where the program headers are mapped, as AT_PHDR says it */
    uint64_t brk;       /* the end of the highest segment */
};

/*
 * Reads it from a file that sc_judge_program found to be statically linked. False where it can't be mapped by anybody
 * but the kernel, wants what only the kernel gives (an executable stack), or hosts another one: then it is left alone.
 */
bool sc_static_image_read(sc_read_at *read_at, void *file, struct sc_static_image *ret_image);

#endif
