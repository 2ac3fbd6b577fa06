/*
 * seam.h: included before everything else where the library's core is compiled for the harness. On top of
 * shim/core/raw_syscall.h: the same direct system calls, but mappings come and go through libc's functions, so that a
 * sanitizer hears of it. (It would take a piece of memory that was unmapped and mapped again for the old one, with the
 * old accesses.)
 */
#ifndef SC_SEAM_H
#define SC_SEAM_H

#include <errno.h>
#include <sys/mman.h>

#include "../../shim/core/raw_syscall.h"

static inline long seam_sys6(long nr, long a, long b, long c, long d, long e, long f)
{
    if (nr == SYS_munmap)
        return munmap((void *)a, (size_t)b) ? -errno : 0;
    if (nr == SYS_mmap) {
        void *map = mmap((void *)a, (size_t)b, (int)c, (int)d, (int)e, f);
        return map == MAP_FAILED ? -errno : (long)map;
    }
    return sc_syscall6(nr, a, b, c, d, e, f);
}

#undef SC_SYSCALL_PAD
#define SC_SYSCALL_PAD(nr, a, b, c, d, e, f, ...)                                                                      \
    seam_sys6(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

#endif
