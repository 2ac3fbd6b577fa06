/*
 * spans_refine.c: the functions of an object's own among its spans: what a call leads to, and what nothing runs into
 * but an address leads to, or a jump from a function that has left its frame.
 */
#include <stddef.h>
#include <string.h>

#include "depth_walk.h"
#include "padding.h"
#include "spans.h"

enum { PLACE_BITS = 14, PLACES = 1 << PLACE_BITS, POINTER = 8, ALIGNED = 16 };

static struct sc_span refined[SC_SPANS];

/* What is led to, by its address relative to the object, twice; one more where it is by a call. 0: free. */
static uint32_t led_to[PLACES];
static uint32_t led_to_count;

/* The place of that address, or the free one where it would be. */
static uint32_t *place_of(uint32_t at)
{
    uint32_t i = (at * UINT32_C(0x9e3779b1)) >> (32 - PLACE_BITS);
    while (led_to[i] && led_to[i] >> 1 != at)
        i = (i + 1) % PLACES;
    return &led_to[i];
}

static void note(const struct sc_elf_module *module, uint64_t target, bool call)
{
    uint64_t at = target - module->bias;
    if (at >= INT32_MAX)
        return;
    uint32_t *place = place_of((uint32_t)at);
    if (!*place && led_to_count++ >= PLACES / 2)
        return;
    *place |= (uint32_t)at << 1 | call;
}

static bool runs_on(const struct sc_insn *insn)
{
    return insn->flow != SC_FLOW_RETURN && insn->flow != SC_FLOW_JUMP && insn->flow != SC_FLOW_INDIRECT &&
           insn->flow != SC_FLOW_LINKED;
}

/* Where the last instruction ended that ends something. */
struct ended {
    uint64_t at;
    bool by_call;
};

static void note_end(struct ended *ended, uint64_t at, const struct sc_insn *insn)
{
    if (!runs_on(insn) || insn->flow == SC_FLOW_CALL)
        *ended = (struct ended){at + insn->length, insn->flow == SC_FLOW_CALL};
}

/* endbr64: where the processor lets indirect calls enter. */
static bool is_marked(uint64_t at, uint64_t limit)
{
    static const uint8_t mark[] = {0xf3, 0x0f, 0x1e, 0xfa};
    return limit - at >= sizeof mark && memcmp((const void *)at, mark, sizeof mark) == 0;
}

/*
 * Whether nothing runs on to here from the last instruction that ended something: but for padding there is nothing in
 * between. A call that does not return, as of abort, ends a function as well: then there has to be padding or a mark.
 */
static bool is_apart(const struct ended *ended, uint64_t at, uint64_t limit)
{
    if (!ended->at)
        return false;
    enum sc_padding padding = sc_padding_between(ended->at, at, limit);
    if (ended->by_call)
        return at % ALIGNED == 0 &&
               (padding == SC_PADDING_NOPS || (padding == SC_PADDING_NONE && is_marked(at, limit)));
    return padding == SC_PADDING_NONE || padding == SC_PADDING_NOPS || padding == SC_PADDING_TRAPS;
}

/* What an instruction leads to, in a function that has so many bytes on the stack; -1: nobody knows. */
static void note_instruction(const struct sc_elf_module *module, const struct sc_function *function, uint64_t at,
                             const struct sc_insn *insn, int32_t depth)
{
    uint64_t target = at + insn->length + (uint64_t)(int64_t)insn->relative, taken;
    if (insn->flow == SC_FLOW_CALL)
        note(module, target, true);
    else if (insn->flow == SC_FLOW_JUMP && depth == 0 && target - function->begin >= function->end - function->begin)
        note(module, target, false);
    else if ((taken = sc_insn_takes_address(at, insn)) != 0)
        note(module, taken, false);
}

/* Where something seems to begin that nothing runs into, no bytes are taken to be on the stack. */
static void note_function(const struct sc_elf_module *module, const struct sc_function *function)
{
    struct sc_insn insn;
    struct sc_depth_walk walk = {.known = true};
    struct ended ended = {0, false};
    for (uint64_t at = function->begin; at < function->end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, function->end - at, &insn))
            return;
        int32_t depth = sc_depth_at(&walk, at - function->begin);
        if (depth < 0 && at % ALIGNED == 0 && is_apart(&ended, at, function->end)) {
            walk.now = (struct sc_depth){0, 0};
            walk.known = true;
            depth = 0;
        }
        note_instruction(module, function, at, &insn, depth);
        sc_depth_pass(&walk, function, at, &insn);
        note_end(&ended, at, &insn);
    }
}

/* Addresses in data, which the loader has relocated. */
static void note_data(const struct sc_elf_module *module)
{
    for (unsigned i = 0; i < module->segment_count; i++) {
        const Elf64_Phdr *segment = &module->segments[i];
        uint64_t begin = module->bias + segment->p_vaddr, end = begin + segment->p_filesz, value;
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_W))
            continue;
        for (uint64_t at = (begin + POINTER - 1) & ~(uint64_t)(POINTER - 1); at + POINTER <= end; at += POINTER) {
            memcpy(&value, (const void *)at, sizeof value);
            note(module, value, false);
        }
    }
}

/* Notes where functions of its own begin in the span: none in one that can't be decoded. */
static size_t find_starts(const struct sc_elf_module *module, const struct sc_function *span, uint32_t *starts,
                          size_t count)
{
    struct sc_insn insn;
    size_t before = count;
    struct ended ended = {0, false};
    for (uint64_t at = span->begin; at < span->end; at += insn.length) {
        uint32_t led = *place_of((uint32_t)(at - module->bias));
        bool begins = led && (led & 1 || is_apart(&ended, at, span->end));
        if (begins && at != span->begin && count < SC_SPANS)
            starts[count++] = (uint32_t)(at - module->bias);
        if (!sc_insn_decode((const uint8_t *)at, span->end - at, &insn))
            return before;
        note_end(&ended, at, &insn);
    }
    return count;
}

size_t sc_spans_refine(struct sc_elf_module *module, uint32_t *starts)
{
    struct sc_function span;
    size_t count = 0;
    memset(led_to, 0, sizeof led_to);
    led_to_count = 0;
    for (uint32_t i = 0; sc_eh_frame_at(module, i, &span); i++)
        note_function(module, &span);
    note_data(module);
    for (uint32_t i = 0; sc_eh_frame_at(module, i, &span); i++)
        count = find_starts(module, &span, starts, count);
    sc_spans_cut(module, starts, count);
    return count;
}

void sc_spans_cut(struct sc_elf_module *module, const uint32_t *starts, size_t count)
{
    struct sc_function span;
    size_t next = 0;
    uint32_t made = 0;
    for (uint32_t i = 0; made < SC_SPANS && sc_eh_frame_at(module, i, &span); i++) {
        int32_t end = (int32_t)(span.end - module->bias);
        refined[made++] = (struct sc_span){(int32_t)(span.begin - module->bias), end};
        for (; next < count && (int32_t)starts[next] < end && made < SC_SPANS; next++) {
            refined[made - 1].end = (int32_t)starts[next];
            refined[made++] = (struct sc_span){(int32_t)starts[next], end};
        }
    }
    module->table = (const uint8_t *)refined;
    module->count = made;
}
