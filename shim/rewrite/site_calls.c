#include "site_calls.h"

#include <string.h>

#include "../unwind/insn.h"

enum { CALL_BYTE = 0xe8, JUMP_BYTE = 0xe9 };

/* Where the instruction leads, if it is as long as a jump of ours; else 0. */
static uint64_t leads_to(uint64_t at, const struct sc_insn *insn)
{
    bool leads = insn->length == SC_JUMP_BYTES && (insn->flow == SC_FLOW_CALL || insn->flow == SC_FLOW_JUMP);
    return leads ? at + insn->length + (uint64_t)(int64_t)insn->relative : 0;
}

/*
 * After a call that comes back to the program's own address: one instruction, long enough for a jump, that may move.
 * No site may want it too.
 */
static bool find_moved(struct sc_stub_call *call, uint64_t end)
{
    struct sc_insn insn, after;
    uint64_t at = call->at + SC_JUMP_BYTES;
    if (*(const uint8_t *)call->at != CALL_BYTE || !sc_insn_decode((const uint8_t *)at, end - at, &insn) ||
        insn.length < SC_JUMP_BYTES || insn.flow != SC_FLOW_ON || insn.position ||
        !sc_insn_decode((const uint8_t *)at + insn.length, end - at - insn.length, &after))
        return false;
    call->moved = insn.length;
    return after.flow != SC_FLOW_SYSCALL;
}

static bool is_instruction(const struct sc_elf_module *module, uint64_t place)
{
    struct sc_function function;
    if (!sc_eh_frame_find(module, place, &function))
        return false;
    uint64_t at = function.begin;
    return sc_reach_instruction(&at, place, function.end) == 1;
}

/* What has the bytes of a call of wanted, and stands where an instruction begins. */
static unsigned find_calls(const struct sc_elf_module *module, const struct sc_stub_call *wanted, uint64_t begin,
                           uint64_t end, struct sc_stub_call calls[SC_STUB_CALLS], unsigned count)
{
    for (uint64_t at = begin; at + SC_JUMP_BYTES <= end && count < SC_STUB_CALLS; at++) {
        int32_t distance;
        uint8_t opcode = *(const uint8_t *)at;
        if (opcode != CALL_BYTE && opcode != JUMP_BYTE)
            continue;
        memcpy(&distance, (const void *)(at + 1), sizeof distance);
        if (at + SC_JUMP_BYTES + (uint64_t)(int64_t)distance != wanted->stub || !is_instruction(module, at))
            continue;
        calls[count] = *wanted;
        calls[count].at = at;
        count += wanted->kind != SC_STUB_UNWOUND || find_moved(&calls[count], end);
    }
    return count;
}

unsigned sc_stub_calls_find(const struct sc_elf_module *module, const struct sc_found_site *sites, size_t count,
                            uint64_t begin, uint64_t end, struct sc_stub_call calls[SC_STUB_CALLS])
{
    unsigned found = 0;
    uint64_t last = 0;
    for (size_t i = 0; i < count; i++) {
        struct sc_stub_call wanted = {0};
        if (!(sites[i].possible & 1 << SC_PATCH_CALL))
            continue;
        wanted.kind = sc_stub_at(begin, sites[i].address, &wanted.stub);
        if (wanted.kind == SC_STUB_NONE || wanted.stub == last)
            continue;
        last = wanted.stub;
        found = find_calls(module, &wanted, begin, end, calls, found);
    }
    return found;
}

bool sc_stub_call_at(uint64_t begin, uint64_t end, uint64_t at, struct sc_stub_call *ret_call)
{
    struct sc_insn insn;
    if (!sc_insn_decode((const uint8_t *)at, end - at, &insn))
        return false;
    *ret_call = (struct sc_stub_call){.at = at, .stub = leads_to(at, &insn)};
    ret_call->kind = sc_stub_begins(begin, end, ret_call->stub);
    return ret_call->kind == SC_STUB_UNWOUND ? find_moved(ret_call, end) : ret_call->kind != SC_STUB_NONE;
}
