#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

sc_real_function *sc_real_table[SC_SYM_COUNT];

static const char *const names[SC_SYM_COUNT] = {
#define SC_CALL(nr, name, ...) [SC_SYM_##name] = #name,
#define SC_TWIN(symbol, ...) [SC_SYM_##symbol] = #symbol,
#define SC_VIA(symbol, ...) [SC_SYM_##symbol] = #symbol,
#define SC_SPECIAL(symbol) [SC_SYM_##symbol] = #symbol,
#include "../../common/calls.def"
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

sc_real_function *sc_real_bind(enum sc_symbol symbol)
{
    sc_real_function *function = (sc_real_function *)dlsym(RTLD_NEXT, names[symbol]);
    if (!function && sc_process.musl)
        function = without_64(names[symbol]);
    if (!function)
        function = missing;
    sc_real_table[symbol] = function;
    return function;
}

void sc_real_bind_all(void)
{
    for (unsigned symbol = 0; symbol < SC_SYM_COUNT; symbol++)
        if (!sc_real_table[symbol])
            sc_real_bind((enum sc_symbol)symbol);
}
