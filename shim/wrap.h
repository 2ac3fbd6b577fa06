/*
 * wrap.h: what the wrappers share.
 *
 * A wrapper is enter, the real call, leave. All arguments travel as longs: in the calling convention of x86-64 every
 * integer or pointer argument takes one register whatever its type, so that what came in goes on unchanged; the record
 * takes as many bits of it as the argument's kind has. A wrapper's C name differs from its symbol, so that no header's
 * prototype stands in the way.
 */
#ifndef SC_WRAP_H
#define SC_WRAP_H

#include <errno.h>

#include "real.h"
#include "record.h"

#define SC_CWD (-100L)       /* AT_FDCWD */
#define SC_NOFOLLOW 0x100L   /* AT_SYMLINK_NOFOLLOW */

#define SC_EXPORT __attribute__((visibility("default"), used))
#define SC_WRAPPER(type, symbol, ...)                                                                                  \
    SC_EXPORT type sc_wrap_##symbol(__VA_ARGS__) __asm__(#symbol);                                                     \
    SC_EXPORT type sc_wrap_##symbol(__VA_ARGS__)

#define SC_CALLER __builtin_return_address(0)

/* What libc returned as the kernel put it: an int's register has an undefined upper half. */
static inline int64_t sc_kernel_result(unsigned ret, long result)
{
    if (ret == SC_RET_I)
        result = (int)result;
    return SC_UNLIKELY(result == -1) ? -errno : result;
}


/* Descriptors that a call closes or gives out are unknown from then on. */
void sc_forget_descriptors(unsigned nr, const uint64_t *args, int64_t result);

#endif
