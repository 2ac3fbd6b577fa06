/*
 * wrap.h: what the wrappers share.
 *
 * A wrapper is enter, the real call, leave. All arguments travel as longs: in the calling convention of x86-64 every
 * integer or pointer argument takes one register whatever its type, so that what came in goes on unchanged; the record
 * takes as many bits of it as the argument's kind has. Pointers come as sc_ptr (peek.h): what is behind them is not a
 * wrapper's to look at. A wrapper's C name differs from its symbol, so that no header's
 * prototype stands in the way.
 */
#ifndef SC_WRAP_H
#define SC_WRAP_H

#include <errno.h>

#include "../args/call_record.h"
#include "../core/peek.h"
#include "../session/late_modules.h"
#include "real.h"

#define SC_CWD (-100L)     /* AT_FDCWD */
#define SC_NOFOLLOW 0x100L /* AT_SYMLINK_NOFOLLOW */

#define SC_EXPORT __attribute__((visibility("default"), used))
#define SC_WRAPPER(type, symbol, ...)                                                                                  \
    SC_EXPORT type sc_wrap_##symbol(__VA_ARGS__) __asm__(#symbol);                                                     \
    SC_EXPORT type sc_wrap_##symbol(__VA_ARGS__)

#define SC_CALLER __builtin_return_address(0)

/* sc_begin_call in a wrapper, whose caller's library may not be known yet. */
#define SC_BEGIN_CALL(...) (sc_late_modules_caller(SC_CALLER), sc_begin_call(__VA_ARGS__))

/* What libc returned as the kernel put it: an int's register has an undefined upper half. */
static inline int64_t sc_kernel_result(unsigned ret, long result)
{
    if (ret == SC_RET_I)
        result = (int)result;
    return SC_UNLIKELY(result == -1) ? -errno : result;
}

/*
 * One of several calls that a libc function makes, not the last: the first gets the time of all of them, so that no
 * time counts twice. Keeps errno.
 */
static inline void sc_end_call_more(struct sc_frame *frame, unsigned nr, const uint64_t args[SC_MAX_ARGS],
                                    int64_t result, const void *site)
{
    sc_end_call(frame, nr, args, result, site);
    frame->start = sc_now();
}

/*
 * The lowest number that no descriptor has: what a call just gave out that has been closed again since. -1 where it
 * can't be found out.
 */
int sc_lowest_free_descriptor(void);

#endif
