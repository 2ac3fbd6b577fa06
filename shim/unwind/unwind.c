#include "unwind.h"

#include <stddef.h>
#include <string.h>

#include "../core/state.h"
#include "frame_rule.h"
#include "frame_walk.h"

enum {
    SLOTS = 4096,   /* kept rules */
    FDE_MOST = 512, /* of objects that may go, on the caller's stack; longer ones are rare */
    CIE_MOST = 64,
};

/*
 * Kept rules by address. Threads write them without a lock: key is the address xored with the packed rule, so that a
 * slot whose two words were written by two threads matches nothing. For an object that may go it is xored with the
 * epoch too: after the next one has gone, it matches nothing either.
 */
static struct {
    uint64_t key;
    uint64_t rule;
} kept[SLOTS];

static uint64_t pack(const struct sc_frame_rule *rule)
{
    return (uint64_t)rule->valid | (uint64_t)rule->cfa_is_bp << 1 | (uint64_t)rule->bp_saved << 2 |
           (uint64_t)(uint32_t)(rule->cfa_offset & 0x1fffff) << 3 | (uint64_t)(uint16_t)rule->bp_at << 24 |
           (uint64_t)(uint16_t)rule->ra_at << 40 | (uint64_t)rule->owner << 56 | (uint64_t)rule->walked << 59 |
           UINT64_C(1) << 63;
}

static enum sc_owner owner_of(uint64_t word)
{
    return (enum sc_owner)(word >> 56 & 7);
}

static struct sc_frame_rule unpack(uint64_t word)
{
    return (struct sc_frame_rule){
        .valid = word & 1,
        .cfa_is_bp = word >> 1 & 1,
        .bp_saved = word >> 2 & 1,
        .walked = word >> 59 & 1,
        .cfa_offset = (int32_t)(word >> 3 & 0x1fffff),
        .bp_at = (int16_t)(word >> 24),
        .ra_at = (int16_t)(word >> 40),
        .owner = owner_of(word),
    };
}

/* A table's records as they lie in memory, or copied from an object that may be going. */
struct records {
    uint8_t fde[FDE_MOST];
    uint8_t cie[CIE_MOST];
};

/* Of an object that may go: its FDE for pc and that one's CIE, copied. False where they can't be had or are too long.
 */
static bool copy_records(const struct sc_elf_module *module, uint64_t pc, struct records *copy, uint64_t *ret_fde)
{
    uint32_t low = 0, high = module->count, length = 0;
    int32_t entry[2], back;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (!sc_copied(entry, (uint64_t)module->table + 8 * (uint64_t)middle, sizeof entry))
            return false;
        if (module->header + (uint64_t)(int64_t)entry[0] <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || !sc_copied(entry, (uint64_t)module->table + 8 * (uint64_t)(low - 1), sizeof entry))
        return false;
    if (!entry[1]) /* a function without one: module.h */
        return false;
    uint64_t fde = module->header + (uint64_t)(int64_t)entry[1];
    if (!sc_copied(&length, fde, sizeof length) || length < 12 || length > sizeof copy->fde - 4 ||
        !sc_copied(copy->fde, fde, length + 4))
        return false;
    memcpy(&back, copy->fde + 4, sizeof back);
    uint64_t cie = fde + 4 - (uint64_t)(int64_t)back;
    if (!sc_copied(&length, cie, sizeof length) || length < 12 || length > sizeof copy->cie - 4 ||
        !sc_copied(copy->cie, cie, length + 4))
        return false;
    *ret_fde = fde;
    return true;
}

static struct sc_frame_rule find_staying(const struct sc_code *code, uint64_t pc)
{
    const uint8_t *fde = sc_eh_frame_fde(&code->module, pc);
    struct sc_frame_rule rule = {0};
    int32_t back;
    if (code->module.by_symbols) {
        rule = sc_frame_walk(&code->module, pc);
    } else if (fde) {
        memcpy(&back, fde + 4, sizeof back);
        rule = sc_frame_rule_of(fde, (uint64_t)fde, fde + 4 - back, pc);
    }
    rule.owner = code->owner;
    return rule;
}

static struct sc_frame_rule find_passing(uint64_t pc)
{
    struct records copy;
    struct sc_code code;
    uint64_t fde_at;
    if (!sc_modules_find(pc, &code) || !copy_records(&code.module, pc, &copy, &fde_at))
        return (struct sc_frame_rule){.owner = SC_OWNER_PROGRAM};
    return sc_frame_rule_of(copy.fde, fde_at, copy.cie, pc);
}

/* key: the address, and for an object that may go with the epoch in it. */
static uint64_t keep(uint64_t slot, uint64_t key, const struct sc_frame_rule *rule)
{
    uint64_t word = pack(rule);
    __atomic_store_n(&kept[slot].rule, word, __ATOMIC_RELAXED);
    __atomic_store_n(&kept[slot].key, word ^ key, __ATOMIC_RELAXED);
    return word;
}

static __attribute__((noinline)) uint64_t make_rule(uint64_t pc, uint64_t slot, uint64_t passing_key)
{
    const struct sc_code *code = sc_modules_staying(pc);
    /* Whose callers nobody asks for where no stacks are recorded. */
    struct sc_frame_rule rule = {.owner = SC_OWNER_PROGRAM};
    if (code)
        rule = find_staying(code, pc);
    else if (sc_process.stack_depth)
        rule = find_passing(pc);
    return keep(slot, code ? pc : passing_key, &rule);
}

/* The packed rule. Inline where it is kept already, which is the usual case. */
static inline uint64_t rule_at(uint64_t pc)
{
    uint64_t slot = (pc ^ pc >> 12) % SLOTS;
    uint64_t passing_key = pc ^ (uint64_t)(sc_modules_epoch() + 1) << 48; /* before any object is looked for */
    uint64_t word = __atomic_load_n(&kept[slot].rule, __ATOMIC_RELAXED);
    uint64_t key = __atomic_load_n(&kept[slot].key, __ATOMIC_RELAXED) ^ word;
    if (key == pc || key == passing_key)
        return word;
    return make_rule(pc, slot, passing_key);
}

/* The caller's frame by that rule: where its two words are saved. */
static bool find_frame(const struct sc_cursor *cursor, const struct sc_frame_rule *rule, uint64_t *ret_cfa)
{
    if (!rule->valid)
        return false;
    uint64_t cfa = (rule->cfa_is_bp ? cursor->bp : cursor->sp) + (uint64_t)(int64_t)rule->cfa_offset;
    *ret_cfa = cfa;
    return cfa >= cursor->sp && cfa - cursor->sp <= SC_FRAME_LARGEST && !(cfa & 7); /* else rbp was no frame pointer */
}

/* Of objects that may go nothing may be read, and other code's makers are not known. */
static bool is_return_address(uint64_t address)
{
    struct sc_code code;
    if (!sc_modules_find(address - 1, &code))
        return false;
    return code.name != SC_NAME_STAYS || sc_follows_call(address, code.begin);
}

static void note(struct sc_kept_walk *of, struct sc_stack_word word)
{
    if (of->reads < SC_WALK_READS)
        of->read[of->reads] = word;
    of->reads++;
}

static bool read_stack(struct sc_stack_walk *walk, struct sc_stack_word *word)
{
    if (sc_readable_u64(&walk->known, word->at, &word->value))
        return true;
    walk->kept->reads = SC_WALK_READS + 1; /* it may be readable another time */
    return false;
}

/* The frame depends on bp: on the word that it was read from, or on what it was in the beginning. */
static void note_bp(struct sc_stack_walk *walk)
{
    if (walk->bp_noted)
        return;
    walk->bp_noted = true;
    if (walk->bp.at)
        note(walk->kept, walk->bp);
    else
        walk->kept->by_bp = true;
}

/* The address before a return address: a call may be the last instruction of its function. */
bool sc_unwind_step(struct sc_cursor *cursor, struct sc_stack_walk *walk, enum sc_owner *ret_owner)
{
    struct sc_frame_rule rule = unpack(rule_at(cursor->pc - 1));
    uint64_t cfa;
    *ret_owner = rule.owner;
    if (rule.cfa_is_bp)
        note_bp(walk);
    if (!find_frame(cursor, &rule, &cfa))
        return false;
    struct sc_stack_word pc = {.at = cfa + (uint64_t)(int64_t)rule.ra_at};
    struct sc_stack_word bp = {.at = cfa + (uint64_t)(int64_t)rule.bp_at};
    if (!read_stack(walk, &pc))
        return false;
    note(walk->kept, pc);
    if (rule.walked) /* what follows from an address may change with what is loaded */
        walk->kept->reads = SC_WALK_READS + 1;
    if (!pc.value || (rule.walked && !is_return_address(pc.value)))
        return false;
    if (rule.bp_saved) {
        if (!read_stack(walk, &bp))
            return false;
        cursor->bp = bp.value;
        walk->bp = bp;
        walk->bp_noted = false;
    }
    cursor->pc = pc.value;
    cursor->sp = cfa;
    return true;
}

int32_t sc_unwind_fixed(uint64_t pc)
{
    struct sc_frame_rule rule = unpack(rule_at(pc - 1));
    bool fixed = rule.valid && !rule.cfa_is_bp && rule.owner != SC_OWNER_PROGRAM;
    return fixed ? rule.cfa_offset + rule.ra_at : -1;
}

/*
 * From the registers at a site through frames of the C library, C++'s and the loader alone, whose tables can be relied
 * on: the words that they lead to are read as they are.
 */
uint64_t sc_unwind_program(struct sc_cursor *cursor, unsigned most, bool pass_language)
{
    uint64_t in_language = 0;
    for (; most; most--) {
        struct sc_frame_rule rule = unpack(rule_at(cursor->pc - 1));
        uint64_t cfa;
        if (rule.owner == SC_OWNER_LANGUAGE && !in_language)
            in_language = cursor->pc;
        if (rule.owner == SC_OWNER_PROGRAM || (in_language && !pass_language))
            return cursor->pc;
        if (!find_frame(cursor, &rule, &cfa))
            break;
        cursor->pc = sc_proved_u64(cfa + (uint64_t)(int64_t)rule.ra_at);
        if (rule.walked && !is_return_address(cursor->pc))
            break;
        if (rule.bp_saved)
            cursor->bp = sc_proved_u64(cfa + (uint64_t)(int64_t)rule.bp_at);
        cursor->sp = cfa;
        if (!cursor->pc)
            break;
    }
    return in_language;
}
