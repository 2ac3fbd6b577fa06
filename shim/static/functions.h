/*
 * functions.h: where the functions of a statically linked program begin and end.
 *
 * Such a program often has no search table for its unwind records, and much of its code has no such records. So its
 * file is read, as its linker left it: .eh_frame, the symbol table, and Go's own table of functions (pclntab).
 */
#ifndef SC_FUNCTIONS_H
#define SC_FUNCTIONS_H

#include "../unwind/module.h"
#include "load_program.h"

/* Makes the table for the program's module: all of its members behind segment_count. False: nothing could be known. */
bool sc_functions_find(const struct sc_loaded *loaded, struct sc_elf_module *module);

/*
 * Whether the program cancels threads in a way that needs to unwind through us: glibc's before 2.41. As far as its
 * symbol table tells.
 */
bool sc_functions_cancels(const struct sc_loaded *loaded);

/* Whether it is a program of Go, whose stacks are small. */
bool sc_functions_is_go(const struct sc_loaded *loaded);

#endif
