#include "next_symbol.h"

#include <elf.h>
#include <string.h>
#include <sys/auxv.h>

#include "../core/host.h"
#include "../core/state.h"

enum {
    MOST_OBJECTS = 256,
    HIDDEN_VERSION = 0x8000, /* what older programs are bound to, and no new look-up */
    WORD_BITS = 64,
};

/* One object's tables, as the loader itself reads them. */
static struct object {
    uint64_t bias;
    const uint32_t *hash; /* DT_GNU_HASH: buckets, first symbol, words of the filter, its second shift */
    const Elf64_Sym *symbols;
    const char *strings;
    const uint16_t *versions; /* or NULL */
} objects[MOST_OBJECTS];

static uint32_t count; /* 0 until all are known */

struct listing {
    uint32_t count;
    bool after_us, complete;
};

/* An address of the dynamic section, to which the loader has added the object's place, unless it may not write there.
 */
static const void *place(uint64_t bias, uint64_t value)
{
    return (const void *)(value < bias ? value + bias : value);
}

static const Elf64_Dyn *dynamic_of(const struct dl_phdr_info *info, bool *ret_ours)
{
    const Elf64_Dyn *found = NULL;
    *ret_ours = false;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const Elf64_Phdr *segment = &info->dlpi_phdr[i];
        uint64_t begin = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_DYNAMIC)
            found = (const Elf64_Dyn *)begin;
        if (segment->p_type == PT_LOAD && (uint64_t)&sc_process - begin < segment->p_memsz)
            *ret_ours = true;
    }
    return found;
}

static struct object read_object(uint64_t bias, const Elf64_Dyn *entry)
{
    struct object object = {.bias = bias};
    for (; entry && entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_GNU_HASH: object.hash = place(bias, entry->d_un.d_ptr); break;
        case DT_SYMTAB: object.symbols = place(bias, entry->d_un.d_ptr); break;
        case DT_STRTAB: object.strings = place(bias, entry->d_un.d_ptr); break;
        case DT_VERSYM: object.versions = place(bias, entry->d_un.d_ptr); break;
        default: break;
        }
    }
    return object;
}

/* The kernel's own object is in the list and in nobody's scope. */
static int list_object(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct listing *listing = argument;
    bool ours;
    (void)size;
    const Elf64_Dyn *dynamic = dynamic_of(info, &ours);
    bool kernels = (uint64_t)info->dlpi_phdr - sc_host_auxiliary(AT_SYSINFO_EHDR) < SC_GRANULE;
    if (ours)
        listing->after_us = true;
    else if (listing->after_us && !kernels) {
        struct object object = read_object(info->dlpi_addr, dynamic);
        if (listing->count == MOST_OBJECTS || !object.hash || !object.symbols || !object.strings) {
            listing->complete = false;
            return 1;
        }
        objects[listing->count++] = object;
    }
    return 0;
}

bool sc_next_symbols_begin(void)
{
    struct listing listing = {.complete = true};
    sc_host_objects(list_object, &listing);
    if (!listing.complete)
        return false;
    count = listing.count;
    return count != 0;
}

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 5381;
    for (; *name; name++)
        hash = hash * 33 + (uint8_t)*name;
    return hash;
}

static bool is_wanted(const struct object *object, uint32_t index, const char *name)
{
    const Elf64_Sym *symbol = &object->symbols[index];
    unsigned type = ELF64_ST_TYPE(symbol->st_info);
    return symbol->st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE) &&
           ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
           !(object->versions && object->versions[index] & HIDDEN_VERSION) &&
           strcmp(object->strings + symbol->st_name, name) == 0;
}

static const Elf64_Sym *find(const struct object *object, const char *name, uint32_t hash)
{
    const uint32_t *head = object->hash;
    uint32_t buckets = head[0], first = head[1], words = head[2], shift = head[3];
    const uint64_t *filter = (const uint64_t *)(head + 4);
    uint64_t word = filter[hash / WORD_BITS & (words - 1)];
    if (!(word >> hash % WORD_BITS & word >> (hash >> shift) % WORD_BITS & 1) || !buckets)
        return NULL;
    const uint32_t *bucket = (const uint32_t *)(filter + words), *chains = bucket + buckets;
    uint32_t index = bucket[hash % buckets];
    if (index < first)
        return NULL;
    for (;; index++) {
        uint32_t link = chains[index - first];
        if ((link | 1) == (hash | 1) && is_wanted(object, index, name))
            return &object->symbols[index];
        if (link & 1)
            return NULL;
    }
}

uint64_t sc_next_symbol(const char *name)
{
    uint32_t hash = hash_of(name);
    for (uint32_t i = 0; i < count; i++) {
        const Elf64_Sym *symbol = find(&objects[i], name, hash);
        if (!symbol)
            continue;
        uint64_t address = (symbol->st_shndx == SHN_ABS ? 0 : objects[i].bias) + symbol->st_value;
        if (ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC)
            address = ((uint64_t(*)(void))address)();
        return address;
    }
    return 0;
}
