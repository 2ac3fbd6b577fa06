#include "insn.h"

/*
 * One character an opcode:
 *   .  no operand bytes       m  ModRM            b  ModRM and imm8      z  ModRM and imm16/32
 *   i  imm8                   I  imm16/32         w  imm16               q  imm16/32/64 (mov to register)
 *   s  rel8 branch            r  rel32 call/jmp   o  64-bit address      e  enter: imm16 and imm8
 *   3  group 3: ModRM, and imm where its register field is 0 or 1 (4: imm16/32 instead of imm8)
 *   p  prefix                 x  REX              2  0F escape           v  VEX/EVEX    -  not in 64-bit mode
 */
static const char one_byte[256 + 1] = "mmmmiI--mmmmiI-2"
                                      "mmmmiI--mmmmiI--"
                                      "mmmmiIp-mmmmiIp-"
                                      "mmmmiIp-mmmmiIp-" /* 00-3f */
                                      "xxxxxxxxxxxxxxxx"
                                      "................"
                                      "--vmppppIzib...."
                                      "ssssssssssssssss" /* 40-7f */
                                      "bz-bmmmmmmmmmmmm"
                                      "..........-....."
                                      "oooo....iI......"
                                      "iiiiiiiiqqqqqqqq" /* 80-bf */
                                      "bbw.vvbze.w..i-."
                                      "mmmm---.mmmmmmmm"
                                      "ssssiiiirr-s...."
                                      "p.pp..34......mm" /* c0-ff */;

/* The same for 0F xx; 8 and a are the escapes 0F 38 and 0F 3A, R rel32 of a conditional jump. */
static const char two_byte[256 + 1] = "mmmm-.......-m-b"
                                      "mmmmmmmmmmmmmmmm"
                                      "mmmm----mmmmmmmm"
                                      "......-.8-a-----" /* 00-3f */
                                      "mmmmmmmmmmmmmmmm"
                                      "mmmmmmmmmmmmmmmm"
                                      "mmmmmmmmmmmmmmmm"
                                      "bbbbmmm.mm--mmmm" /* 40-7f */
                                      "RRRRRRRRRRRRRRRR"
                                      "mmmmmmmmmmmmmmmm"
                                      "...mbm--...mbmmm"
                                      "mmmmmmmmmmbmmmmm" /* 80-bf */
                                      "mmbmbbbm........"
                                      "mmmmmmmmmmmmmmmm"
                                      "mmmmmmmmmmmmmmmm"
                                      "mmmmmmmmmmmmmmmm" /* c0-ff */;

struct decoder {
    const uint8_t *code;
    size_t available;
    size_t at;
    bool operand16;
    bool rex_w;
    struct sc_insn *insn;
};

static bool have(const struct decoder *d, size_t bytes)
{
    return d->at + bytes <= d->available;
}

/* ModRM with its SIB byte and displacement. Returns the register field, or -1. */
static int skip_modrm(struct decoder *d)
{
    if (!have(d, 1))
        return -1;
    uint8_t modrm = d->code[d->at++];
    unsigned mode = modrm >> 6, rm = modrm & 7;
    size_t displacement = mode == 1 ? 1 : mode == 2 ? 4 : 0;
    if (mode != 3 && rm == 4) {
        if (!have(d, 1))
            return -1;
        uint8_t sib = d->code[d->at++];
        if (mode == 0 && (sib & 7) == 5)
            displacement = 4;
    } else if (mode == 0 && rm == 5) {
        displacement = 4;
        d->insn->position = true; /* rip-relative */
    }
    d->at += displacement;
    return modrm >> 3 & 7;
}

static size_t immediate(const struct decoder *d)
{
    return d->operand16 && !d->rex_w ? 2 : 4;
}

static bool take_relative(struct decoder *d, size_t bytes, enum sc_insn_flow flow)
{
    if (!have(d, bytes))
        return false;
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint32_t)d->code[d->at + i] << 8 * i;
    d->insn->relative = bytes == 1 ? (int8_t)value : (int32_t)value;
    d->insn->flow = flow;
    d->insn->position = true;
    d->at += bytes;
    return true;
}

/* VEX and EVEX: the map decides over the immediate. */
static bool decode_vex(struct decoder *d, uint8_t first)
{
    size_t payload = first == 0xc5 ? 1 : first == 0xc4 ? 2 : 3;
    if (!have(d, payload + 1))
        return false;
    unsigned map = first == 0xc5 ? 1 : d->code[d->at] & (first == 0xc4 ? 0x1f : 7);
    d->at += payload;
    uint8_t opcode = d->code[d->at++];
    if (map == 0 || map > 6 || map == 4)
        return false;
    if (map == 1 && opcode == 0x77)
        return true; /* vzeroupper, vzeroall: no ModRM */
    if (skip_modrm(d) < 0)
        return false;
    if (map == 3 || (map == 1 && two_byte[opcode] == 'b'))
        d->at++;
    return true;
}

static bool decode_two_byte(struct decoder *d)
{
    if (!have(d, 1))
        return false;
    uint8_t opcode = d->code[d->at++];
    switch (two_byte[opcode]) {
    case '.':
        if (opcode == 0x05)
            d->insn->flow = SC_FLOW_SYSCALL;
        else if (opcode == 0x0b)
            d->insn->flow = SC_FLOW_RETURN; /* ud2 */
        return true;
    case 'm': return skip_modrm(d) >= 0;
    case 'b':
        if (skip_modrm(d) < 0)
            return false;
        d->at++;
        return true;
    case 'R': return take_relative(d, 4, SC_FLOW_BRANCH);
    case '8': d->at++; return skip_modrm(d) >= 0;
    case 'a':
        d->at++;
        if (skip_modrm(d) < 0)
            return false;
        d->at++;
        return true;
    default: return false;
    }
}

static void set_flow(struct decoder *d, uint8_t opcode, int reg)
{
    if (opcode == 0xff && (reg == 4 || reg == 5))
        d->insn->flow = SC_FLOW_INDIRECT;
    else if (opcode == 0xc2 || opcode == 0xc3 || opcode == 0xca || opcode == 0xcb || opcode == 0xcc || opcode == 0xf4)
        d->insn->flow = SC_FLOW_RETURN;
}

static bool decode_one_byte(struct decoder *d, uint8_t opcode)
{
    int reg = 0;
    switch (one_byte[opcode]) {
    case '.': break;
    case 'm':
    case 'b':
    case 'z':
    case '3':
    case '4':
        reg = skip_modrm(d);
        if (reg < 0)
            return false;
        if (one_byte[opcode] == 'b' || (one_byte[opcode] == '3' && reg < 2))
            d->at += 1;
        else if (one_byte[opcode] == 'z' || (one_byte[opcode] == '4' && reg < 2))
            d->at += immediate(d);
        break;
    case 'i': d->at += 1; break;
    case 'I': d->at += immediate(d); break;
    case 'w': d->at += 2; break;
    case 'e': d->at += 3; break;
    case 'q': d->at += d->rex_w ? 8 : immediate(d); break;
    case 'o': d->at += 8; break;
    case 's': return take_relative(d, 1, opcode == 0xeb ? SC_FLOW_JUMP : SC_FLOW_BRANCH);
    case 'r': return take_relative(d, 4, opcode == 0xe8 ? SC_FLOW_CALL : SC_FLOW_JUMP);
    case 'v': return decode_vex(d, opcode);
    case '2': return decode_two_byte(d);
    default: return false;
    }
    set_flow(d, opcode, reg);
    return true;
}

bool sc_insn_decode(const uint8_t *code, size_t available, struct sc_insn *ret_insn)
{
    struct decoder d = {.code = code, .available = available, .insn = ret_insn};
    *ret_insn = (struct sc_insn){.flow = SC_FLOW_ON};
    while (have(&d, 1) && one_byte[code[d.at]] == 'p') {
        if (code[d.at] == 0x66)
            d.operand16 = true;
        d.at++;
    }
    if (have(&d, 1) && one_byte[code[d.at]] == 'x')
        d.rex_w = code[d.at++] & 8;
    if (!have(&d, 1))
        return false;
    uint8_t opcode = code[d.at++];
    if (!decode_one_byte(&d, opcode) || d.at > available || d.at > 15)
        return false;
    ret_insn->length = (uint8_t)d.at;
    return true;
}
