#include "site_proof.h"

#include <string.h>

#include "../unwind/elf_symbols.h"
#include "site_guard.h"

/* Larger modules are not searched: it would take longer than a program's start may. */
enum { MOST_CODE = 32 << 20, SHORT_REACH = 130, RELATIVE_BYTES = 4, SHORT_BYTES = 2, MOST_ENTRIES = 4 << 20 };

/* Guards the instructions that strategies would overwrite, beside the first. */
static void guard(struct sc_found_site *site)
{
    enum {
        AFTER = 1 << SC_PATCH_AFTER,
        BOTH = 1 << SC_PATCH_BOTH,
        LOOP = 1 << SC_PATCH_LOOP,
        CANCEL = 1 << SC_PATCH_CANCEL
    };
    for (unsigned i = 0; i < 2 + SC_JUMP_BYTES; i++) {
        uint16_t ways = 0;
        if (site->starts_behind & 1u << i && i >= 2 && i < SC_JUMP_BYTES)
            ways |= AFTER;
        if (i == 0)
            ways |= BOTH | LOOP;
        if (i == 2 && site->before + i < SC_JUMP_BYTES)
            ways |= LOOP;
        if (i > 2) /* the guard at 2 would hit our own case: one of the two jumps begins there, and the C library's
                      handler names that address */
            ways |= CANCEL;
        ways &= site->possible;
        if (ways)
            sc_guards_add(site->address + i, site, ways);
    }
}

/* Where the module's code and constants lie; what is not needed is empty. */
enum { MOST_RANGES = 2 };
struct range {
    uint64_t begin, size;
};
struct ranges {
    struct range at[MOST_RANGES];
    unsigned count;
};
static struct ranges code, constants;
static struct range image;    /* all that is loaded */
static uint64_t entries_left; /* entries of jump tables still to be examined: more would take too long */

static bool within(const struct ranges *ranges, uint64_t address)
{
    return address - ranges->at[0].begin < ranges->at[0].size || address - ranges->at[1].begin < ranges->at[1].size;
}

/*
 * Constants that code or data refer to may be a jump table as compilers make them: distances from the table's
 * beginning, up to the first that leads to no code.
 */
static void prove_table(uint64_t table)
{
    if (table % RELATIVE_BYTES != 0)
        return;
    for (uint64_t q = table; entries_left && within(&constants, q); q += RELATIVE_BYTES, entries_left--) {
        int32_t distance;
        memcpy(&distance, (const void *)q, sizeof distance);
        uint64_t target = table + (uint64_t)(int64_t)distance;
        if (!within(&code, target))
            return;
        if (sc_guards_may_have((uint32_t)target))
            sc_guards_hit(target, q, SC_LEAD_ABSOLUTE);
    }
}

/* The bytes at from may mean this address; nearly always it is far from the module. */
static inline void prove_address(uint64_t address, uint64_t from, enum sc_lead lead)
{
    if (address - image.begin >= image.size)
        return;
    if (sc_guards_may_have((uint32_t)address))
        sc_guards_hit(address, from, lead);
    if (within(&constants, address))
        prove_table(address);
}

/*
 * Two numbers in the code from p on, as instructions hold them: a distance from their end or, in a module with a fixed
 * place, an address.
 */
static void prove_far(uint64_t begin, uint64_t end, bool fixed)
{
    for (uint64_t p = begin; p + RELATIVE_BYTES <= end; p++) {
        int32_t value;
        memcpy(&value, (const void *)p, sizeof value);
        prove_address(p + RELATIVE_BYTES + (uint64_t)(int64_t)value, p, SC_LEAD_RELATIVE);
        if (fixed)
            prove_address((uint32_t)value, p, SC_LEAD_ABSOLUTE);
    }
}

static bool is_short_branch(uint8_t opcode)
{
    return (opcode & 0xf0) == 0x70 || opcode == 0xeb || (opcode & 0xfc) == 0xe0;
}

static void prove_near(uint64_t begin, uint64_t end)
{
    for (uint32_t i = 0; i < sc_guards.count; i++) {
        uint64_t address = sc_guards.list[i].address;
        if (address < begin || address >= end)
            continue;
        uint64_t from = address - begin > SHORT_REACH ? address - SHORT_REACH : begin;
        for (uint64_t p = from; p < address + SHORT_REACH && p + SHORT_BYTES <= end; p++) {
            const int8_t *bytes = (const int8_t *)p;
            if (is_short_branch((uint8_t)bytes[0]) && p + SHORT_BYTES + (uint64_t)(int64_t)bytes[1] == address)
                sc_guards_hit(address, p, SC_LEAD_RELATIVE);
        }
    }
}

/* Addresses in data, relocated by the loader or not yet; in a module with a fixed place also 32-bit ones. */
static void prove_data(uint64_t bias, uint64_t begin, uint64_t end)
{
    for (uint64_t q = (begin + 7) & ~UINT64_C(7); q + 8 <= end; q += 8) {
        uint32_t halves[2];
        uint64_t address;
        memcpy(&address, (const void *)q, sizeof address);
        memcpy(halves, (const void *)q, sizeof halves);
        prove_address(address, q, SC_LEAD_ABSOLUTE);
        if (bias) {
            prove_address(address + bias, q, SC_LEAD_ABSOLUTE);
        } else {
            prove_address(halves[0], q, SC_LEAD_ABSOLUTE);
            prove_address(halves[1], q, SC_LEAD_ABSOLUTE);
        }
    }
}

static void prove_symbols(const struct sc_elf_module *module, const struct sc_elf_symbols *symbols)
{
    for (uint32_t i = 0; i < symbols->count; i++) {
        uint64_t address = module->bias + symbols->symbols[i].st_value;
        if (sc_guards_may_have((uint32_t)address))
            sc_guards_hit(address, 0, SC_LEAD_ABSOLUTE);
    }
}

static bool note_range(struct ranges *ranges, uint64_t begin, uint64_t size)
{
    if (ranges->count == MOST_RANGES)
        return false;
    ranges->at[ranges->count++] = (struct range){begin, size};
    return true;
}

/*
 * Notes where code and constants are. False if the module cannot be searched: part of it is unreadable, it has too many
 * parts, or too much code.
 */
static bool note_ranges(const struct sc_elf_module *module)
{
    code = constants = (struct ranges){.count = 0};
    image.size = 0;
    for (unsigned i = 0; i < module->segment_count; i++) {
        const Elf64_Phdr *segment = &module->segments[i];
        uint64_t begin = module->bias + segment->p_vaddr;
        if (segment->p_type != PT_LOAD)
            continue;
        if (!image.size)
            image.begin = begin; /* segments ascend */
        image.size = begin + segment->p_memsz - image.begin;
        if (!(segment->p_flags & PF_R) || (segment->p_flags & PF_X && !note_range(&code, begin, segment->p_filesz)))
            return false;
        /* Some linkers put constants into the code segment, and the unwind tables as well. */
        bool beside_code = module->header - begin < segment->p_filesz;
        if (!(segment->p_flags & PF_W) && (beside_code || !(segment->p_flags & PF_X)) &&
            !note_range(&constants, begin, segment->p_filesz))
            return false;
    }
    return code.at[0].size + code.at[1].size <= MOST_CODE;
}

static void prove_segments(const struct sc_elf_module *module)
{
    entries_left = MOST_ENTRIES;
    for (unsigned i = 0; i < module->segment_count; i++) {
        const Elf64_Phdr *segment = &module->segments[i];
        uint64_t begin = module->bias + segment->p_vaddr, end = begin + segment->p_filesz;
        if (segment->p_type != PT_LOAD)
            continue;
        if (segment->p_flags & PF_X) {
            prove_far(begin, end, module->bias == 0);
            prove_near(begin, end);
        }
        prove_data(module->bias, begin, end);
    }
    if (!entries_left)
        sc_guards_fall();
}

void sc_site_prove(const struct sc_elf_module *module, struct sc_found_site *sites, size_t count)
{
    struct sc_elf_symbols symbols;
    sc_guards_clear(module);
    for (size_t i = 0; i < count; i++)
        guard(&sites[i]);
    if (!sc_guards.count)
        return;
    sc_guards_sort();
    if (note_ranges(module) && sc_elf_symbols_open(module, &symbols) && !symbols.relocates_code) {
        prove_symbols(module, &symbols);
        prove_segments(module);
    } else {
        sc_guards_fall();
    }
}
