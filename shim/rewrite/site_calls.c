#include "site_calls.h"

#include "../unwind/insn.h"

/* Where the instruction leads, if it is as long as a jump of ours; else 0. */
static uint64_t leads_to(uint64_t at, const struct sc_insn *insn)
{
    bool leads = insn->length == SC_JUMP_BYTES && (insn->flow == SC_FLOW_CALL || insn->flow == SC_FLOW_JUMP);
    return leads ? at + insn->length + (uint64_t)(int64_t)insn->relative : 0;
}

static unsigned find_in(const struct sc_function *function, struct sc_stub_call calls[SC_STUB_CALLS], unsigned count,
                        const struct sc_stub_call *wanted)
{
    struct sc_insn insn;
    unsigned before = count;
    for (uint64_t at = function->begin; at < function->end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, function->end - at, &insn))
            return before; /* what was found may be data */
        if (leads_to(at, &insn) != wanted->stub || count == SC_STUB_CALLS)
            continue;
        calls[count] = *wanted;
        calls[count++].at = at;
    }
    return count;
}

unsigned sc_stub_calls_find(const struct sc_elf_module *module, const struct sc_found_site *sites, size_t count,
                            uint64_t begin, struct sc_stub_call calls[SC_STUB_CALLS])
{
    unsigned found = 0;
    uint64_t last = 0;
    for (size_t i = 0; i < count; i++) {
        struct sc_stub_call wanted = {0};
        struct sc_function function;
        if (!(sites[i].possible & 1 << SC_PATCH_CALL))
            continue;
        wanted.kind = sc_stub_at(begin, sites[i].address, &wanted.stub);
        if (wanted.kind == SC_STUB_NONE || wanted.stub == last)
            continue;
        last = wanted.stub;
        for (uint32_t k = 0; sc_eh_frame_at(module, k, &function); k++)
            found = find_in(&function, calls, found, &wanted);
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
    return ret_call->kind != SC_STUB_NONE;
}
