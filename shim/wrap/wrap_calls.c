/*
 * wrap_calls.c: the ordinary wrappers, generated from the rows of calls.def.
 */
#include <sched.h>

#include "wrap.h"

#include "../args/fd_class.h"
#include "../rewrite/dlopen.h"

static inline bool changes_mappings(unsigned nr)
{
    return nr == SC_NR_mmap || nr == SC_NR_munmap || nr == SC_NR_mremap;
}

/* What has to be done around the call: the number is known when this is compiled. */
static inline void before(struct sc_frame *frame, unsigned nr, unsigned category, const uint64_t *args)
{
    if (category == SC_CAT_WRITE)
        sc_look(frame, &sc_call_table[nr], args);
    else if (changes_mappings(nr))
        sc_dlopen_unmapping(nr, args);
    else if (category == SC_CAT_FILE || category == SC_CAT_OTHER)
        sc_fd_before(nr, args);
}

static inline void after(unsigned nr, unsigned category, const uint64_t *args, int64_t result)
{
    if (nr == SC_NR_unshare && result == 0 && args[0] & CLONE_FILES)
        sc_fd_not_shared();
    else if (category == SC_CAT_FILE || category == SC_CAT_OTHER)
        sc_fd_after(nr, args, result);
}

#define PARAMS_0 void
#define PARAMS_1 long a
#define PARAMS_2 long a, long b
#define PARAMS_3 long a, long b, long c
#define PARAMS_4 long a, long b, long c, long d
#define PARAMS_5 long a, long b, long c, long d, long e
#define PARAMS_6 long a, long b, long c, long d, long e, long f
#define PARAMS_7 long a, long b, long c, long d, long e, long f, long g
#define PASS_0 0
#define PASS_1 a
#define PASS_2 a, b
#define PASS_3 a, b, c
#define PASS_4 a, b, c, d
#define PASS_5 a, b, c, d, e
#define PASS_6 a, b, c, d, e, f
#define PASS_7 a, b, c, d, e, f, g

/* The arguments as longs, signed as they came; the record takes them as the kernel's registers. */
#define WRAP(symbol, call, n, ...)                                                                                     \
    SC_WRAPPER(long, symbol, PARAMS_##n)                                                                               \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(PASS_##n);                                                                          \
        const long given[SC_MAX_ARGS] = {__VA_ARGS__};                                                                 \
        const uint64_t *args = (const uint64_t *)given;                                                                \
        struct sc_frame frame;                                                                                         \
        sc_begin_call(&frame, SC_NR_##call, args[0], args[1], args[2]);                                                \
        before(&frame, SC_NR_##call, sc_cat_##call, args);                                                             \
        long result = sc_real(symbol)(PASS_##n);                                                                       \
        int64_t kernel_result = sc_kernel_result(sc_ret_##call, result);                                               \
        sc_end_call(&frame, SC_NR_##call, args, kernel_result, SC_CALLER);                                             \
        after(SC_NR_##call, sc_cat_##call, args, kernel_result);                                                       \
        return result;                                                                                                 \
    }

enum {
#define SC_CALL(nr, name, cat, seed, ret, ...) sc_ret_##name = SC_RET_##ret, sc_cat_##name = SC_CAT_##cat,
#define SC_ROW(nr, name, cat, seed, ret, ...) sc_ret_##name = SC_RET_##ret, sc_cat_##name = SC_CAT_##cat,
#include "../../common/calls.def"
};

#define SC_CALL(nr, name, cat, seed, ret, expect, n, ...) WRAP(name, name, n, PASS_##n)
#define SC_TWIN(symbol, name, n) WRAP(symbol, name, n, PASS_##n)
#define SC_VIA(symbol, name, n, ...) WRAP(symbol, name, n, __VA_ARGS__)
#include "../../common/calls.def"
