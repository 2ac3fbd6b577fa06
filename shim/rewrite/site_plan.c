#include "site_plan.h"

#include <string.h>

#include "../unwind/insn.h"

/* An item's bits, from the lowest; what is a call has the offset and the last one alone. */
enum {
    CHOSEN_BITS = 4,
    BEFORE_BITS = 4,
    AFTER_BITS = 5,
    DISTANCE_BITS = 8, /* of a short jump: signed */
    SYSCALL_BYTES = 2,
};

struct item {
    uint32_t offset;
    uint8_t chosen, before, after;
    int8_t loop, hop;
    bool takes_address, makes_no_thread, is_call;
};

static uint64_t append(uint64_t bits, unsigned *used, uint64_t value, unsigned width)
{
    bits |= (value & ((UINT64_C(1) << width) - 1)) << *used;
    *used += width;
    return bits;
}

static void put_item(uint32_t *words, const struct item *item)
{
    unsigned used = 0;
    uint64_t bits = append(0, &used, item->offset, SC_PLAN_OFFSET_BITS);
    bits = append(bits, &used, item->chosen, CHOSEN_BITS);
    bits = append(bits, &used, item->before, BEFORE_BITS);
    bits = append(bits, &used, item->after, AFTER_BITS);
    bits = append(bits, &used, (uint8_t)item->loop, DISTANCE_BITS);
    bits = append(bits, &used, (uint8_t)item->hop, DISTANCE_BITS);
    bits = append(bits, &used, item->takes_address, 1);
    bits = append(bits, &used, item->makes_no_thread, 1);
    bits = append(bits, &used, item->is_call, 1);
    words[0] = (uint32_t)bits;
    words[1] = (uint32_t)(bits >> 32);
}

static uint64_t next_bits(uint64_t *bits, unsigned width)
{
    uint64_t value = *bits & ((UINT64_C(1) << width) - 1);
    *bits >>= width;
    return value;
}

static struct item get_item(const uint32_t *words)
{
    uint64_t bits = words[0] | (uint64_t)words[1] << 32;
    struct item item;
    item.offset = (uint32_t)next_bits(&bits, SC_PLAN_OFFSET_BITS);
    item.chosen = (uint8_t)next_bits(&bits, CHOSEN_BITS);
    item.before = (uint8_t)next_bits(&bits, BEFORE_BITS);
    item.after = (uint8_t)next_bits(&bits, AFTER_BITS);
    item.loop = (int8_t)next_bits(&bits, DISTANCE_BITS);
    item.hop = (int8_t)next_bits(&bits, DISTANCE_BITS);
    item.takes_address = next_bits(&bits, 1);
    item.makes_no_thread = next_bits(&bits, 1);
    item.is_call = next_bits(&bits, 1);
    return item;
}

/* FNV-1a's constants, eight bytes at a time. */
static uint64_t hash(uint64_t sum, uint64_t at, size_t bytes)
{
    const uint8_t *from = (const uint8_t *)at;
    for (; bytes; from += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t part = bytes < sizeof word ? bytes : sizeof word;
        __builtin_memcpy(&word, from, part);
        sum = (sum ^ word ^ (uint64_t)part << 56) * UINT64_C(0x100000001b3);
        sum ^= sum >> 29;
        bytes -= part;
    }
    return sum;
}

/* Of the items, and of all code that they rely on. */
static uint64_t check_of(const struct sc_planned *planned, const uint32_t *items, size_t words)
{
    uint64_t sum = hash(UINT64_C(0xcbf29ce484222325), (uint64_t)&planned->key, sizeof planned->key);
    sum = hash(sum, (uint64_t)items, words * sizeof *items);
    for (size_t i = 0; i < planned->site_count; i++) {
        const struct sc_found_site *site = &planned->sites[i];
        sum = hash(sum, site->address - site->before, (size_t)site->before + SYSCALL_BYTES + site->after);
        if (site->chosen == SC_PATCH_PADDING)
            sum = hash(sum, site->padding, SC_JUMP_BYTES);
        if (site->chosen == SC_PATCH_CANCEL)
            sum = hash(sum, site->address + SYSCALL_BYTES, SC_JUMP_BYTES);
    }
    for (unsigned i = 0; i < planned->call_count; i++)
        sum = hash(sum, planned->calls[i].at, SC_JUMP_BYTES + planned->calls[i].moved);
    return sum;
}

size_t sc_plan_pack(const struct sc_planned *planned, uint32_t *words, size_t room)
{
    size_t used = SC_PLAN_HEAD, count = planned->site_count + planned->call_count;
    if (planned->end - planned->begin > 1u << SC_PLAN_OFFSET_BITS || SC_PLAN_HEAD + count * SC_PLAN_ITEM > room)
        return 0;
    for (size_t i = 0; i < planned->site_count; i++, used += SC_PLAN_ITEM) {
        const struct sc_found_site *site = &planned->sites[i];
        bool hops = site->chosen == SC_PATCH_PADDING;
        if (site->after >= 1 << AFTER_BITS)
            return 0;
        put_item(words + used, &(struct item){
                                   .offset = (uint32_t)(site->address - planned->begin),
                                   .chosen = site->chosen,
                                   .before = site->before,
                                   .after = site->after,
                                   .loop = site->loop,
                                   .hop = hops ? (int8_t)(site->padding - (site->address + SYSCALL_BYTES)) : 0,
                                   .takes_address = site->takes_address,
                                   .makes_no_thread = site->makes_no_thread,
                               });
    }
    for (unsigned i = 0; i < planned->call_count; i++, used += SC_PLAN_ITEM)
        put_item(words + used,
                 &(struct item){.offset = (uint32_t)(planned->calls[i].at - planned->begin), .is_call = true});
    uint64_t check = check_of(planned, words + SC_PLAN_HEAD, used - SC_PLAN_HEAD);
    words[0] = (uint32_t)check;
    words[1] = (uint32_t)(check >> 32);
    return used;
}

/* What is moved from there on is so many bytes of whole instructions that can be moved; or one lea, if it is said to
 * be. */
static bool can_move(uint64_t at, unsigned bytes, uint64_t end, bool takes_address)
{
    struct sc_insn insn;
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
    uint64_t address = planned->begin + item->offset, padding = address + SYSCALL_BYTES + (uint64_t)(int64_t)item->hop;
    bool hops = item->chosen == SC_PATCH_PADDING;
    if (planned->site_count == planned->site_room || item->offset < item->before ||
        address + SYSCALL_BYTES + item->after > planned->end || *(const uint16_t *)address != 0x050f)
        return false;
    if (hops && (padding < planned->begin || padding + SC_JUMP_BYTES > planned->end))
        return false;
    if (item->chosen == SC_PATCH_CANCEL && address + SYSCALL_BYTES + SC_JUMP_BYTES > planned->end)
        return false;
    struct sc_found_site *site = &planned->sites[planned->site_count];
    *site = (struct sc_found_site){
        .address = address,
        .chosen = item->chosen,
        .possible = (uint16_t)(1 << item->chosen),
        .before = item->before,
        .after = item->after,
        .loop = item->loop,
        .padding = hops ? padding : 0,
        .takes_address = item->takes_address,
        .makes_no_thread = item->makes_no_thread,
    };
    planned->site_count++;
    return fits(site, planned->end);
}

static bool take_item(struct sc_planned *planned, const uint32_t *words)
{
    struct item item = get_item(words);
    uint64_t at = planned->begin + item.offset;
    if (!item.is_call)
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
