/*
 * seam.h: included before everything else where the library's core is compiled for the harness. It takes the place of
 * shim/sys.h: the same direct system calls, but mappings come and go through libc's functions, so that a sanitizer
 * hears of it. (It would take a piece of memory that was unmapped and mapped again for the old one, with the old
 * accesses.)
 */
#ifndef SC_SYS_H
#define SC_SYS_H

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static inline long sc_sys6(long nr, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    if (nr == SYS_munmap)
        return munmap((void *)a, (size_t)b) ? -errno : 0;
    if (nr == SYS_mmap) {
        void *map = mmap((void *)a, (size_t)b, (int)c, (int)d, (int)e, f);
        return map == MAP_FAILED ? -errno : (long)map;
    }
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#define SC_SYS_PAD(nr, a, b, c, d, e, f, ...)                                                                          \
    sc_sys6(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define sc_sys(...) SC_SYS_PAD(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

#define sc_failed(result) ((unsigned long)(result) > -4096UL)

#endif
