#include "depth_walk.h"

#include <string.h>

#include "padding.h"

enum {
    WORD = 8,
    ALIGNED = 16,
};

static int32_t constant(const uint8_t *end, bool wide)
{
    int32_t value;
    if (!wide)
        return (int8_t)end[-1];
    memcpy(&value, end - sizeof value, sizeof value);
    return value;
}

/* What the instruction adds to the depth. False where that can't be said. */
static bool change(const uint8_t *code, const struct sc_insn *insn, struct sc_depth *depth)
{
    const uint8_t *end = code + insn->length;
    bool rex = (code[0] & 0xf0) == 0x40;
    const uint8_t *op = code + rex;
    if ((op[0] & 0xf8) == 0x50) { /* push */
        depth->bytes += WORD;
        if (op[0] == 0x55 && !(rex && code[0] & 1))
            depth->bp = depth->bytes;
    } else if ((op[0] & 0xf8) == 0x58) { /* pop */
        depth->bytes -= WORD;
        if (op[0] == 0x5d && !(rex && code[0] & 1))
            depth->bp = 0;
        return !(op[0] == 0x5c && !(rex && code[0] & 1));
    } else if (op[0] == 0x68 || op[0] == 0x6a || op[0] == 0x9c || (op[0] == 0xff && (op[1] >> 3 & 7) == 6)) {
        depth->bytes += WORD; /* push of a constant, the flags, memory */
    } else if (op[0] == 0x9d || op[0] == 0x8f) {
        depth->bytes -= WORD;
    } else if (insn->writes == SC_RSP && (op[0] == 0x81 || op[0] == 0x83) && (op[1] == 0xec || op[1] == 0xc4)) {
        int32_t value = constant(end, op[0] == 0x81); /* sub, add */
        if (value > INT16_MAX || value < INT16_MIN)
            return false;
        depth->bytes = (int16_t)(depth->bytes + (op[1] == 0xec ? value : -value));
    } else if (insn->writes == SC_RSP && op[0] == 0x8d && op[2] == 0x24 && (op[1] == 0x64 || op[1] == 0xa4)) {
        int32_t value = constant(end, op[1] == 0xa4); /* lea from itself */
        if (value > INT16_MAX || value < INT16_MIN)
            return false;
        depth->bytes = (int16_t)(depth->bytes - value);
    } else if (insn->writes == SC_RSP || op[0] == 0xc9 || op[0] == 0xc8) {
        return false; /* and: aligned, or taken from a register; leave, enter */
    }
    return depth->bytes >= 0;
}

static bool is_call(const uint8_t *code, const struct sc_insn *insn)
{
    return insn->flow == SC_FLOW_CALL || (code[0] == 0xff && (code[1] >> 3 & 7) == 2);
}

static void set_mark(struct sc_depth_walk *walk, uint64_t at)
{
    struct sc_depth_mark *mark = &walk->mark[walk->marks++ % SC_DEPTH_MARKS];
    *mark = (struct sc_depth_mark){(uint32_t)at, walk->now};
}

/* A branch led here before: it and what runs on to here agree, or nothing is known. */
static void meet_marks(struct sc_depth_walk *walk, uint64_t at)
{
    unsigned count = walk->marks < SC_DEPTH_MARKS ? walk->marks : SC_DEPTH_MARKS;
    for (unsigned i = 0; i < count; i++) {
        const struct sc_depth_mark *mark = &walk->mark[i];
        if (mark->at != at)
            continue;
        if (walk->known && (mark->depth.bytes != walk->now.bytes || mark->depth.bp != walk->now.bp)) {
            walk->known = false;
            return;
        }
        walk->now = mark->depth;
        walk->known = true;
    }
}

/* A call before padding may be one that does not return, and what is behind it another function. */
static bool may_end(uint64_t after, uint64_t limit)
{
    uint64_t aligned = (after + ALIGNED - 1) & ~(uint64_t)(ALIGNED - 1);
    return aligned != after && aligned < limit && sc_padding_between(after, aligned, limit) == SC_PADDING_NOPS;
}

static void follow(struct sc_depth_walk *walk, const struct sc_insn *insn, uint64_t at)
{
    bool leads = insn->flow == SC_FLOW_BRANCH || insn->flow == SC_FLOW_JUMP;
    if (leads && insn->relative > 0 && walk->known)
        set_mark(walk, at + insn->length + (uint64_t)insn->relative);
    if (insn->flow == SC_FLOW_INDIRECT && walk->known) {
        walk->at_table = walk->now;
        walk->has_table = walk->now.bytes > 0; /* else it is another function that is jumped to */
    }
    if (insn->flow == SC_FLOW_BRANCH || insn->flow == SC_FLOW_ON || insn->flow == SC_FLOW_CALL ||
        insn->flow == SC_FLOW_SYSCALL)
        return;
    walk->known = walk->has_table;
    walk->now = walk->at_table;
}

int32_t sc_depth_at(struct sc_depth_walk *walk, uint64_t at)
{
    meet_marks(walk, at);
    return walk->known ? walk->now.bytes : -1;
}

void sc_depth_pass(struct sc_depth_walk *walk, const struct sc_function *function, uint64_t at,
                   const struct sc_insn *insn)
{
    const uint8_t *code = (const uint8_t *)at;
    if (walk->known)
        walk->known =
            change(code, insn, &walk->now) && !(is_call(code, insn) && may_end(at + insn->length, function->end));
    follow(walk, insn, at - function->begin);
}
