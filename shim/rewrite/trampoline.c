#include "trampoline.h"

#include <string.h>
#include <sys/mman.h>

#include "../core/raw_syscall.h"
#include "../core/state.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

enum {
    REACH = 0x7f000000, /* of a 32-bit displacement, with room for the object itself */
    STEP = 1 << 20,
    TRIES = 1024,
    LOWEST = 0x10000, /* vm.mmap_min_addr */
};

/* The first words of the memory: where the stubs jump. A stub is too far from us for a direct jump. */
enum slot { SLOT_ENTRY, SLOT_RAW_DONE, SLOT_CANCEL_BEGIN, SLOT_CANCEL_END, SLOTS };

int sc_stubs_open(struct sc_stubs *stubs, uint64_t low, uint64_t high, size_t count)
{
    size_t bytes = (SLOTS * 8 + count * SC_STUB_BYTES + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE;
    long map = -ENOMEM;
    /* Below the object: above it, a program's heap may want to grow. */
    for (int i = 1; i <= TRIES && sc_failed(map); i++) {
        uint64_t hint = (low & ~(uint64_t)(SC_GRANULE - 1)) - bytes - (uint64_t)(i - 1) * STEP;
        if (hint < LOWEST || hint > low || high - hint > REACH)
            break;
        map = sc_sys(SYS_mmap, hint, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
                     -1);
    }
    if (sc_failed(map))
        return (int)map;
    /* A policy may forbid to make it executable once it was written: known before any code jumps there. */
    long allowed = sc_sys(SYS_mprotect, map, bytes, PROT_READ | PROT_EXEC);
    if (!sc_failed(allowed))
        allowed = sc_sys(SYS_mprotect, map, bytes, PROT_READ | PROT_WRITE);
    if (sc_failed(allowed)) {
        sc_sys(SYS_munmap, map, bytes);
        return (int)allowed;
    }
    stubs->begin = (uint8_t *)map;
    stubs->end = stubs->begin + bytes;
    uint64_t *slots = (uint64_t *)map;
    slots[SLOT_ENTRY] = (uint64_t)sc_site_entry;
    slots[SLOT_RAW_DONE] = (uint64_t)sc_site_raw_done;
    slots[SLOT_CANCEL_BEGIN] = (uint64_t)sc_site_cancel_begin;
    slots[SLOT_CANCEL_END] = (uint64_t)sc_site_cancel_end;
    stubs->at = stubs->begin + SLOTS * 8;
    stubs->last = NULL;
    return 0;
}

static void put(struct sc_stubs *stubs, const void *bytes, size_t count)
{
    sc_copy(stubs->at, bytes, count);
    stubs->at += count;
}

static void put_relative(struct sc_stubs *stubs, const void *opcode, size_t opcode_bytes, uint64_t target)
{
    put(stubs, opcode, opcode_bytes);
    int32_t relative = (int32_t)(target - ((uint64_t)stubs->at + 4));
    put(stubs, &relative, sizeof relative);
}

/* lea site(%rip), %rcx; jmp *slot(%rip) */
static void put_entry(struct sc_stubs *stubs, const struct sc_site *site, enum slot slot)
{
    put_relative(stubs, "\x48\x8d\x0d", 3, (uint64_t)site);
    put_relative(stubs, "\xff\x25", 2, (uint64_t)(stubs->begin + slot * 8u));
}

static struct sc_site *new_site(struct sc_stubs *stubs, uint64_t after)
{
    stubs->at = (uint8_t *)(((uintptr_t)stubs->at + 7) & ~(uintptr_t)7);
    struct sc_site *site = (struct sc_site *)stubs->at;
    stubs->at += sizeof *site;
    site->after = after;
    site->continuation = after;
    site->previous = stubs->last;
    stubs->last = site;
    return site;
}

static bool in_reach(uint64_t from, uint64_t to)
{
    int64_t distance = (int64_t)(to - from);
    return distance == (int32_t)distance;
}

static void overwrite(struct sc_site *site, uint64_t at, const uint8_t *bytes, size_t count)
{
    site->at = at;
    site->overwritten_bytes = (uint8_t)count;
    sc_copy(site->overwritten, (const void *)at, count);
    sc_copy((void *)at, bytes, count);
}

static void write_jump(struct sc_site *site, uint64_t at, uint64_t target)
{
    uint8_t jump[SC_JUMP_BYTES] = {0xe9};
    int32_t relative = (int32_t)(target - (at + SC_JUMP_BYTES));
    __builtin_memcpy(jump + 1, &relative, sizeof relative);
    overwrite(site, at, jump, sizeof jump);
}

/*
 * The cancellation point: a stub ahead of the syscall, which then runs where it stands, because the C library's handler
 * asks whether the interrupted address is there; and one over the ret behind it.
 */
static bool install_cancel(struct sc_stubs *stubs, const struct sc_found_site *found)
{
    uint64_t after = found->address + 2, patch = found->address - found->before;
    struct sc_site *begin = new_site(stubs, after);
    begin->continuation = found->address;
    uint64_t begin_code = (uint64_t)stubs->at;
    put(stubs, (const void *)patch, found->before);
    put_entry(stubs, begin, SLOT_CANCEL_BEGIN);
    struct sc_site *end = new_site(stubs, after);
    uint64_t end_code = (uint64_t)stubs->at;
    put_entry(stubs, end, SLOT_CANCEL_END);
    if (!in_reach(patch, (uint64_t)stubs->at))
        return false;
    write_jump(end, after, end_code);
    write_jump(begin, patch, begin_code);
    return true;
}

bool sc_stub_install(struct sc_stubs *stubs, const struct sc_found_site *found, enum sc_site_way way)
{
    if (stubs->at + SC_STUB_BYTES > stubs->end)
        return false;
    if (way == SC_WAY_CANCEL)
        return install_cancel(stubs, found);
    struct sc_site *site = new_site(stubs, found->address + 2);
    uint64_t code = (uint64_t)stubs->at, jump_at = way == SC_WAY_GAP ? found->gap : found->address;
    if (way == SC_WAY_BEFORE || way == SC_WAY_BOTH || way == SC_WAY_LOOP) {
        jump_at = found->address - found->before;
        put(stubs, (const void *)jump_at, found->before);
    }
    put_entry(stubs, site, SLOT_ENTRY);
    site->raw = (uint64_t)stubs->at;
    put(stubs, "\x0f\x05", 2);
    put_entry(stubs, site, SLOT_RAW_DONE);
    if (way == SC_WAY_LOOP)
        site->continuation = found->address + 4 + (uint64_t)(int64_t)found->loop;
    if (way == SC_WAY_AFTER) {
        site->continuation = (uint64_t)stubs->at;
        put(stubs, (const void *)(found->address + 2), found->after);
        put_relative(stubs, "\xe9", 1, found->address + 2 + found->after);
    }
    if (!in_reach(jump_at, code) || !in_reach((uint64_t)stubs->at, found->address))
        return false;
    write_jump(site, jump_at, code);
    if (way == SC_WAY_GAP) { /* the jump stands in padding, which nobody runs without the hop */
        uint8_t hop[2] = {0xeb, (uint8_t)(found->gap - (found->address + 2))};
        overwrite(site, found->address, hop, sizeof hop);
    }
    return true;
}

int sc_stubs_seal(struct sc_stubs *stubs)
{
    uint64_t used = ((uint64_t)stubs->at + SC_GRANULE - 1) & ~(uint64_t)(SC_GRANULE - 1);
    if (used < (uint64_t)stubs->end)
        sc_sys(SYS_munmap, used, (uint64_t)stubs->end - used);
    return (int)sc_sys(SYS_mprotect, stubs->begin, used - (uint64_t)stubs->begin, PROT_READ | PROT_EXEC);
}
