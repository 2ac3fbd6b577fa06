#include "spans.h"

#include <stddef.h>

#include "elf_symbols.h"

static struct sc_span spans[SC_SPANS];

static void sift(uint32_t at, uint32_t count)
{
    struct sc_span moving = spans[at];
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && spans[child + 1].begin > spans[child].begin)
            child++;
        if (spans[child].begin <= moving.begin)
            break;
        spans[at] = spans[child];
    }
    spans[at] = moving;
}

/* Heap sort: there is no stack to spare and nothing to allocate. */
static void sort(uint32_t count)
{
    for (uint32_t i = count / 2; i-- > 0;)
        sift(i, count);
    for (uint32_t last = count; last-- > 1;) {
        struct sc_span largest = spans[0];
        spans[0] = spans[last];
        spans[last] = largest;
        sift(0, last);
    }
}

static const Elf64_Phdr *code_of(const struct sc_elf_module *module)
{
    for (unsigned i = 0; i < module->segment_count; i++)
        if (module->segments[i].p_type == PT_LOAD && module->segments[i].p_flags & PF_X)
            return &module->segments[i];
    return NULL;
}

static uint32_t collect(const struct sc_elf_symbols *symbols, const Elf64_Phdr *code)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < symbols->count; i++) {
        const Elf64_Sym *symbol = &symbols->symbols[i];
        if (symbol->st_shndx == SHN_UNDEF || symbol->st_value - code->p_vaddr >= code->p_filesz)
            continue;
        if (count == SC_SPANS)
            return 0;
        spans[count++].begin = (int32_t)symbol->st_value;
    }
    return count;
}

bool sc_spans_open(struct sc_elf_module *module)
{
    struct sc_elf_symbols symbols;
    const Elf64_Phdr *code = code_of(module);
    uint32_t count = 0, distinct = 0;
    if (code && code->p_vaddr + code->p_filesz <= INT32_MAX && sc_elf_symbols_open(module, &symbols))
        count = collect(&symbols, code);
    if (!count)
        return false;
    sort(count);
    for (uint32_t i = 0; i < count; i++) /* several symbols for one function */
        if (!distinct || spans[distinct - 1].begin != spans[i].begin)
            spans[distinct++] = spans[i];
    for (uint32_t i = 0; i < distinct; i++)
        spans[i].end = i + 1 < distinct ? spans[i + 1].begin : (int32_t)(code->p_vaddr + code->p_filesz);
    module->table = (const uint8_t *)spans;
    module->header = module->bias;
    module->count = distinct;
    module->by_symbols = true;
    return true;
}
