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

/*
 * Which operand of the one-byte opcodes is a general register that is written:
 *   r  the register field     d  register or memory     x  both     o  the low bits of the opcode     .  none
 *   g  group 1: d but for compare     i  group 5: d for increment and decrement     n  group 3: d for not and negate
 * In capitals for one byte of the register, where 4 means ah unless there is a REX prefix.
 */
static const char one_byte_writes[256 + 1] = "DdRr....DdRr...."
                                             "DdRr....DdRr...."
                                             "DdRr....DdRr...."
                                             "DdRr............" /* 00-3f */
                                             "................"
                                             "........oooooooo"
                                             "...r.....r.r...."
                                             "................" /* 40-7f */
                                             "Gg.g..XxDdRrdr.d"
                                             "oooooooo........"
                                             "................"
                                             "OOOOOOOOoooooooo" /* 80-bf */
                                             "Dd....Dd........"
                                             "DdDd............"
                                             "................"
                                             "......Nn......Ii" /* c0-ff */;

/* The same for 0F xx, and by and large for the VEX and EVEX encodings of them. */
static const char two_byte_writes[256 + 1] = "ddrr............"
                                             "..............d."
                                             "............rr.."
                                             "................" /* 00-3f */
                                             "rrrrrrrrrrrrrrrr"
                                             "r..............."
                                             "................"
                                             "..............d." /* 40-7f */
                                             "................"
                                             "DDDDDDDDDDDDDDDD"
                                             "....dd.....ddddr"
                                             "Dd.d..rrr.ddrrrr" /* 80-bf */
                                             "Xx...r.doooooooo"
                                             ".......r........"
                                             "................"
                                             "................" /* c0-ff */;

enum { REX_B = 1, REX_R = 4, REX_W = 8 };

struct decoder {
    const uint8_t *code;
    size_t available;
    size_t at;
    bool operand16;
    bool repeats; /* prefix f3, or what stands for it in VEX and EVEX */
    bool has_rex;
    uint8_t rex;   /* its low bits */
    uint8_t modrm; /* 0 where there is none */
    uint8_t sib;
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
    uint8_t modrm = d->modrm = d->code[d->at++];
    unsigned mode = modrm >> 6, rm = modrm & 7;
    size_t displacement = mode == 1 ? 1 : mode == 2 ? 4 : 0;
    if (mode != 3 && rm == 4) {
        if (!have(d, 1))
            return -1;
        d->sib = d->code[d->at++];
        if (mode == 0 && (d->sib & 7) == 5)
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
    return d->operand16 && !(d->rex & REX_W) ? 2 : 4;
}

static bool take_relative(struct decoder *d, size_t bytes, enum sc_insn_flow flow)
{
    /* with an operand size of 16 bits, processors differ */
    if (!have(d, bytes) || (bytes == 4 && d->operand16 && !(d->rex & REX_W)))
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

static uint8_t field_register(const struct decoder *d)
{
    return (uint8_t)((d->modrm >> 3 & 7) | (d->rex & REX_R ? 8 : 0));
}

/* The register that stands in place of a memory operand, or the base of the memory operand. */
static uint8_t other_register(const struct decoder *d)
{
    bool has_sib = d->modrm < 0xc0 && (d->modrm & 7) == 4;
    return (uint8_t)(((has_sib ? d->sib : d->modrm) & 7) | (d->rex & REX_B ? 8 : 0));
}

static bool is_register(const struct decoder *d)
{
    return d->modrm >= 0xc0;
}

/* kind: a character of the tables of what is written. */
static void note_written(struct decoder *d, char kind, uint8_t opcode)
{
    uint8_t low = (uint8_t)((opcode & 7) | (d->rex & REX_B ? 8 : 0));
    unsigned group = d->modrm >> 3 & 7;
    bool byte = kind >= 'A' && kind <= 'Z';
    uint8_t written = SC_NO_REGISTER;
    if (kind == 'x' || kind == 'X')
        kind = field_register(d) == SC_RSP ? 'r' : 'd';
    switch (byte ? kind + ('a' - 'A') : kind) {
    case 'o': written = low; break;
    case 'r': written = field_register(d); break;
    case 'g': kind = group == 7 ? '.' : 'd'; break;
    case 'i': kind = group < 2 ? 'd' : '.'; break;
    case 'n': kind = group == 2 || group == 3 ? 'd' : '.'; break;
    default: break;
    }
    if ((kind == 'd' || kind == 'D') && is_register(d))
        written = other_register(d);
    if (written != SC_RSP || !byte || d->has_rex)
        d->insn->writes = written;
}

/* Of an instruction that writes rsp: whether compiled code keeps its stack that way. */
static bool keeps_frame(const struct decoder *d, uint8_t opcode)
{
    unsigned group = d->modrm >> 3 & 7, mode = d->modrm >> 6;
    if (!(d->rex & REX_W))
        return false;
    switch (opcode) {
    case 0x81:
    case 0x83: return group == 0 || group == 5 || group == 4; /* add, sub, and: with a constant */
    case 0x01:
    case 0x29:
    case 0x03:
    case 0x2b: return mode == 3; /* add, sub: a register */
    case 0x8d: return other_register(d) == SC_RSP || (other_register(d) == SC_RBP && mode != 0);
    default: return d->insn->copies == SC_RBP;
    }
}

static void note_one_byte(struct decoder *d, uint8_t opcode)
{
    note_written(d, one_byte_writes[opcode], opcode);
    if ((opcode == 0x89 || opcode == 0x8b) && d->rex & REX_W && is_register(d))
        d->insn->copies = opcode == 0x89 ? field_register(d) : other_register(d);
    d->insn->frame = d->insn->writes == SC_RSP && keeps_frame(d, opcode);
}

/* movq, which has its opcode in common with a move from a vector register to a general one. */
static bool moves_between_vectors(const struct decoder *d, uint8_t opcode)
{
    return opcode == 0x7e && d->repeats;
}

/* Beyond the counterparts of 0F xx these write general registers: andn and its kind, pextr, and kmov from a mask. */
static char vex_writes(unsigned map, uint8_t opcode)
{
    if (map == 1 && opcode >= 0x40 && opcode <= 0x9f && opcode != 0x50 && opcode != 0x7e)
        return opcode == 0x93 ? 'r' : '.';
    if (map == 1)
        return two_byte_writes[opcode];
    if ((map == 2 || map == 3) && opcode >= 0xf0 && opcode <= 0xf7)
        return 'r';
    return map == 3 && opcode >= 0x14 && opcode <= 0x17 ? 'd' : '.';
}

/* VEX and EVEX: the map decides over the immediate. */
static bool decode_vex(struct decoder *d, uint8_t first)
{
    size_t payload = first == 0xc5 ? 1 : first == 0xc4 ? 2 : 3;
    if (!have(d, payload + 1))
        return false;
    uint8_t second = d->code[d->at];
    unsigned map = first == 0xc5 ? 1 : second & (first == 0xc4 ? 0x1f : 7);
    d->rex = (uint8_t)((second & 0x80 ? 0 : REX_R) | (first != 0xc5 && !(second & 0x20) ? REX_B : 0));
    /* the second source, which blsr and its kind and mulx write */
    uint8_t last = d->code[d->at + payload - (first == 0x62 ? 2 : 1)];
    bool names_stack = (~last >> 3 & 0xf) == SC_RSP;
    d->repeats = (last & 3) == 2;
    d->at += payload;
    uint8_t opcode = d->code[d->at++];
    if (map == 0 || map > 6 || map == 4)
        return false;
    if (map == 1 && opcode == 0x77)
        return true; /* vzeroupper, vzeroall: no ModRM */
    if (skip_modrm(d) < 0)
        return false;
    note_written(d, map == 1 && moves_between_vectors(d, opcode) ? '.' : vex_writes(map, opcode), opcode);
    if (map == 2 && (opcode == 0xf3 || opcode == 0xf6) && names_stack)
        d->insn->writes = SC_RSP;
    if (map == 3 || (map == 1 && two_byte[opcode] == 'b'))
        d->at++;
    return true;
}

/* 0F 38 and 0F 3A: all have a ModRM, those of 3A an imm8. */
static bool decode_three_byte(struct decoder *d, bool with_immediate)
{
    if (!have(d, 1))
        return false;
    uint8_t opcode = d->code[d->at++];
    if (skip_modrm(d) < 0)
        return false;
    if (with_immediate)
        note_written(d, opcode >= 0x14 && opcode <= 0x17 ? 'd' : '.', opcode);
    else
        note_written(d, opcode >= 0xf0 ? 'r' : '.', opcode);
    d->at += with_immediate;
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
        break;
    case 'm':
        if (skip_modrm(d) < 0)
            return false;
        break;
    case 'b':
        if (skip_modrm(d) < 0)
            return false;
        d->at++;
        break;
    case 'R': return take_relative(d, 4, SC_FLOW_BRANCH);
    case '8': return decode_three_byte(d, false);
    case 'a': return decode_three_byte(d, true);
    default: return false;
    }
    note_written(d, moves_between_vectors(d, opcode) ? '.' : two_byte_writes[opcode], opcode);
    return true;
}

static void set_flow(struct decoder *d, uint8_t opcode, int reg)
{
    if (opcode == 0xff && (reg == 4 || reg == 5))
        d->insn->flow = d->insn->position ? SC_FLOW_LINKED : SC_FLOW_INDIRECT;
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
        if (opcode == 0x8f && reg != 0)
            return false; /* XOP, of AMD's alone */
        if (opcode == 0xc7 && d->modrm == 0xf8)
            return take_relative(d, 4, SC_FLOW_BRANCH); /* xbegin: to where a transaction goes on that was given up */
        if (one_byte[opcode] == 'b' || (one_byte[opcode] == '3' && reg < 2))
            d->at += 1;
        else if (one_byte[opcode] == 'z' || (one_byte[opcode] == '4' && reg < 2))
            d->at += immediate(d);
        break;
    case 'i': d->at += 1; break;
    case 'I': d->at += immediate(d); break;
    case 'w': d->at += 2; break;
    case 'e': d->at += 3; break;
    case 'q': d->at += d->rex & REX_W ? 8 : immediate(d); break;
    case 'o': d->at += 8; break;
    case 's': return take_relative(d, 1, opcode == 0xeb ? SC_FLOW_JUMP : SC_FLOW_BRANCH);
    case 'r': return take_relative(d, 4, opcode == 0xe8 ? SC_FLOW_CALL : SC_FLOW_JUMP);
    case 'v': return decode_vex(d, opcode);
    case '2': return decode_two_byte(d);
    default: return false;
    }
    set_flow(d, opcode, reg);
    note_one_byte(d, opcode);
    return true;
}

bool sc_insn_decode(const uint8_t *code, size_t available, struct sc_insn *ret_insn)
{
    struct decoder d = {.code = code, .available = available, .insn = ret_insn};
    *ret_insn = (struct sc_insn){.flow = SC_FLOW_ON, .writes = SC_NO_REGISTER, .copies = SC_NO_REGISTER};
    while (have(&d, 1) && one_byte[code[d.at]] == 'p') {
        if (code[d.at] == 0x66)
            d.operand16 = true;
        else if (code[d.at] == 0xf3)
            d.repeats = true;
        d.at++;
    }
    if (have(&d, 1) && one_byte[code[d.at]] == 'x') {
        d.has_rex = true;
        d.rex = code[d.at++] & 0xf;
    }
    if (!have(&d, 1))
        return false;
    uint8_t opcode = code[d.at++];
    if (!decode_one_byte(&d, opcode) || d.at > available || d.at > 15)
        return false;
    ret_insn->length = (uint8_t)d.at;
    return true;
}

uint64_t sc_insn_takes_address(uint64_t at, const struct sc_insn *insn)
{
    enum { LEA_BYTES = 7 };
    const uint8_t *code = (const uint8_t *)at;
    int32_t distance;
    if (insn->length != LEA_BYTES || (code[0] & 0xf8) != 0x48 || code[1] != 0x8d || (code[2] & 0xc7) != 5)
        return 0;
    __builtin_memcpy(&distance, code + 3, sizeof distance);
    return at + LEA_BYTES + (uint64_t)(int64_t)distance;
}
