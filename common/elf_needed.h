/*
 * elf_needed.h: the libraries that a program names (DT_NEEDED).
 */
#ifndef SC_ELF_NEEDED_H
#define SC_ELF_NEEDED_H

#include <stdbool.h>

#include "elf_probe.h"

/* Does the ELF file name a library that begins so? False where the file is none that can be read. Allocates nothing. */
bool sc_elf_needs(sc_read_at *read_at, void *file, const char *library);

#endif
