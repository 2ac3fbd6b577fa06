#include "frame_walk.h"

#include "depth_walk.h"

enum { WORD = 8, LEAST_CALL = 2, LONGEST_CALL = 7 };

struct sc_frame_rule sc_frame_walk(const struct sc_elf_module *module, uint64_t pc)
{
    struct sc_function function;
    struct sc_insn insn;
    struct sc_depth_walk walk = {.known = true};
    if (!sc_eh_frame_find(module, pc, &function))
        return (struct sc_frame_rule){.valid = false};
    for (uint64_t at = function.begin; at < function.end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, function.end - at, &insn))
            break;
        int32_t bytes = sc_depth_at(&walk, at - function.begin);
        if (pc < at + insn.length) {
            int16_t saved = walk.now.bp;
            return (struct sc_frame_rule){
                .valid = bytes >= 0,
                .walked = true,
                .bp_saved = saved != 0,
                .cfa_offset = bytes + WORD,
                .bp_at = (int16_t)(-WORD - saved),
                .ra_at = -WORD,
            };
        }
        sc_depth_pass(&walk, &function, at, &insn);
    }
    return (struct sc_frame_rule){.valid = false};
}

bool sc_follows_call(uint64_t address, uint64_t begin)
{
    struct sc_insn insn;
    for (uint64_t length = LEAST_CALL; length <= LONGEST_CALL && address - length >= begin; length++) {
        const uint8_t *code = (const uint8_t *)(address - length);
        bool direct = code[0] == 0xe8;
        bool indirect = code[0] == 0xff || ((code[0] & 0xf0) == 0x40 && code[1] == 0xff);
        if ((direct || indirect) && sc_insn_decode(code, length, &insn) && insn.length == length &&
            (direct || (code[code[0] != 0xff ? 2 : 1] >> 3 & 7) == 2))
            return true;
    }
    return false;
}
