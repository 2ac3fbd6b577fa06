/* static_program.h: the one program that our loader has loaded. */
#ifndef SC_STATIC_PROGRAM_H
#define SC_STATIC_PROGRAM_H

#include "../unwind/module.h"
#include "start_data.h"

/* What the host's answers (../core/host.h) are made of. All of it stays. */
struct sc_static_program {
    struct sc_start_data data;
    struct sc_loaded loaded;
    struct sc_elf_module functions; /* of the program: all but its first members; without a table where none is known */
    char path[SC_PATH_BYTES];
    char execfn[SC_PATH_BYTES];
};
extern struct sc_static_program sc_static_program;

#endif
