/*
 * elf_symbols.h: what an object's dynamic section says of its code: the symbols that other objects may enter it by.
 *
 * Read in memory, before or after the loader has added the object's place to the addresses in there.
 */
#ifndef SC_ELF_SYMBOLS_H
#define SC_ELF_SYMBOLS_H

#include "module.h"

struct sc_elf_symbols {
    const Elf64_Sym *symbols;
    uint32_t count;
    bool relocates_code; /* the loader changes the object's code after it has mapped it */
};

/* False where the number of symbols cannot be told. An object without any is fine. */
bool sc_elf_symbols_open(const struct sc_elf_module *module, struct sc_elf_symbols *ret_symbols);

/* Whether a symbol has exactly this address. */
bool sc_elf_symbols_have(const struct sc_elf_module *module, uint64_t address);

#endif
