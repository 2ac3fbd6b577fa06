#include "elf_symbols.h"

#include <stddef.h>

/* An address of the dynamic section, to which the loader may have added the object's place. */
static const void *place(const struct sc_elf_module *module, uint64_t value)
{
    return (const void *)(value < module->bias ? value + module->bias : value);
}

/* The symbols of a GNU hash table: it knows those that can be looked up, which are the last; 0 where it has none. */
static uint32_t count_gnu(const uint32_t *table)
{
    uint32_t buckets = table[0], first = table[1], words = table[2], last = 0;
    const uint32_t *bucket = table + 4 + (size_t)words * 2, *chains = bucket + buckets;
    for (uint32_t i = 0; i < buckets; i++)
        if (bucket[i] > last)
            last = bucket[i];
    if (last < first)
        return 0;
    while (!(chains[last - first] & 1))
        last++;
    return last + 1;
}

bool sc_elf_symbols_open(const struct sc_elf_module *module, struct sc_elf_symbols *ret_symbols)
{
    const uint32_t *old_hash = NULL, *gnu_hash = NULL;
    *ret_symbols = (struct sc_elf_symbols){.symbols = NULL};
    bool told = module->symbols != NULL;
    for (unsigned i = 0; i < module->segment_count; i++) {
        if (module->segments[i].p_type != PT_DYNAMIC)
            continue;
        const Elf64_Dyn *entry = (const Elf64_Dyn *)(module->bias + module->segments[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_SYMTAB)
                ret_symbols->symbols = place(module, entry->d_un.d_ptr);
            else if (entry->d_tag == DT_HASH)
                old_hash = place(module, entry->d_un.d_ptr);
            else if (entry->d_tag == DT_GNU_HASH)
                gnu_hash = place(module, entry->d_un.d_ptr);
            else if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL))
                ret_symbols->relocates_code = true;
        }
    }
    if (told) {
        ret_symbols->symbols = module->symbols;
        ret_symbols->count = module->symbol_count;
        return true;
    }
    if (ret_symbols->symbols)
        ret_symbols->count = old_hash ? old_hash[1] : gnu_hash ? count_gnu(gnu_hash) : 0;
    return !ret_symbols->symbols || old_hash || gnu_hash;
}

bool sc_elf_symbols_have(const struct sc_elf_module *module, uint64_t address)
{
    struct sc_elf_symbols symbols;
    if (!sc_elf_symbols_open(module, &symbols))
        return false;
    for (uint32_t i = 0; i < symbols.count; i++)
        if (symbols.symbols[i].st_shndx != SHN_UNDEF && module->bias + symbols.symbols[i].st_value == address)
            return true;
    return false;
}
