#include "site_proof.h"

#include <string.h>

#include "site_guard.h"
#include "symbols.h"

/* More than this is not looked through: it would take longer than a program's start may. */
enum { MOST_CODE = 32 << 20, SHORT_REACH = 130, RELATIVE_BYTES = 4, SHORT_BYTES = 2 };

/* Where instructions begin that the ways would overwrite, beside the first. */
static void guard(struct sc_found_site *site)
{
    enum { AFTER = 1 << SC_WAY_AFTER, BOTH = 1 << SC_WAY_BOTH, LOOP = 1 << SC_WAY_LOOP, CANCEL = 1 << SC_WAY_CANCEL };
    for (unsigned i = 0; i < 2 + SC_JUMP_BYTES; i++) {
        uint16_t ways = 0;
        if (site->starts_behind & 1u << i && i >= 2 && i < SC_JUMP_BYTES)
            ways |= AFTER;
        if (i == 0)
            ways |= BOTH | LOOP;
        if (i == 2 && site->before + i < SC_JUMP_BYTES)
            ways |= LOOP;
        if (i >= 2)
            ways |= CANCEL;
        ways &= site->possible;
        if (ways)
            sc_guards_add(site->address + i, site, ways);
    }
}

/* Two numbers of the code from p on as branches have them: a distance from behind it, or, with a fixed place, an address. */
static void prove_far(uint64_t begin, uint64_t end, bool fixed)
{
    for (uint64_t p = begin; p + RELATIVE_BYTES <= end; p++) {
        int32_t value;
        memcpy(&value, (const void *)p, sizeof value);
        uint64_t behind = p + RELATIVE_BYTES;
        if (sc_guards_may_have((uint32_t)behind + (uint32_t)value))
            sc_guards_hit(behind + (uint64_t)(int64_t)value, p);
        if (fixed && sc_guards_may_have((uint32_t)value))
            sc_guards_hit((uint32_t)value, p);
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
            const int8_t *code = (const int8_t *)p;
            if (is_short_branch((uint8_t)code[0]) && p + SHORT_BYTES + (uint64_t)(int64_t)code[1] == address)
                sc_guards_hit(address, p);
        }
    }
}

/* The unwind tables: full of distances to functions, and no jump table. */
struct range {
    uint64_t begin, end;
};

static struct range unwind_records(const struct sc_object *object)
{
    int32_t distance, length;
    if (!object->count)
        return (struct range){0, 0};
    memcpy(&distance, (const uint8_t *)object->header + 4, sizeof distance);
    uint64_t begin = object->header + 4 + (uint64_t)(int64_t)distance, end = begin;
    for (;; end += 4 + (uint32_t)length) {
        memcpy(&length, (const void *)end, sizeof length);
        if (length <= 0)
            return (struct range){begin, end};
    }
}

/*
 * Data: addresses, as the loader has written them or from the object's own beginning on; and distances of jump tables,
 * which are the same for all entries: from the table's own place, or, where a compiler begins elsewhere, from at most
 * a window ahead of the entry.
 */
static void prove_data(const struct sc_object *object, uint64_t begin, uint64_t end, bool tables)
{
    struct range records = unwind_records(object), index = {object->header, object->header + 12 + 8ul * object->count};
    for (uint64_t q = (begin + 3) & ~UINT64_C(3); q + 4 <= end; q += 4) {
        int32_t distance;
        memcpy(&distance, (const void *)q, sizeof distance);
        if (q % 8 == 0 && q + 8 <= end) {
            uint64_t address;
            memcpy(&address, (const void *)q, sizeof address);
            if (sc_guards_may_have((uint32_t)address))
                sc_guards_hit(address, q);
            if (sc_guards_may_have((uint32_t)(address + object->bias)))
                sc_guards_hit(address + object->bias, q);
        }
        if (!tables || (q >= records.begin && q < records.end) || (q >= index.begin && q < index.end))
            continue;
        uint64_t target = q + (uint64_t)(int64_t)distance;
        if (sc_guards_may_have_window(target))
            sc_guards_hit_window(target, q);
        if (object->bias == 0 && sc_guards_may_have((uint32_t)distance))
            sc_guards_hit((uint32_t)distance, q);
    }
}

static void prove_symbols(const struct sc_object *object, const struct sc_symbols *symbols)
{
    for (uint32_t i = 0; i < symbols->count; i++) {
        uint64_t address = object->bias + symbols->symbols[i].st_value;
        if (sc_guards_may_have((uint32_t)address))
            sc_guards_hit(address, 0);
    }
}

/* What can be looked through: all of the object is readable, and its code is not too much. */
static bool is_provable(const struct sc_object *object)
{
    uint64_t code = 0;
    for (unsigned i = 0; i < object->segment_count; i++) {
        const Elf64_Phdr *segment = &object->segments[i];
        if (segment->p_type != PT_LOAD)
            continue;
        if (!(segment->p_flags & PF_R))
            return false;
        code += segment->p_flags & PF_X ? segment->p_filesz : 0;
    }
    return code <= MOST_CODE;
}

void sc_site_prove(const struct sc_object *object, struct sc_found_site *sites, size_t count)
{
    struct sc_symbols symbols;
    sc_guards_clear();
    for (size_t i = 0; i < count; i++)
        guard(&sites[i]);
    if (!sc_guards.count)
        return;
    sc_guards_close();
    if (!is_provable(object) || !sc_symbols_open(object, &symbols)) {
        sc_guards_fall();
        return;
    }
    prove_symbols(object, &symbols);
    for (unsigned i = 0; i < object->segment_count; i++) {
        const Elf64_Phdr *segment = &object->segments[i];
        uint64_t begin = object->bias + segment->p_vaddr, end = begin + segment->p_filesz;
        if (segment->p_type != PT_LOAD)
            continue;
        bool code = segment->p_flags & PF_X;
        if (code) {
            prove_far(begin, end, object->bias == 0);
            prove_near(begin, end);
        }
        /* Some linkers put constants beside the code, and then the unwind tables as well. */
        bool constants = !(segment->p_flags & PF_W) && (!code || (object->header >= begin && object->header < end));
        prove_data(object, begin, end, constants);
    }
}
