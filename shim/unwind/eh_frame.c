#include "eh_frame.h"

#include <dwarf.h>
#include <string.h>

#include "../core/host.h"
#include "elf_symbols.h"
#include "insn.h"
#include "padding.h"

static int32_t load32(const uint8_t *p)
{
    int32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static uint64_t entry_start(const struct sc_elf_module *module, uint32_t index)
{
    return module->header + (uint64_t)(int64_t)load32(module->table + 8 * (uint64_t)index);
}

bool sc_eh_frame_open(struct sc_elf_module *module)
{
    module->table = NULL;
    module->ends = NULL;
    module->count = 0;
    module->by_symbols = false;
    if (sc_host_functions(module))
        return module->count > 0;
    for (unsigned i = 0; i < module->segment_count; i++) {
        if (module->segments[i].p_type != PT_GNU_EH_FRAME)
            continue;
        const uint8_t *header = (const uint8_t *)(module->bias + module->segments[i].p_vaddr);
        /* version, encodings of the frame's address, of the count, of the table */
        if (header[0] != 1 || header[1] != (DW_EH_PE_pcrel | DW_EH_PE_sdata4) || header[2] != DW_EH_PE_udata4 ||
            header[3] != (DW_EH_PE_datarel | DW_EH_PE_sdata4))
            return false;
        module->header = (uint64_t)header;
        module->count = (uint32_t)load32(header + 8);
        module->table = header + 12;
        return module->count > 0;
    }
    return false;
}

static bool has_fde(const struct sc_elf_module *module, uint32_t index)
{
    return !module->ends || !module->ends[index];
}

static const uint8_t *entry_fde(const struct sc_elf_module *module, uint32_t index)
{
    return (const uint8_t *)module->header + load32(module->table + 8 * (uint64_t)index + 4);
}

/* An FDE of the table: where its function ends. Its CIE says how the addresses are encoded; ours is the usual way. */
static uint64_t entry_end(const struct sc_elf_module *module, uint32_t index)
{
    if (!has_fde(module, index))
        return module->header + (uint64_t)(int64_t)module->ends[index];
    const uint8_t *fde = entry_fde(module, index);
    uint64_t start = entry_start(module, index);
    if (module->by_symbols)
        return (uint64_t)fde; /* the end stands where other tables lead to the record */
    const uint8_t *cie = fde + 4 - load32(fde + 4);
    if (load32(fde) == -1 || load32(fde) < 12) /* 64-bit DWARF, or nothing in it */
        return start;
    /* augmentation "zR" or longer: the pointer encoding is among the augmentation data; the address proves it */
    if (cie[8] != 1 || cie[9] != 'z' || (uint64_t)(fde + 8) + (uint64_t)(int64_t)load32(fde + 8) != start)
        return start;
    return start + (uint32_t)load32(fde + 12);
}

/* Index of the last function that begins at or before address; count where none does. */
static uint32_t find_entry(const struct sc_elf_module *module, uint64_t address)
{
    uint32_t low = 0, high = module->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (entry_start(module, middle) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : module->count;
}

bool sc_eh_frame_at(const struct sc_elf_module *module, uint32_t index, struct sc_function *ret_function)
{
    if (index >= module->count)
        return false;
    *ret_function = (struct sc_function){entry_start(module, index), entry_end(module, index), index};
    return true;
}

bool sc_eh_frame_find(const struct sc_elf_module *module, uint64_t address, struct sc_function *ret_function)
{
    return sc_eh_frame_at(module, find_entry(module, address), ret_function) && address < ret_function->end;
}

const uint8_t *sc_eh_frame_fde(const struct sc_elf_module *module, uint64_t address)
{
    uint32_t index = module->count && !module->by_symbols ? find_entry(module, address) : module->count;
    bool found = index < module->count && has_fde(module, index) && address < entry_end(module, index);
    return found ? entry_fde(module, index) : NULL;
}

bool sc_eh_frame_has_landings(const struct sc_elf_module *module, uint32_t index)
{
    if (module->by_symbols || !has_fde(module, index))
        return false;
    const uint8_t *fde = entry_fde(module, index);
    const uint8_t *augmentation = fde + 4 - load32(fde + 4) + 9;
    return strchr((const char *)augmentation, 'L') != NULL;
}

enum { ALIGNED = 16, MOST_PADDING = 64 };

/* Whether there are instructions at begin, of which the last ends at end: glibc's clone has some without a record. */
static bool runs_to(uint64_t begin, uint64_t end)
{
    struct sc_insn insn;
    uint64_t at = begin;
    for (; at < end; at += insn.length)
        if (!sc_insn_decode((const uint8_t *)at, end - at, &insn))
            return false;
    return begin < end && end - begin < MOST_PADDING;
}

bool sc_eh_frame_begin_agrees(const struct sc_elf_module *module, const struct sc_function *function)
{
    struct sc_function previous = {.end = function->begin}, next;
    enum sc_padding between = SC_PADDING_NOT;
    if (sc_eh_frame_at(module, function->index + 1, &next) && next.begin < function->end)
        return false;
    if (function->index && sc_eh_frame_at(module, function->index - 1, &previous)) {
        if (previous.end > function->begin)
            return false;
        between = sc_padding_between(previous.end, function->begin, function->end);
    }
    if (between == SC_PADDING_NOT)
        return runs_to(previous.end, function->begin) || function->begin % ALIGNED == 0 ||
               sc_elf_symbols_have(module, function->begin);
    return between != SC_PADDING_CROSSES;
}

/* Whether what is behind the function can only be reached by a jump. */
static bool ends_for_good(const struct sc_function *function)
{
    struct sc_insn insn = {.flow = SC_FLOW_ON};
    for (uint64_t at = function->begin; at < function->end; at += insn.length)
        if (!sc_insn_decode((const uint8_t *)at, function->end - at, &insn))
            return false;
    return insn.flow == SC_FLOW_JUMP || insn.flow == SC_FLOW_RETURN || insn.flow == SC_FLOW_INDIRECT ||
           insn.flow == SC_FLOW_LINKED;
}

bool sc_eh_frame_padding(const struct sc_elf_module *module, const struct sc_function *function, uint64_t *ret_end)
{
    struct sc_function next;
    if (!sc_eh_frame_at(module, function->index + 1, &next) || next.begin <= function->end ||
        next.begin - function->end >= MOST_PADDING)
        return false;
    enum sc_padding between = sc_padding_between(function->end, next.begin, next.end);
    *ret_end = next.begin;
    return (between == SC_PADDING_TRAPS || (between == SC_PADDING_NOPS && next.begin % ALIGNED == 0)) &&
           sc_eh_frame_begin_agrees(module, function) && ends_for_good(function);
}
