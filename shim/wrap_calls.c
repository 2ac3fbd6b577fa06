/*
 * wrap_calls.c: the ordinary wrappers, generated from the rows of calls.def.
 */
#include "wrap.h"

#include "descriptors.h"

void sc_forget_descriptors(unsigned nr, const uint64_t *args, int64_t result)
{
    if (nr == SC_NR_close)
        sc_descriptor_forget((unsigned)args[0], (unsigned)args[0]);
    else if (result >= 0 && nr == SC_NR_close_range)
        sc_descriptor_forget((unsigned)args[0], (unsigned)args[1]);
    else if (result >= 0) /* the descriptor given out: open, dup, fcntl */
        sc_descriptor_forget((unsigned)result, (unsigned)result);
}

/* Calls whose result or argument is a descriptor's new meaning. */
static inline bool changes_descriptors(unsigned nr)
{
    return nr == SC_NR_close || nr == SC_NR_close_range || nr == SC_NR_creat || nr == SC_NR_dup || nr == SC_NR_dup2 ||
           nr == SC_NR_dup3;
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
        sc_enter(&frame, SC_NR_##call, args[0], args[1], args[2]);                                                     \
        long result = sc_real(symbol)(PASS_##n);                                                                       \
        int64_t kernel_result = sc_kernel_result(sc_ret_##call, result);                                               \
        sc_leave(&frame, SC_NR_##call, args, kernel_result, SC_CALLER);                                                \
        if (changes_descriptors(SC_NR_##call))                                                                         \
            sc_forget_descriptors(SC_NR_##call, args, kernel_result);                                                  \
        return result;                                                                                                 \
    }

enum {
#define SC_CALL(nr, name, cat, seed, ret, ...) sc_ret_##name = SC_RET_##ret,
#define SC_ROW(nr, name, cat, seed, ret, ...) sc_ret_##name = SC_RET_##ret,
#include "../common/calls.def"
};

#define SC_CALL(nr, name, cat, seed, ret, expect, n, ...) WRAP(name, name, n, PASS_##n)
#define SC_TWIN(symbol, name, n) WRAP(symbol, name, n, PASS_##n)
#define SC_VIA(symbol, name, n, ...) WRAP(symbol, name, n, __VA_ARGS__)
#include "../common/calls.def"
