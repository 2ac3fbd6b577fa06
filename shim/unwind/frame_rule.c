#include "frame_rule.h"

#include <dwarf.h>
#include <stddef.h>
#include <string.h>

enum {
    REG_RBP = 6,
    REG_RSP = 7,
    REG_RA = 16,
    STATES = 8, /* depth of remembered states */
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

static struct sc_frame_rule rule_of(const struct state *state)
{
    struct sc_frame_rule rule = {
        .cfa_is_bp = state->cfa_register == REG_RBP,
        .bp_saved = state->bp_saved,
        .cfa_offset = (int32_t)state->cfa_offset,
        .bp_at = (int16_t)state->bp_at,
        .ra_at = (int16_t)state->ra_at,
    };
    rule.valid = state->cfa_known && state->ra_known && state->bp_known &&
                 (rule.cfa_is_bp || state->cfa_register == REG_RSP) && state->cfa_offset >= 0 &&
                 state->cfa_offset < SC_FRAME_LARGEST && rule.bp_at == state->bp_at && rule.ra_at == state->ra_at;
    return rule;
}

struct sc_frame_rule sc_frame_rule_of(const uint8_t *fde, uint64_t fde_at, const uint8_t *cie, uint64_t pc)
{
    const struct sc_frame_rule none = {0};
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
