/*
 * next_symbol.h: the next definition of a symbol after ours, as dlsym(RTLD_NEXT) gives it; but without the loader's
 * lock, at any time and in any handler, and for a third of the instructions. So a symbol costs nothing until it is
 * called.
 *
 * Looked up in the objects that the program was started with, which stay as long as it does.
 */
#ifndef SC_NEXT_SYMBOL_H
#define SC_NEXT_SYMBOL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * By the constructor: which objects these are. False where one has no table that we read (older linkers), or there are
 * too many: then nothing is found, and dlsym is to be asked.
 */
bool sc_next_symbols_begin(void);

/* The symbol's address, of its default version; 0 where no object has it. */
uint64_t sc_next_symbol(const char *name);

#endif
