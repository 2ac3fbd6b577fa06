/*
 * dlopen.h: modules that dlopen loads later.
 *
 * The loader maps a module piece by piece from one descriptor and closes it when all is mapped and none of it has run:
 * that is the moment to patch its sites.
 */
#ifndef SC_DLOPEN_H
#define SC_DLOPEN_H

#include "../core/state.h"
#include "site.h"

/* After mmap(args) = result, at a site with these registers. */
void sc_dlopen_mapped(const struct sc_regs *regs, const uint64_t *args, long result);
/* After close(fd). */
void sc_dlopen_closed(int fd);

/* Before munmap, mremap, or an mmap that may replace what is there: all have the range in front. */
void sc_dlopen_unmapping(const uint64_t *args);

#endif
