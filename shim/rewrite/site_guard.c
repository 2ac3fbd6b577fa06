#include "site_guard.h"

#include <string.h>

#include "../unwind/insn.h"

struct sc_guards sc_guards;

void sc_guards_clear(const struct sc_elf_module *module)
{
    sc_guards.module = module;
    sc_guards.count = 0;
    memset(sc_guards.filter, 0, sizeof sc_guards.filter);
}

static void fall(const struct sc_guard *guard)
{
    guard->site->possible &= (uint16_t)~guard->ways;
}

void sc_guards_add(uint64_t address, struct sc_found_site *site, uint16_t ways)
{
    struct sc_guard guard = {address, site, ways};
    if (sc_guards.count == SC_GUARDS) {
        fall(&guard);
        return;
    }
    sc_guards.list[sc_guards.count++] = guard;
    sc_guards.filter[(address & 0xffff) >> 5] |= 1u << (address & 31);
}

/* Insertion sort: sites ascend, so nearly all are in order. */
void sc_guards_sort(void)
{
    struct sc_guard *list = sc_guards.list;
    for (uint32_t i = 1; i < sc_guards.count; i++) {
        struct sc_guard moving = list[i];
        uint32_t to = i;
        for (; to > 0 && list[to - 1].address > moving.address; to--)
            list[to] = list[to - 1];
        list[to] = moving;
    }
}

/* Index of the first guard whose address is not below. */
static uint32_t lower_bound(uint64_t address)
{
    uint32_t low = 0, high = sc_guards.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (sc_guards.list[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the bytes at from, part of an instruction that begins at start, lead there. */
static bool operand_leads(const struct sc_insn *insn, uint64_t start, uint64_t from, uint64_t address,
                          enum sc_lead lead)
{
    if (lead == SC_LEAD_ABSOLUTE)
        return from > start && from + sizeof(int32_t) <= start + insn->length;
    if (insn->flow == SC_FLOW_BRANCH || insn->flow == SC_FLOW_JUMP || insn->flow == SC_FLOW_CALL)
        return start + insn->length + (uint64_t)(int64_t)insn->relative == address;
    return insn->position && from > start;
}

/* A function that can be decoded from an undisputed start holds nothing but its instructions. */
static bool leads(uint64_t from, uint64_t address, enum sc_lead lead)
{
    struct sc_function function = {.end = 0};
    struct sc_insn insn;
    uint64_t end;
    if (!sc_eh_frame_find(sc_guards.module, from, &function))
        return from < function.end || !sc_eh_frame_padding(sc_guards.module, &function, &end) || from >= end;
    if (!sc_eh_frame_begin_agrees(sc_guards.module, &function))
        return true;
    for (uint64_t at = function.begin; at < function.end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, function.end - at, &insn))
            return true;
        if (from < at + insn.length)
            return operand_leads(&insn, at, from, address, lead);
    }
    return true;
}

void sc_guards_hit(uint64_t address, uint64_t from, enum sc_lead lead)
{
    for (uint32_t i = lower_bound(address); i < sc_guards.count && sc_guards.list[i].address == address; i++) {
        struct sc_guard *guard = &sc_guards.list[i];
        if (guard->site->possible & guard->ways && leads(from, address, lead))
            fall(guard);
    }
}

void sc_guards_fall(void)
{
    for (uint32_t i = 0; i < sc_guards.count; i++)
        fall(&sc_guards.list[i]);
}
