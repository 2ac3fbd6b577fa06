#include "site_calls.h"

#include <string.h>

#include "../unwind/insn.h"

enum { SYSCALL_BYTES = 2, BRANCH_AT = 5 };

/* Up to the syscall; the distance of its one branch is the linker's. */
static const uint8_t cancel_point[] = {
    0x8b, 0x07,                   /* mov (%rdi), %eax */
    0x85, 0xc0,                   /* test %eax, %eax */
    0x75, 0x00,                   /* jnz __cp_cancel */
    0x49, 0x89, 0xfb,             /* mov %rdi, %r11 */
    0x48, 0x89, 0xf0,             /* mov %rsi, %rax */
    0x48, 0x89, 0xd7,             /* mov %rdx, %rdi */
    0x48, 0x89, 0xce,             /* mov %rcx, %rsi */
    0x4c, 0x89, 0xc2,             /* mov %r8, %rdx */
    0x4d, 0x89, 0xca,             /* mov %r9, %r10 */
    0x4c, 0x8b, 0x44, 0x24, 0x08, /* mov 8(%rsp), %r8 */
    0x4c, 0x8b, 0x4c, 0x24, 0x10, /* mov 16(%rsp), %r9 */
    0x4c, 0x89, 0x5c, 0x24, 0x08, /* mov %r11, 8(%rsp) */
    0x0f, 0x05, 0xc3,             /* syscall; ret */
};
enum { CANCEL_SYSCALL = sizeof cancel_point - SYSCALL_BYTES - 1 };

static const uint8_t unmap_self[] = {
    0xb8, 11,   0,    0, 0, /* mov $SYS_munmap, %eax */
    0x0f, 0x05,             /* syscall */
    0x48, 0x31, 0xff,       /* xor %rdi, %rdi */
    0xb8, 60,   0,    0, 0, /* mov $SYS_exit, %eax */
    0x0f, 0x05,             /* syscall */
};
enum { UNMAP_SYSCALL = 5, EXIT_SYSCALL = sizeof unmap_self - SYSCALL_BYTES };

static bool is_cancel_point(uint64_t begin, uint64_t at)
{
    const uint8_t *code = (const uint8_t *)at;
    return at >= begin && memcmp(code, cancel_point, BRANCH_AT) == 0 &&
           memcmp(code + BRANCH_AT + 1, cancel_point + BRANCH_AT + 1, sizeof cancel_point - BRANCH_AT - 1) == 0;
}

static bool is_unmap_self(uint64_t begin, uint64_t at)
{
    return at >= begin && memcmp((const void *)at, unmap_self, sizeof unmap_self) == 0;
}

enum sc_stub_kind sc_stub_at(uint64_t begin, uint64_t address, uint64_t *ret_stub)
{
    *ret_stub = address - CANCEL_SYSCALL;
    if (is_cancel_point(begin, *ret_stub))
        return SC_STUB_CANCEL;
    *ret_stub = address - UNMAP_SYSCALL;
    if (is_unmap_self(begin, *ret_stub))
        return SC_STUB_UNMAP;
    *ret_stub = address - EXIT_SYSCALL;
    return is_unmap_self(begin, *ret_stub) ? SC_STUB_UNMAP : SC_STUB_NONE;
}

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
    if (ret_call->stub < begin || ret_call->stub >= end - sizeof cancel_point)
        return false;
    ret_call->kind = is_cancel_point(begin, ret_call->stub) ? SC_STUB_CANCEL
                     : is_unmap_self(begin, ret_call->stub) ? SC_STUB_UNMAP
                                                            : SC_STUB_NONE;
    return ret_call->kind != SC_STUB_NONE;
}
