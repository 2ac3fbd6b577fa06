#include "trampoline.h"

#include <string.h>
#include <sys/mman.h>

#include "../core/raw_syscall.h"
#include "../core/state.h"

enum {
    REACH = 0x7f000000, /* reach of a 32-bit displacement, with room for the module itself */
    STEP = 1 << 20,
    TRIES = 1024,
    LOWEST = 0x10000, /* vm.mmap_min_addr */
};

/*
 * The first words of the memory hold the addresses to which trampolines jump, since we are too far away for a direct
 * jump.
 */
enum slot {
    SLOT_ENTRY,
    SLOT_RAW_DONE,
    SLOT_CANCEL_BEGIN,
    SLOT_CANCEL_END,
    SLOT_CALL_BEGIN,
    SLOT_CALL_END,
    SLOT_UNMAP_BEGIN,
    SLOTS
};

int sc_trampolines_open(struct sc_trampolines *trampolines, uint64_t low, uint64_t high, size_t count)
{
    size_t bytes = (SLOTS * 8 + count * SC_TRAMPOLINE_BYTES + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE;
    long map = -ENOMEM;
    /* Below the module: above it, a program's heap may want to grow. */
    for (int i = 1; i <= TRIES && sc_failed(map); i++) {
        uint64_t hint = (low & ~(uint64_t)(SC_GRANULE - 1)) - bytes - (uint64_t)(i - 1) * STEP;
        if (hint < LOWEST || hint > low || high - hint > REACH)
            break;
        map = sc_syscall(SYS_mmap, hint, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1);
    }
    if (sc_failed(map))
        return (int)map;
    /* A policy may forbid executing memory that was written: find out before any code jumps there. */
    long allowed = sc_syscall(SYS_mprotect, map, bytes, PROT_READ | PROT_EXEC);
    if (!sc_failed(allowed))
        allowed = sc_syscall(SYS_mprotect, map, bytes, PROT_READ | PROT_WRITE);
    if (sc_failed(allowed)) {
        sc_syscall(SYS_munmap, map, bytes);
        return (int)allowed;
    }
    trampolines->begin = (uint8_t *)map;
    trampolines->end = trampolines->begin + bytes;
    uint64_t *slots = (uint64_t *)map;
    slots[SLOT_ENTRY] = (uint64_t)sc_site_entry;
    slots[SLOT_RAW_DONE] = (uint64_t)sc_site_raw_done;
    slots[SLOT_CANCEL_BEGIN] = (uint64_t)sc_site_cancel_begin;
    slots[SLOT_CANCEL_END] = (uint64_t)sc_site_cancel_end;
    slots[SLOT_CALL_BEGIN] = (uint64_t)sc_site_call_begin;
    slots[SLOT_CALL_END] = (uint64_t)sc_site_call_end;
    slots[SLOT_UNMAP_BEGIN] = (uint64_t)sc_site_unmap_begin;
    trampolines->at = trampolines->begin + SLOTS * 8;
    trampolines->last = NULL;
    return 0;
}

static inline __attribute__((always_inline)) void put(struct sc_trampolines *trampolines, const void *bytes,
                                                      size_t count)
{
    if (__builtin_constant_p(count))
        __builtin_memcpy(trampolines->at, bytes, count);
    else
        for (size_t i = 0; i < count; i++) /* an instruction or two */
            trampolines->at[i] = ((const uint8_t *)bytes)[i];
    trampolines->at += count;
}

static void put_relative(struct sc_trampolines *trampolines, const void *opcode, size_t opcode_bytes, uint64_t target)
{
    put(trampolines, opcode, opcode_bytes);
    int32_t relative = (int32_t)(target - ((uint64_t)trampolines->at + 4));
    put(trampolines, &relative, sizeof relative);
}

/* lea site(%rip), %rcx; jmp *slot(%rip): the most of what is written, and of one length, so without a loop. */
static void put_entry(struct sc_trampolines *trampolines, const struct sc_site *site, enum slot slot)
{
    enum { LEA_END = 7, JUMP_END = 13 };
    uint8_t code[JUMP_END] = {0x48, 0x8d, 0x0d, 0, 0, 0, 0, 0xff, 0x25};
    uint64_t at = (uint64_t)trampolines->at;
    int32_t to_site = (int32_t)((uint64_t)site - (at + LEA_END));
    int32_t to_slot = (int32_t)((uint64_t)(trampolines->begin + slot * 8u) - (at + JUMP_END));
    __builtin_memcpy(code + LEA_END - sizeof to_site, &to_site, sizeof to_site);
    __builtin_memcpy(code + JUMP_END - sizeof to_slot, &to_slot, sizeof to_slot);
    __builtin_memcpy(trampolines->at, code, sizeof code);
    trampolines->at += sizeof code;
}

static struct sc_site *new_site(struct sc_trampolines *trampolines, uint64_t after)
{
    trampolines->at = (uint8_t *)(((uintptr_t)trampolines->at + 7) & ~(uintptr_t)7);
    struct sc_site *site = (struct sc_site *)trampolines->at;
    trampolines->at += sizeof *site;
    site->after = after;
    site->continuation = after;
    site->previous = trampolines->last;
    trampolines->last = site;
    return site;
}

/* The lea that was just put: it is to take the address that it takes at its old place, if that is in reach. */
static bool keep_address(const struct sc_trampolines *trampolines, uint64_t old_end)
{
    int32_t distance;
    uint8_t *end = trampolines->at;
    __builtin_memcpy(&distance, end - sizeof distance, sizeof distance);
    int64_t moved = (int64_t)(old_end - (uint64_t)end) + distance;
    distance = (int32_t)moved;
    __builtin_memcpy(end - sizeof distance, &distance, sizeof distance);
    return moved == distance;
}

static bool in_reach(uint64_t from, uint64_t to)
{
    int64_t distance = (int64_t)(to - from);
    return distance == (int32_t)distance;
}

/* Inline, so that it is a few moves: the count is known. */
static inline __attribute__((always_inline)) void overwrite(struct sc_site *site, uint64_t at, const uint8_t *bytes,
                                                            size_t count)
{
    site->at = at;
    site->overwritten_bytes = (uint8_t)count;
    __builtin_memcpy(site->overwritten, (const void *)at, count);
    __builtin_memcpy((void *)at, bytes, count);
}

static void write_branch(struct sc_site *site, uint64_t at, uint8_t opcode, uint64_t target)
{
    uint8_t branch[SC_JUMP_BYTES] = {opcode};
    int32_t relative = (int32_t)(target - (at + SC_JUMP_BYTES));
    __builtin_memcpy(branch + 1, &relative, sizeof relative);
    overwrite(site, at, branch, sizeof branch);
}

static void write_jump(struct sc_site *site, uint64_t at, uint64_t target)
{
    write_branch(site, at, 0xe9, target);
}

/*
 * The cancellation point: one trampoline before the syscall, which stays in place because the C library's handler asks
 * whether the interrupted address is there; another in place of the ret after it.
 */
static bool install_cancel(struct sc_trampolines *trampolines, const struct sc_found_site *found)
{
    uint64_t after = found->address + 2, patch = found->address - found->before;
    struct sc_site *begin = new_site(trampolines, after);
    begin->continuation = found->address;
    uint64_t begin_code = (uint64_t)trampolines->at;
    put(trampolines, (const void *)patch, found->before);
    put_entry(trampolines, begin, SLOT_CANCEL_BEGIN);
    struct sc_site *end = new_site(trampolines, after);
    uint64_t end_code = (uint64_t)trampolines->at;
    put_entry(trampolines, end, SLOT_CANCEL_END);
    if (!in_reach(patch, (uint64_t)trampolines->at))
        return false;
    write_jump(end, after, end_code);
    write_jump(begin, patch, begin_code);
    return true;
}

bool sc_trampoline_install(struct sc_trampolines *trampolines, const struct sc_found_site *found,
                           enum sc_patch_strategy strategy)
{
    if (trampolines->at + SC_TRAMPOLINE_BYTES > trampolines->end)
        return false;
    if (strategy == SC_PATCH_CANCEL)
        return install_cancel(trampolines, found);
    struct sc_site *site = new_site(trampolines, found->address + 2);
    uint64_t code = (uint64_t)trampolines->at, jump_at = strategy == SC_PATCH_PADDING ? found->padding : found->address;
    if (strategy == SC_PATCH_BEFORE || strategy == SC_PATCH_BOTH || strategy == SC_PATCH_LOOP) {
        jump_at = found->address - found->before;
        put(trampolines, (const void *)jump_at, found->before);
        if (found->takes_address && !keep_address(trampolines, found->address))
            return false;
    }
    put_entry(trampolines, site, SLOT_ENTRY);
    site->raw = (uint64_t)trampolines->at;
    put(trampolines, "\x0f\x05", 2);
    put_entry(trampolines, site, SLOT_RAW_DONE);
    if (strategy == SC_PATCH_LOOP)
        site->continuation = found->address + 4 + (uint64_t)(int64_t)found->loop;
    if (strategy == SC_PATCH_AFTER) {
        site->continuation = (uint64_t)trampolines->at;
        put(trampolines, (const void *)(found->address + 2), found->after);
        put_relative(trampolines, "\xe9", 1, found->address + 2 + found->after);
    }
    if (!in_reach(jump_at, code) || !in_reach((uint64_t)trampolines->at, found->address))
        return false;
    write_jump(site, jump_at, code);
    if (strategy == SC_PATCH_PADDING) { /* the jump is in padding, which nobody runs without the short jump */
        uint8_t hop[2] = {0xeb, (uint8_t)(found->padding - (found->address + 2))};
        overwrite(site, found->address, hop, sizeof hop);
    }
    return true;
}

/*
 * The call leads here with its arguments in their registers: rax is free, so rcx goes there. Then the function is
 * entered as if from the same place. It comes back to us, and after that everything is as after the call; or it comes
 * back to the program, where a jump leads to us.
 */
bool sc_trampoline_call(struct sc_trampolines *trampolines, const struct sc_stub_call *call)
{
    uint64_t after = call->at + SC_JUMP_BYTES;
    if (trampolines->at + SC_TRAMPOLINE_BYTES > trampolines->end)
        return false;
    bool to_us = call->kind == SC_STUB_CANCEL, unwound = call->kind == SC_STUB_UNWOUND;
    struct sc_site *begin = new_site(trampolines, after), *end = NULL;
    uint64_t begin_code = (uint64_t)trampolines->at, end_code = 0;
    put(trampolines, "\x48\x89\xc8", 3); /* mov %rcx, %rax */
    put_entry(trampolines, begin, to_us || unwound ? SLOT_CALL_BEGIN : SLOT_UNMAP_BEGIN);
    begin->continuation = (uint64_t)trampolines->at;
    uint8_t *back = trampolines->at;
    if (to_us) {
        put(trampolines, "\x4c\x8d\x1d\0\0\0\0", 7); /* lea back(%rip), %r11 */
        put(trampolines, "\x4c\x89\x1c\x24", 4);     /* mov %r11, (%rsp) */
    }
    put_relative(trampolines, "\xe9", 1, call->stub);
    if (to_us || unwound) {
        end = new_site(trampolines, after);
        end_code = (uint64_t)trampolines->at;
        put_entry(trampolines, end, SLOT_CALL_END);
    }
    if (to_us) {
        int32_t distance = (int32_t)(end_code - (uint64_t)(back + 7));
        __builtin_memcpy(back + 3, &distance, sizeof distance);
    }
    if (unwound) {
        end->continuation = (uint64_t)trampolines->at;
        put(trampolines, (const void *)after, call->moved);
        put_relative(trampolines, "\xe9", 1, after + call->moved);
    }
    if (!in_reach(call->at, (uint64_t)trampolines->at) || !in_reach((uint64_t)trampolines->at, call->stub))
        return false;
    if (unwound)
        write_jump(end, after, end_code);
    write_branch(begin, call->at, *(const uint8_t *)call->at, begin_code); /* a call stays a call, a jump a jump */
    return true;
}

int sc_trampolines_seal(struct sc_trampolines *trampolines)
{
    uint64_t used = ((uint64_t)trampolines->at + SC_GRANULE - 1) & ~(uint64_t)(SC_GRANULE - 1);
    if (used < (uint64_t)trampolines->end)
        sc_syscall(SYS_munmap, used, (uint64_t)trampolines->end - used);
    return (int)sc_syscall(SYS_mprotect, trampolines->begin, used - (uint64_t)trampolines->begin,
                           PROT_READ | PROT_EXEC);
}
