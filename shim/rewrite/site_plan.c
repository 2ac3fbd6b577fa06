#include "site_plan.h"

#include <string.h>

#include "../core/word_hash.h"
#include "../unwind/insn.h"

enum { SYSCALL_BYTES = 2, CHOSEN = 0x1f, TAKES_ADDRESS = 0x20, MAKES_NO_THREAD = 0x40, IS_CALL = 0x80 };
_Static_assert(SC_PATCH_STRATEGIES <= CHOSEN + 1, "bits of how");

/* What is a call has an offset and IS_CALL alone. */
struct item {
    uint32_t offset;
    uint8_t before, after;
    int8_t distance; /* of the short jump: LOOP's, or PADDING's to its padding */
    uint8_t how;     /* the strategy and bits */
};
_Static_assert(sizeof(struct item) == SC_PLAN_ITEM * sizeof(uint32_t), "an item's words");

/* Of the items, and of all code that they rely on. */
static uint64_t check_of(const struct sc_planned *planned, const uint32_t *items, size_t words)
{
    uint64_t sum = sc_hash(SC_HASH_BEGIN, &planned->key, sizeof planned->key);
    sum = sc_hash(sum, items, words * sizeof *items);
    for (size_t i = 0; i < planned->site_count; i++) {
        const struct sc_found_site *site = &planned->sites[i];
        sum = sc_hash(sum, (const void *)(site->address - site->before),
                      (size_t)site->before + SYSCALL_BYTES + site->after);
        if (site->chosen == SC_PATCH_PADDING)
            sum = sc_hash(sum, (const void *)site->padding, SC_JUMP_BYTES);
        if (site->chosen == SC_PATCH_CANCEL)
            sum = sc_hash(sum, (const void *)(site->address + SYSCALL_BYTES), SC_JUMP_BYTES);
    }
    for (unsigned i = 0; i < planned->call_count; i++)
        sum = sc_hash(sum, (const void *)planned->calls[i].at, SC_JUMP_BYTES + planned->calls[i].moved);
    return sum;
}

static struct item item_of(const struct sc_planned *planned, const struct sc_found_site *site)
{
    struct item item = {
        .offset = (uint32_t)(site->address - planned->begin),
        .before = site->before,
        .after = site->after,
        .distance = site->loop,
        .how = site->chosen,
    };
    if (site->chosen == SC_PATCH_PADDING)
        item.distance = (int8_t)(site->padding - (site->address + SYSCALL_BYTES));
    item.how |= site->takes_address ? TAKES_ADDRESS : 0;
    item.how |= site->makes_no_thread ? MAKES_NO_THREAD : 0;
    return item;
}

size_t sc_plan_pack(const struct sc_planned *planned, uint32_t *words, size_t room)
{
    size_t used = SC_PLAN_HEAD, count = planned->site_count + planned->call_count;
    if (planned->end - planned->begin > 1u << SC_PLAN_OFFSET_BITS || SC_PLAN_HEAD + count * SC_PLAN_ITEM > room)
        return 0;
    for (size_t i = 0; i < planned->site_count; i++, used += SC_PLAN_ITEM) {
        struct item item = item_of(planned, &planned->sites[i]);
        memcpy(words + used, &item, sizeof item);
    }
    for (unsigned i = 0; i < planned->call_count; i++, used += SC_PLAN_ITEM) {
        struct item item = {.offset = (uint32_t)(planned->calls[i].at - planned->begin), .how = IS_CALL};
        memcpy(words + used, &item, sizeof item);
    }
    uint64_t check = check_of(planned, words + SC_PLAN_HEAD, used - SC_PLAN_HEAD);
    words[0] = (uint32_t)check;
    words[1] = (uint32_t)(check >> 32);
    return used;
}

uint32_t sc_plan_changes(const uint32_t *words)
{
    struct item item;
    memcpy(&item, words, sizeof item);
    bool changes = item.how & IS_CALL || (item.how & CHOSEN) >= SC_PATCH_CANCEL;
    return changes && item.offset >= item.before ? item.offset - item.before : UINT32_MAX;
}

/* What is moved from there on is so many bytes of whole instructions that can be moved; or one lea, if it is said to
 * be. */
static bool can_move(uint64_t at, unsigned bytes, uint64_t end, bool takes_address)
{
    enum { MOV_NUMBER = 0xb8, MOV_NUMBER_BYTES = 5 }; /* mov $number, %eax: four of five */
    struct sc_insn insn;
    if (!takes_address && bytes == MOV_NUMBER_BYTES && *(const uint8_t *)at == MOV_NUMBER)
        return at + bytes <= end;
    if (takes_address)
        return sc_insn_decode((const uint8_t *)at, end - at, &insn) && insn.length == bytes &&
               sc_insn_takes_address(at, &insn);
    for (unsigned done = 0; done < bytes; done += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at + done, end - at - done, &insn) || insn.flow != SC_FLOW_ON ||
            done + insn.length > bytes || insn.position)
            return false;
    }
    return true;
}

/* Bytes of nops, whole ones or not, or of int3. */
static bool is_padding(uint64_t at, unsigned bytes)
{
    static const uint8_t in_nops[] = {0x90, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x80, 0x44, 0x40, 0x00, 0xcc};
    for (const uint8_t *byte = (const uint8_t *)at; bytes-- > 0; byte++)
        if (!memchr(in_nops, *byte, sizeof in_nops))
            return false;
    return true;
}

/* Whether the strategy fits the code there. */
static bool fits(const struct sc_found_site *site, uint64_t end)
{
    enum { RET = 0xc3 };
    if (site->takes_address && site->chosen != SC_PATCH_BEFORE)
        return false;
    uint64_t before = site->address - site->before;
    const uint8_t *code = (const uint8_t *)site->address;
    switch (site->chosen) {
    case SC_PATCH_NONE:
    case SC_PATCH_SIGRETURN:
    case SC_PATCH_CALL: return true;
    case SC_PATCH_PADDING: return is_padding(site->padding, SC_JUMP_BYTES);
    case SC_PATCH_CANCEL:
        return site->before == SC_JUMP_BYTES && can_move(before, SC_JUMP_BYTES, end, false) && code[2] == RET &&
               is_padding(site->address + SYSCALL_BYTES + 1, SC_JUMP_BYTES - 1);
    case SC_PATCH_BEFORE:
        return site->before >= SC_JUMP_BYTES && can_move(before, site->before, end, site->takes_address);
    case SC_PATCH_AFTER:
        return SYSCALL_BYTES + site->after >= SC_JUMP_BYTES &&
               can_move(site->address + SYSCALL_BYTES, site->after, end, false);
    case SC_PATCH_BOTH:
        return site->before + SYSCALL_BYTES >= SC_JUMP_BYTES && can_move(before, site->before, end, false);
    case SC_PATCH_LOOP:
        return site->before + 2 * SYSCALL_BYTES >= SC_JUMP_BYTES && site->address + 2 * SYSCALL_BYTES <= end &&
               can_move(before, site->before, end, false) && code[2] == 0xeb && (int8_t)code[3] == site->loop;
    default: return false;
    }
}

static bool take_site(struct sc_planned *planned, const struct item *item)
{
    enum { LONGEST = 15 }; /* bytes of an instruction */
    uint64_t address = planned->begin + item->offset, behind = address + SYSCALL_BYTES;
    uint8_t chosen = item->how & CHOSEN;
    if (planned->site_count == planned->site_room || chosen >= SC_PATCH_STRATEGIES || item->before > LONGEST ||
        item->after > SC_JUMP_BYTES - SYSCALL_BYTES - 1 + LONGEST || item->offset < item->before ||
        behind + item->after > planned->end || *(const uint16_t *)address != 0x050f)
        return false;
    struct sc_found_site *site = &planned->sites[planned->site_count];
    *site = (struct sc_found_site){
        .address = address,
        .chosen = chosen,
        .before = item->before,
        .after = item->after,
        .loop = item->distance,
        .takes_address = item->how & TAKES_ADDRESS,
        .makes_no_thread = item->how & MAKES_NO_THREAD,
    };
    if (chosen == SC_PATCH_PADDING)
        site->padding = behind + (uint64_t)(int64_t)item->distance;
    if (chosen == SC_PATCH_PADDING && (site->padding < planned->begin || site->padding + SC_JUMP_BYTES > planned->end))
        return false;
    if (chosen == SC_PATCH_CANCEL && behind + SC_JUMP_BYTES > planned->end)
        return false;
    planned->site_count++;
    return fits(site, planned->end);
}

static bool take_item(struct sc_planned *planned, const uint32_t *words)
{
    struct item item;
    memcpy(&item, words, sizeof item);
    uint64_t at = planned->begin + item.offset;
    if (!(item.how & IS_CALL))
        return take_site(planned, &item);
    if (planned->call_count == SC_STUB_CALLS || at + SC_JUMP_BYTES > planned->end)
        return false;
    return sc_stub_call_at(planned->begin, planned->end, at, &planned->calls[planned->call_count++]);
}

bool sc_plan_unpack(struct sc_planned *planned, const uint32_t *words, size_t count)
{
    planned->site_count = planned->call_count = 0;
    bool good = count >= SC_PLAN_HEAD && count % SC_PLAN_ITEM == 0;
    for (size_t at = SC_PLAN_HEAD; good && at < count; at += SC_PLAN_ITEM)
        good = take_item(planned, words + at);
    if (good) {
        uint64_t check = check_of(planned, words + SC_PLAN_HEAD, count - SC_PLAN_HEAD);
        good = words[0] == (uint32_t)check && words[1] == (uint32_t)(check >> 32);
    }
    if (!good)
        planned->site_count = planned->call_count = 0;
    return good;
}
