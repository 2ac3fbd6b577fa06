/*
 * dlopen.h: objects that dlopen brings later.
 *
 * The loader maps an object piece by piece from one descriptor and closes that when all of it is there and none of it
 * has run: the moment to take over its sites.
 */
#ifndef SC_LOADING_H
#define SC_LOADING_H

#include "../core/state.h"

/* After mmap(args) = result, made by code at address. */
void sc_dlopen_mapped(const uint64_t *args, long result, uint64_t address);
/* After close(fd). */
void sc_dlopen_closed(int fd);

/* Before munmap, mremap, or an mmap that may take the place of what is there. */
void sc_dlopen_unmapping(unsigned nr, const uint64_t *args);

#endif
