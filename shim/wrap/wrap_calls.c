/*
 * wrap_calls.c: the ordinary wrappers, generated from the rows of calls.def.
 */
#include "wrap_internal.h"

/* But for those whose function makes another call in this C library: SC_OWN_symbol is "~, SC_NONE" there. */
#define SC_NONE(...)
#define SECOND(first, second, ...) second
#define CHOSEN(...) SECOND(__VA_ARGS__)
#define ORDINARY(symbol, ...) CHOSEN(SC_OWN_##symbol, SC_WRAP, ~)(symbol, __VA_ARGS__)

#define SC_CALL(nr, name, cat, seed, ret, expect, means, n, ...) ORDINARY(name, name, n, SC_PASS_##n)
#define SC_TWIN(symbol, name, n) ORDINARY(symbol, name, n, SC_PASS_##n)
#define SC_VIA(symbol, name, n, ...) ORDINARY(symbol, name, n, __VA_ARGS__)
#include "../../common/calls.def"
