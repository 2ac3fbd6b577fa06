#include "functions.h"

#include <dwarf.h>
#include <string.h>
#include <sys/mman.h>

#include "../core/placement.h"
#include "../core/raw_syscall.h"
#include "../core/state.h"
#include "functions_internal.h"

bool sc_functions_section(const struct sc_loaded *loaded, const char *name, Elf64_Shdr *ret_section)
{
    const Elf64_Ehdr *header = &loaded->image.header;
    uint64_t bytes = loaded->file_bytes;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(loaded->file + header->e_shoff);
    if (!header->e_shoff || header->e_shentsize != sizeof *sections || header->e_shstrndx >= header->e_shnum ||
        header->e_shoff > bytes || (bytes - header->e_shoff) / sizeof *sections < header->e_shnum)
        return false;
    const Elf64_Shdr *names = &sections[header->e_shstrndx];
    if (names->sh_offset > bytes || names->sh_size > bytes - names->sh_offset)
        return false;
    const char *text = (const char *)loaded->file + names->sh_offset;
    size_t length = strlen(name) + 1;
    for (unsigned i = 0; i < header->e_shnum; i++) {
        const Elf64_Shdr *section = &sections[i];
        if (section->sh_name < names->sh_size && length <= names->sh_size - section->sh_name &&
            memcmp(text + section->sh_name, name, length) == 0 && section->sh_type != SHT_NOBITS &&
            section->sh_offset <= bytes && section->sh_size <= bytes - section->sh_offset) {
            *ret_section = *section;
            return true;
        }
    }
    return false;
}

/* The program's code as far as it is mapped from its file. */
static bool is_code(const struct sc_loaded *loaded, uint64_t begin, uint64_t end)
{
    for (unsigned i = 0; i < loaded->image.header.e_phnum; i++) {
        const Elf64_Phdr *segment = &loaded->image.segments[i];
        uint64_t from = loaded->bias + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X && begin >= from && begin < end &&
            end <= from + segment->p_filesz)
            return true;
    }
    return false;
}

void sc_functions_add(struct sc_function_list *list, uint64_t begin, uint64_t end, uint64_t fde)
{
    if (list->count == list->room || !is_code(list->loaded, begin, end))
        return;
    list->at[list->count++] = (struct sc_bounds){(uint32_t)(begin - list->base), (uint32_t)(end - list->base),
                                                 fde ? (uint32_t)(fde - list->base) : 0};
}

static int32_t load32(const uint8_t *at)
{
    int32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Records of the one usual kind: see entry_end in ../unwind/eh_frame.c. */
static void add_record(struct sc_function_list *list, const uint8_t *fde, const uint8_t *begin)
{
    const uint8_t *cie = fde + 4 - load32(fde + 4);
    if (cie < begin || cie >= fde || cie[8] != 1 || cie[9] != 'z')
        return;
    const uint8_t *sign = (const uint8_t *)strchr((const char *)cie + 10, 'R');
    if (!sign)
        return;
    uint64_t start = (uint64_t)(fde + 8) + (uint64_t)(int64_t)load32(fde + 8);
    sc_functions_add(list, start, start + (uint32_t)load32(fde + 12), (uint64_t)fde);
}

/* .eh_frame as it lies in memory: each record begins with its length. */
static void add_records(struct sc_function_list *list)
{
    Elf64_Shdr section;
    if (!sc_functions_section(list->loaded, ".eh_frame", &section) || !(section.sh_flags & SHF_ALLOC))
        return;
    const uint8_t *begin = (const uint8_t *)(list->loaded->bias + section.sh_addr), *end = begin + section.sh_size;
    for (const uint8_t *at = begin; end - at > 16;) {
        int32_t length = load32(at);
        if (length <= 0 || length > end - at - 4)
            break;
        if (load32(at + 4) != 0 && length >= 12)
            add_record(list, at, begin);
        list->records = true;
        at += 4 + length;
    }
}

bool sc_functions_symbols(const struct sc_loaded *loaded, const Elf64_Sym **ret_symbols, uint32_t *ret_count)
{
    Elf64_Shdr section;
    if (!sc_functions_section(loaded, ".symtab", &section) || section.sh_entsize != sizeof(Elf64_Sym))
        return false;
    *ret_symbols = (const Elf64_Sym *)(loaded->file + section.sh_offset);
    *ret_count = (uint32_t)(section.sh_size / sizeof(Elf64_Sym));
    return true;
}

/* Functions of known length. Those of assembly often have none and end where the next begins, at most so far on. */
static void add_symbols(struct sc_function_list *list, const Elf64_Sym *symbols, uint32_t count)
{
    enum { UNKNOWN_MOST = 4096 };
    for (uint32_t i = 0; i < count; i++) {
        uint64_t begin = list->loaded->bias + symbols[i].st_value;
        if (ELF64_ST_TYPE(symbols[i].st_info) != STT_FUNC || symbols[i].st_shndx == SHN_UNDEF)
            continue;
        if (sc_functions_has(list, begin))
            continue;
        if (symbols[i].st_size)
            sc_functions_add(list, begin, begin + symbols[i].st_size, 0);
        else
            sc_functions_add(list, begin, begin + 1, 0); /* to be lengthened: sc_functions_settle */
    }
    list->unknown_most = UNKNOWN_MOST;
}

/* Before the symbols: it comes in order, and a program without C in it has nothing else. */
static void add_go(struct sc_function_list *list)
{
    Elf64_Shdr table, text;
    if (!sc_functions_section(list->loaded, ".gopclntab", &table) &&
        !sc_functions_section(list->loaded, ".data.rel.ro.gopclntab", &table))
        return;
    if (sc_functions_section(list->loaded, ".text", &text))
        sc_functions_add_go(list, list->loaded->file + table.sh_offset, table.sh_size,
                            list->loaded->bias + text.sh_addr);
}

/* How many there can be at most: a record takes 16 bytes, a function of Go's table 8. */
static size_t most_functions(const struct sc_loaded *loaded, uint32_t symbol_count)
{
    Elf64_Shdr section;
    size_t most = symbol_count;
    if (sc_functions_section(loaded, ".eh_frame", &section))
        most += section.sh_size / 16;
    if (sc_functions_section(loaded, ".gopclntab", &section) ||
        sc_functions_section(loaded, ".data.rel.ro.gopclntab", &section))
        most += section.sh_size / 8;
    return most;
}

static size_t whole_pages(size_t bytes)
{
    return (bytes + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE;
}

/* The table as eh_frame.c reads it, in memory of its own: pairs of begin and FDE, and the ends of those without one. */
static bool publish(const struct sc_function_list *list, struct sc_elf_module *module)
{
    size_t bytes = whole_pages(list->count * 3 * sizeof(int32_t));
    long place = list->count ? sc_place_memory(bytes, PROT_READ | PROT_WRITE) : -1;
    if (sc_failed(place))
        return false;
    int32_t *table = (int32_t *)place, *ends = table + 2 * list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct sc_bounds *bounds = &list->at[i];
        table[2 * i] = (int32_t)bounds->begin;
        table[2 * i + 1] = (int32_t)bounds->fde;
        ends[i] = bounds->fde ? 0 : (int32_t)bounds->end;
    }
    module->table = (const uint8_t *)table;
    module->header = list->base;
    module->count = (uint32_t)list->count;
    module->ends = ends;
    return true;
}

bool sc_functions_find(const struct sc_loaded *loaded, struct sc_elf_module *module)
{
    struct sc_function_list list = {.loaded = loaded, .base = loaded->bias + loaded->image.low};
    const Elf64_Sym *symbols = NULL;
    uint32_t symbol_count = 0;
    sc_functions_symbols(loaded, &symbols, &symbol_count);
    list.room = most_functions(loaded, symbol_count);
    size_t bytes = whole_pages(list.room * sizeof *list.at);
    long place = bytes && loaded->image.high - loaded->image.low < INT32_MAX
                     ? sc_place_memory(bytes, PROT_READ | PROT_WRITE)
                     : -1;
    if (sc_failed(place))
        return false;
    list.at = (struct sc_bounds *)place;
    add_records(&list);
    add_go(&list);
    sc_functions_settle(&list);
    list.settled = list.count;
    if (!sc_functions_is_go(loaded) || list.records)
        add_symbols(&list, symbols, symbol_count);
    sc_functions_settle(&list);
    bool done = publish(&list, module);
    sc_syscall(SYS_munmap, place, bytes);
    module->symbols = symbols;
    module->symbol_count = symbol_count;
    module->identity = loaded->identity;
    module->any_stack = sc_functions_is_go(loaded);
    return done;
}

bool sc_functions_is_go(const struct sc_loaded *loaded)
{
    Elf64_Shdr section;
    return sc_functions_section(loaded, ".gopclntab", &section) ||
           sc_functions_section(loaded, ".data.rel.ro.gopclntab", &section) ||
           sc_functions_section(loaded, ".note.go.buildid", &section);
}
