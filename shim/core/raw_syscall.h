/*
 * raw_syscall.h: the shim's own system calls, made directly: they touch neither errno nor any wrapper. Each returns
 * what the kernel returns, -errno on failure.
 */
#ifndef SC_RAW_SYSCALL_H
#define SC_RAW_SYSCALL_H

#include <stdint.h>
#include <sys/syscall.h>

static inline long sc_syscall6(long nr, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#define SC_SYSCALL_PAD(nr, a, b, c, d, e, f, ...)                                                                      \
    sc_syscall6(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* sc_syscall(SYS_close, fd): up to six arguments, the missing ones 0. */
#define sc_syscall(...) SC_SYSCALL_PAD(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

#define sc_failed(result) ((unsigned long)(result) > -4096UL)

#endif
