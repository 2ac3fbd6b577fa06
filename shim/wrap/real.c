#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "next_symbol.h"

sc_real_function *sc_real_table[SC_SYM_COUNT];

/*
 * The names one after the other, and where each begins: a table of pointers is written to by the loader at each start.
 */
struct names {
#define SC_NAME(symbol) char symbol##_[sizeof #symbol];
#define SC_CALL(nr, name, ...) SC_NAME(name)
#define SC_TWIN(symbol, ...) SC_NAME(symbol)
#define SC_VIA(symbol, ...) SC_NAME(symbol)
#define SC_SPECIAL(symbol) SC_NAME(symbol)
#include "../../common/calls.def"
#undef SC_NAME
};

static const struct names names = {
#define SC_NAME(symbol) #symbol,
#define SC_CALL(nr, name, ...) SC_NAME(name)
#define SC_TWIN(symbol, ...) SC_NAME(symbol)
#define SC_VIA(symbol, ...) SC_NAME(symbol)
#define SC_SPECIAL(symbol) SC_NAME(symbol)
#include "../../common/calls.def"
#undef SC_NAME
};

static const uint16_t name_at[SC_SYM_COUNT] = {
#define SC_NAME(symbol) [SC_SYM_##symbol] = offsetof(struct names, symbol##_),
#define SC_CALL(nr, name, ...) SC_NAME(name)
#define SC_TWIN(symbol, ...) SC_NAME(symbol)
#define SC_VIA(symbol, ...) SC_NAME(symbol)
#define SC_SPECIAL(symbol) SC_NAME(symbol)
#include "../../common/calls.def"
#undef SC_NAME
};

static long missing(long first, ...)
{
    (void)first;
    errno = ENOSYS;
    return -1;
}

/* From musl 1.2.4 on its ld.so takes the old names of large files' functions for the plain ones, and dlsym does not. */
static sc_real_function *without_64(const char *name)
{
    enum { MOST = 32 };
    char plain[MOST];
    size_t length = strlen(name);
    if (length < 3 || length >= MOST || strcmp(name + length - 2, "64") != 0)
        return NULL;
    memcpy(plain, name, length - 2);
    plain[length - 2] = '\0';
    return (sc_real_function *)dlsym(RTLD_NEXT, plain);
}

static bool by_loader = true; /* until the objects are known, and where they can't be */

sc_real_function *sc_real_bind(enum sc_symbol symbol)
{
    const char *name = (const char *)&names + name_at[symbol];
    sc_real_function *function =
        by_loader ? (sc_real_function *)dlsym(RTLD_NEXT, name) : (sc_real_function *)sc_next_symbol(name);
    if (!function && sc_process.musl)
        function = without_64(name);
    if (!function)
        function = missing;
    sc_real_table[symbol] = function;
    return function;
}

void sc_real_begin(void)
{
    by_loader = sc_process.musl || !sc_next_symbols_begin();
    for (unsigned symbol = 0; symbol < SC_SYM_COUNT && by_loader; symbol++)
        if (!sc_real_table[symbol])
            sc_real_bind((enum sc_symbol)symbol);
}
