/* load_program.h: puts a statically linked program into memory where the kernel would have put it. */
#ifndef SC_LOAD_PROGRAM_H
#define SC_LOAD_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "../../common/elf_static.h"

struct sc_loaded {
    struct sc_static_image image;
    uint64_t bias; /* added to the addresses in the file */
    uint64_t dev, ino;
    uint64_t identity;   /* a word made of what tells this state of the file from others */
    const uint8_t *file; /* all of it, to be read */
    size_t file_bytes;
};

/*
 * Maps the program of that file, and the file itself for reading. 0 or -errno: then something of it may be mapped, and
 * the process can go on only by executing something. Uses a descriptor, and closes it.
 */
int sc_load_program(const char *path, struct sc_loaded *ret_loaded);

/* The file is not needed any more. */
void sc_load_done(struct sc_loaded *loaded);

#endif
