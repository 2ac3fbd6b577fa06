#include "unwind.h"

#include <dwarf.h>
#include <stddef.h>
#include <string.h>

#include "../core/state.h"

enum {
    REG_RBP = 6,
    REG_RSP = 7,
    REG_RA = 16,
    STATES = 8,   /* depth of remembered states */
    SLOTS = 4096, /* kept rules */
    LARGEST_FRAME = 1 << 20,
    FDE_MOST = 512, /* of objects that may go, on the caller's stack; longer ones are rare */
    CIE_MOST = 64,
};

/* How to leave a frame. valid false: not by our means. */
struct rule {
    bool valid;
    bool cfa_is_bp;
    bool bp_saved;
    int32_t cfa_offset;
    int16_t bp_at; /* from the CFA */
    int16_t ra_at;
    enum sc_owner owner; /* of the code itself */
};

/* The state of the table's program. */
struct state {
    unsigned cfa_register;
    int64_t cfa_offset;
    bool cfa_known;
    bool bp_saved, bp_known;
    int64_t bp_at;
    bool ra_known;
    int64_t ra_at;
};

struct reader {
    const uint8_t *at;
    const uint8_t *end;
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

static uint64_t pack(const struct rule *rule)
{
    return (uint64_t)rule->valid | (uint64_t)rule->cfa_is_bp << 1 | (uint64_t)rule->bp_saved << 2 |
           (uint64_t)(uint32_t)(rule->cfa_offset & 0x1fffff) << 3 | (uint64_t)(uint16_t)rule->bp_at << 24 |
           (uint64_t)(uint16_t)rule->ra_at << 40 | (uint64_t)rule->owner << 56 | UINT64_C(1) << 63;
}

static enum sc_owner owner_of(uint64_t word)
{
    return (enum sc_owner)(word >> 56 & 3);
}

static struct rule unpack(uint64_t word)
{
    return (struct rule){
        .valid = word & 1,
        .cfa_is_bp = word >> 1 & 1,
        .bp_saved = word >> 2 & 1,
        .cfa_offset = (int32_t)(word >> 3 & 0x1fffff),
        .bp_at = (int16_t)(word >> 24),
        .ra_at = (int16_t)(word >> 40),
        .owner = owner_of(word),
    };
}

static uint64_t read_uleb(struct reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; reader->at < reader->end; shift += 7) {
        uint8_t byte = *reader->at++;
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            break;
    }
    return value;
}

static int64_t read_sleb(struct reader *reader)
{
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t byte = 0;
    while (reader->at < reader->end && shift < 64) {
        byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
        if (!(byte & 0x80))
            break;
    }
    if (shift < 64 && byte & 0x40)
        value |= ~UINT64_C(0) << shift;
    return (int64_t)value;
}

static uint64_t read_fixed(struct reader *reader, size_t bytes)
{
    uint64_t value = 0;
    if ((size_t)(reader->end - reader->at) < bytes) {
        reader->at = reader->end;
        return 0;
    }
    memcpy(&value, reader->at, bytes);
    reader->at += bytes;
    return value;
}

static void set_offset(struct state *state, uint64_t reg, int64_t offset)
{
    if (reg == REG_RBP) {
        state->bp_saved = state->bp_known = true;
        state->bp_at = offset;
    } else if (reg == REG_RA) {
        state->ra_known = true;
        state->ra_at = offset;
    }
}

/* A register's rule becomes one that is not followed. */
static void set_other(struct state *state, uint64_t reg)
{
    if (reg == REG_RBP)
        state->bp_known = false;
    else if (reg == REG_RA)
        state->ra_known = false;
}

static void restore(struct state *state, const struct state *initial, uint64_t reg)
{
    if (reg == REG_RBP) {
        state->bp_saved = initial->bp_saved;
        state->bp_known = initial->bp_known;
        state->bp_at = initial->bp_at;
    } else if (reg == REG_RA) {
        state->ra_known = initial->ra_known;
        state->ra_at = initial->ra_at;
    }
}

static void skip_block(struct reader *reader)
{
    uint64_t length = read_uleb(reader);
    reader->at = length < (uint64_t)(reader->end - reader->at) ? reader->at + length : reader->end;
}

struct program {
    struct reader reader;
    struct state state, initial;
    struct state remembered[STATES];
    unsigned depth;
    uint64_t location; /* where the next row begins */
    uint64_t code_unit;
    int64_t data_unit;
};

static void define_cfa(struct state *state, uint64_t reg, int64_t offset)
{
    state->cfa_register = (unsigned)reg;
    state->cfa_offset = offset;
    state->cfa_known = true;
}

/* The opcodes without an operand in their first byte, except those that advance. False: unknown. */
static bool run_extended(struct program *p, uint8_t opcode)
{
    struct reader *reader = &p->reader;
    struct state *state = &p->state;
    uint64_t reg;
    switch (opcode) {
    case DW_CFA_nop: return true;
    case DW_CFA_offset_extended:
        reg = read_uleb(reader);
        set_offset(state, reg, (int64_t)read_uleb(reader) * p->data_unit);
        return true;
    case DW_CFA_restore_extended: restore(state, &p->initial, read_uleb(reader)); return true;
    case DW_CFA_undefined: set_other(state, read_uleb(reader)); return true; /* the outermost frame */
    case DW_CFA_same_value:
        if (read_uleb(reader) == REG_RBP) {
            state->bp_saved = false;
            state->bp_known = true;
        }
        return true;
    case DW_CFA_register:
        set_other(state, read_uleb(reader));
        read_uleb(reader);
        return true;
    case DW_CFA_remember_state:
        if (p->depth == STATES)
            return false;
        p->remembered[p->depth++] = *state;
        return true;
    case DW_CFA_restore_state:
        if (!p->depth)
            return false;
        *state = p->remembered[--p->depth];
        return true;
    case DW_CFA_def_cfa:
        reg = read_uleb(reader);
        define_cfa(state, reg, (int64_t)read_uleb(reader));
        return true;
    case DW_CFA_def_cfa_register: state->cfa_register = (unsigned)read_uleb(reader); return true;
    case DW_CFA_def_cfa_offset: state->cfa_offset = (int64_t)read_uleb(reader); return true;
    case DW_CFA_def_cfa_expression:
        skip_block(reader);
        state->cfa_known = false;
        return true;
    case DW_CFA_expression:
    case DW_CFA_val_expression:
        set_other(state, read_uleb(reader));
        skip_block(reader);
        return true;
    case DW_CFA_offset_extended_sf:
        reg = read_uleb(reader);
        set_offset(state, reg, read_sleb(reader) * p->data_unit);
        return true;
    case DW_CFA_def_cfa_sf:
        reg = read_uleb(reader);
        define_cfa(state, reg, read_sleb(reader) * p->data_unit);
        return true;
    case DW_CFA_def_cfa_offset_sf: state->cfa_offset = read_sleb(reader) * p->data_unit; return true;
    case DW_CFA_val_offset:
        set_other(state, read_uleb(reader));
        read_uleb(reader);
        return true;
    case DW_CFA_val_offset_sf:
        set_other(state, read_uleb(reader));
        read_sleb(reader);
        return true;
    case DW_CFA_GNU_args_size: read_uleb(reader); return true;
    default: return false;
    }
}

/* Runs the program until the row of pc is complete. */
static bool run(struct program *p, struct reader instructions, uint64_t pc)
{
    p->reader = instructions;
    while (p->reader.at < p->reader.end) {
        uint8_t opcode = *p->reader.at++;
        uint64_t advance = 0;
        switch (opcode & 0xc0) {
        case DW_CFA_advance_loc: advance = opcode & 0x3f; break;
        case DW_CFA_offset:
            set_offset(&p->state, opcode & 0x3f, (int64_t)read_uleb(&p->reader) * p->data_unit);
            continue;
        case DW_CFA_restore: restore(&p->state, &p->initial, opcode & 0x3f); continue;
        default:
            if (opcode >= DW_CFA_advance_loc1 && opcode <= DW_CFA_advance_loc4) {
                advance = read_fixed(&p->reader, (size_t)1 << (opcode - DW_CFA_advance_loc1));
                break;
            }
            if (!run_extended(p, opcode))
                return false;
            continue;
        }
        p->location += advance * p->code_unit;
        if (p->location > pc)
            return true;
    }
    return true;
}

static struct reader record_at(const uint8_t *record)
{
    uint32_t length;
    memcpy(&length, record, sizeof length);
    return (struct reader){record + 8, record + 4 + length};
}

/* Reads the CIE and leaves its initial instructions in *ret_instructions. False: not one of the usual kind. */
static bool open_cie(const uint8_t *cie, struct program *p, struct reader *ret_instructions)
{
    struct reader reader = record_at(cie);
    const char *augmentation = (const char *)reader.at + 1;
    if (*reader.at != 1 || augmentation[0] != 'z' || strchr(augmentation, 'S'))
        return false; /* S: a signal frame */
    reader.at += 1 + strlen(augmentation) + 1;
    p->code_unit = read_uleb(&reader);
    p->data_unit = read_sleb(&reader);
    if (read_uleb(&reader) != REG_RA)
        return false;
    skip_block(&reader);
    *ret_instructions = reader;
    return true;
}

static struct rule rule_of(const struct state *state)
{
    struct rule rule = {
        .cfa_is_bp = state->cfa_register == REG_RBP,
        .bp_saved = state->bp_saved,
        .cfa_offset = (int32_t)state->cfa_offset,
        .bp_at = (int16_t)state->bp_at,
        .ra_at = (int16_t)state->ra_at,
    };
    rule.valid = state->cfa_known && state->ra_known && state->bp_known &&
                 (rule.cfa_is_bp || state->cfa_register == REG_RSP) && state->cfa_offset >= 0 &&
                 state->cfa_offset < LARGEST_FRAME && rule.bp_at == state->bp_at && rule.ra_at == state->ra_at;
    return rule;
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

/* fde_at: the address that the record's pc-relative numbers refer to. */
static struct rule run_records(const uint8_t *fde, uint64_t fde_at, const uint8_t *cie, uint64_t pc)
{
    const struct rule none = {0};
    struct program p = {.state = {.bp_known = true}};
    struct reader instructions;
    int32_t relative;
    uint32_t bytes;
    if (!open_cie(cie, &p, &instructions) || !run(&p, instructions, ~UINT64_C(0)))
        return none;
    p.initial = p.state;
    memcpy(&relative, fde + 8, sizeof relative);
    memcpy(&bytes, fde + 12, sizeof bytes);
    p.location = fde_at + 8 + (uint64_t)(int64_t)relative;
    if (pc - p.location >= bytes)
        return none;
    instructions = record_at(fde);
    instructions.at += 8; /* the function's address and length */
    skip_block(&instructions);
    return run(&p, instructions, pc) ? rule_of(&p.state) : none;
}

static struct rule find_staying(const struct sc_code *code, uint64_t pc)
{
    const uint8_t *fde = sc_eh_frame_fde(&code->module, pc);
    struct rule rule = {0};
    int32_t back;
    if (fde) {
        memcpy(&back, fde + 4, sizeof back);
        rule = run_records(fde, (uint64_t)fde, fde + 4 - back, pc);
    }
    rule.owner = code->owner;
    return rule;
}

static struct rule find_passing(uint64_t pc)
{
    struct records copy;
    struct sc_code code;
    uint64_t fde_at;
    if (!sc_modules_find(pc, &code) || !copy_records(&code.module, pc, &copy, &fde_at))
        return (struct rule){.owner = SC_OWNER_PROGRAM};
    return run_records(copy.fde, fde_at, copy.cie, pc);
}

/* key: the address, and for an object that may go with the epoch in it. */
static uint64_t keep(uint64_t slot, uint64_t key, const struct rule *rule)
{
    uint64_t word = pack(rule);
    __atomic_store_n(&kept[slot].rule, word, __ATOMIC_RELAXED);
    __atomic_store_n(&kept[slot].key, word ^ key, __ATOMIC_RELAXED);
    return word;
}

static __attribute__((noinline)) uint64_t make_rule(uint64_t pc, uint64_t slot, uint64_t passing_key)
{
    const struct sc_code *code = sc_modules_staying(pc);
    struct rule rule = {.owner = SC_OWNER_PROGRAM}; /* whose callers nobody asks for where no stacks are recorded */
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
static bool find_frame(const struct sc_cursor *cursor, const struct rule *rule, uint64_t *ret_cfa)
{
    if (!rule->valid)
        return false;
    uint64_t cfa = (rule->cfa_is_bp ? cursor->bp : cursor->sp) + (uint64_t)(int64_t)rule->cfa_offset;
    *ret_cfa = cfa;
    return cfa >= cursor->sp && cfa - cursor->sp <= LARGEST_FRAME && !(cfa & 7); /* else rbp was no frame pointer */
}

/* The address before a return address: a call may be the last instruction of its function. */
bool sc_unwind_step(struct sc_cursor *cursor, struct sc_readable *stack, enum sc_owner *ret_owner)
{
    struct rule rule = unpack(rule_at(cursor->pc - 1));
    uint64_t cfa, pc, bp = cursor->bp;
    *ret_owner = rule.owner;
    if (!find_frame(cursor, &rule, &cfa) || !sc_readable_u64(stack, cfa + (uint64_t)(int64_t)rule.ra_at, &pc) || !pc)
        return false;
    if (rule.bp_saved && !sc_readable_u64(stack, cfa + (uint64_t)(int64_t)rule.bp_at, &bp))
        return false;
    *cursor = (struct sc_cursor){pc, cfa, bp};
    return true;
}

int32_t sc_unwind_fixed(uint64_t pc)
{
    struct rule rule = unpack(rule_at(pc - 1));
    bool fixed = rule.valid && !rule.cfa_is_bp && rule.owner != SC_OWNER_PROGRAM;
    return fixed ? rule.cfa_offset + rule.ra_at : -1;
}

/*
 * From the registers at a site through frames of the C library and the loader alone, whose tables can be relied on: the
 * words that they lead to are read as they are.
 */
uint64_t sc_unwind_program(struct sc_cursor *cursor, unsigned most)
{
    for (; most; most--) {
        struct rule rule = unpack(rule_at(cursor->pc - 1));
        uint64_t cfa;
        if (rule.owner == SC_OWNER_PROGRAM)
            return cursor->pc;
        if (!find_frame(cursor, &rule, &cfa))
            break;
        cursor->pc = sc_proved_u64(cfa + (uint64_t)(int64_t)rule.ra_at);
        if (rule.bp_saved)
            cursor->bp = sc_proved_u64(cfa + (uint64_t)(int64_t)rule.bp_at);
        cursor->sp = cfa;
        if (!cursor->pc)
            break;
    }
    return 0;
}
