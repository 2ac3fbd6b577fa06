/*
 * real.h: the next definition of each wrapped symbol, libc's or that of a library preloaded after us.
 *
 * Bound at first use, by tables of our own (next_symbol.h); where these can't be had all are bound by the constructor.
 * A wrapper that is called before it (an IFUNC resolver) asks the loader.
 */
#ifndef SC_REAL_H
#define SC_REAL_H

#include "../../common/calls.h"
#include "../core/state.h"

enum sc_symbol {
#define SC_CALL(nr, name, ...) SC_SYM_##name,
#define SC_TWIN(symbol, ...) SC_SYM_##symbol,
#define SC_VIA(symbol, ...) SC_SYM_##symbol,
#define SC_SPECIAL(symbol) SC_SYM_##symbol,
#include "../../common/calls.def"
    SC_SYM_COUNT
};

/* Called with as many longs as the function has parameters; by the calling convention more do no harm. */
typedef long sc_real_function(long, ...);

extern sc_real_function *sc_real_table[SC_SYM_COUNT];

/* Binds that symbol; a symbol that libc does not have is bound to a function that fails with ENOSYS. */
sc_real_function *sc_real_bind(enum sc_symbol symbol);

/* By the constructor. */
void sc_real_begin(void);

static inline sc_real_function *sc_real_of(enum sc_symbol symbol)
{
    sc_real_function *function = sc_real_table[symbol];
    return SC_LIKELY(function != NULL) ? function : sc_real_bind(symbol);
}

/* The real function of that name, to be called with longs or pointers. */
#define sc_real(name) sc_real_of(SC_SYM_##name)

#endif
