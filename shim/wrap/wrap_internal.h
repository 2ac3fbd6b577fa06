/* wrap_internal.h: an ordinary wrapper, whose function makes one call and answers in the kernel's terms. */
#ifndef SC_WRAP_INTERNAL_H
#define SC_WRAP_INTERNAL_H

#include "../rewrite/call_care.h"
#include "wrap.h"

/* What has to be done around the call: what it means is known when this is compiled. */
static inline void sc_before_wrapped(struct sc_frame *frame, unsigned nr, enum sc_means means, unsigned care,
                                     const uint64_t *args)
{
    if (care == SC_CARE_LOOK)
        sc_look(frame, &sc_call_table[nr], args);
    else if (care == SC_CARE_MORE)
        sc_care_before(frame, nr, means, args);
}

#define SC_PARAMS_0 void
#define SC_PARAMS_1 long a
#define SC_PARAMS_2 long a, long b
#define SC_PARAMS_3 long a, long b, long c
#define SC_PARAMS_4 long a, long b, long c, long d
#define SC_PARAMS_5 long a, long b, long c, long d, long e
#define SC_PARAMS_6 long a, long b, long c, long d, long e, long f
#define SC_PARAMS_7 long a, long b, long c, long d, long e, long f, long g
#define SC_PASS_0 0
#define SC_PASS_1 a
#define SC_PASS_2 a, b
#define SC_PASS_3 a, b, c
#define SC_PASS_4 a, b, c, d
#define SC_PASS_5 a, b, c, d, e
#define SC_PASS_6 a, b, c, d, e, f
#define SC_PASS_7 a, b, c, d, e, f, g

/* The arguments as longs, signed as they came; the record takes them as the kernel's registers. */
#define SC_WRAP(symbol, call, n, ...)                                                                                  \
    SC_WRAPPER(long, symbol, SC_PARAMS_##n)                                                                            \
    {                                                                                                                  \
        if (!sc_process.interposing)                                                                                   \
            return sc_real(symbol)(SC_PASS_##n);                                                                       \
        const long given[SC_MAX_ARGS] = {__VA_ARGS__};                                                                 \
        const uint64_t *args = (const uint64_t *)given;                                                                \
        struct sc_frame frame;                                                                                         \
        SC_BEGIN_CALL(&frame, SC_NR_##call, args[0], args[1], args[2]);                                                \
        sc_before_wrapped(&frame, SC_NR_##call, (enum sc_means)sc_means_##call, sc_care_##call, args);                 \
        long result = sc_real(symbol)(SC_PASS_##n);                                                                    \
        int64_t kernel_result = sc_kernel_result(sc_ret_##call, result);                                               \
        sc_end_call(&frame, SC_NR_##call, args, kernel_result, SC_CALLER);                                             \
        if ((int)sc_care_##call == (int)SC_CARE_MORE)                                                                  \
            sc_care_after(SC_NR_##call, (enum sc_means)sc_means_##call, args, kernel_result);                          \
        return result;                                                                                                 \
    }

enum {
#define SC_MEANS(word, descriptors, counted, care, filter) sc_care_of_##word = SC_CARE_##care,
#include "../../common/means.def"
};

enum {
#define SC_CALL(nr, name, cat, seed, ret, expect, means, ...)                                                          \
    sc_ret_##name = SC_RET_##ret, sc_care_##name = sc_care_of_##means, sc_means_##name = SC_MEANS_##means,
#define SC_ROW SC_CALL
#include "../../common/calls.def"
};

#endif
