/*
 * wrap_calls.c: the ordinary wrappers, generated from the rows of calls.def.
 */
#include "wrap.h"

#include "../rewrite/call_care.h"

/* What has to be done around the call: what it means is known when this is compiled. */
static inline void before(struct sc_frame *frame, unsigned nr, enum sc_means means, unsigned care, const uint64_t *args)
{
    if (care == SC_CARE_LOOK)
        sc_look(frame, &sc_call_table[nr], args);
    else if (care == SC_CARE_MORE)
        sc_care_before(frame, nr, means, args);
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
        SC_BEGIN_CALL(&frame, SC_NR_##call, args[0], args[1], args[2]);                                                \
        before(&frame, SC_NR_##call, (enum sc_means)sc_means_##call, sc_care_##call, args);                            \
        long result = sc_real(symbol)(PASS_##n);                                                                       \
        int64_t kernel_result = sc_kernel_result(sc_ret_##call, result);                                               \
        sc_end_call(&frame, SC_NR_##call, args, kernel_result, SC_CALLER);                                             \
        if ((int)sc_care_##call == (int)SC_CARE_MORE)                                                                  \
            sc_care_after(SC_NR_##call, (enum sc_means)sc_means_##call, args, kernel_result);                          \
        return result;                                                                                                 \
    }

enum {
#define SC_MEANS(word, descriptors, counted, care) sc_care_of_##word = SC_CARE_##care,
#include "../../common/means.def"
};

enum {
#define SC_CALL(nr, name, cat, seed, ret, expect, means, ...)                                                          \
    sc_ret_##name = SC_RET_##ret, sc_care_##name = sc_care_of_##means, sc_means_##name = SC_MEANS_##means,
#define SC_ROW SC_CALL
#include "../../common/calls.def"
};

#define SC_CALL(nr, name, cat, seed, ret, expect, means, n, ...) WRAP(name, name, n, PASS_##n)
#define SC_TWIN(symbol, name, n) WRAP(symbol, name, n, PASS_##n)
#define SC_VIA(symbol, name, n, ...) WRAP(symbol, name, n, __VA_ARGS__)
#include "../../common/calls.def"
