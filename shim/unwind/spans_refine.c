/*
 * spans_refine.c: the functions of an object's own among its spans: what a call leads to, and what an address leads to
 * that nothing runs into.
 */
#include <stddef.h>
#include <string.h>

#include "insn.h"
#include "padding.h"
#include "spans.h"

enum { MOST = 4096, PLACE_BITS = 14, PLACES = 1 << PLACE_BITS, POINTER = 8, LEA_BYTES = 7, ALIGNED = 16 };

static struct sc_span refined[MOST + 1];

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

/* The address that a lea takes; 0: the instruction is none. */
static uint64_t address_taken(uint64_t at, const struct sc_insn *insn)
{
    const uint8_t *code = (const uint8_t *)at;
    int32_t distance;
    if (insn->length != LEA_BYTES || (code[0] & 0xf8) != 0x48 || code[1] != 0x8d || (code[2] & 0xc7) != 5)
        return 0;
    memcpy(&distance, code + 3, sizeof distance);
    return at + LEA_BYTES + (uint64_t)(int64_t)distance;
}

static void note_function(const struct sc_elf_module *module, const struct sc_function *function)
{
    struct sc_insn insn;
    for (uint64_t at = function->begin; at < function->end; at += insn.length) {
        uint64_t taken;
        if (!sc_insn_decode((const uint8_t *)at, function->end - at, &insn))
            return;
        if (insn.flow == SC_FLOW_CALL)
            note(module, at + insn.length + (uint64_t)(int64_t)insn.relative, true);
        else if ((taken = address_taken(at, &insn)) != 0)
            note(module, taken, false);
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

static bool runs_on(const struct sc_insn *insn)
{
    return insn->flow != SC_FLOW_RETURN && insn->flow != SC_FLOW_JUMP && insn->flow != SC_FLOW_INDIRECT &&
           insn->flow != SC_FLOW_LINKED;
}

/*
 * Whether nothing runs on to here from the last instruction that ended something: but for padding there is nothing in
 * between. A call that does not return, as of abort, ends a function as well: then there has to be padding.
 */
static bool is_apart(uint64_t ended, bool by_call, uint64_t at, uint64_t limit)
{
    if (!ended)
        return false;
    enum sc_padding padding = sc_padding_between(ended, at, limit);
    if (by_call)
        return padding == SC_PADDING_NOPS && at % ALIGNED == 0;
    return padding == SC_PADDING_NONE || padding == SC_PADDING_NOPS || padding == SC_PADDING_TRAPS;
}

/* Cuts the span where functions of its own begin. One that can't be decoded is left whole. */
static uint32_t cut(const struct sc_elf_module *module, const struct sc_function *span, uint32_t count)
{
    struct sc_insn insn;
    uint32_t first = count;
    uint64_t ended = 0;
    bool by_call = false;
    refined[count++] = (struct sc_span){(int32_t)(span->begin - module->bias), (int32_t)(span->end - module->bias)};
    for (uint64_t at = span->begin; at < span->end; at += insn.length) {
        uint32_t led = *place_of((uint32_t)(at - module->bias));
        bool begins = led && (led & 1 || is_apart(ended, by_call, at, span->end));
        if (begins && at != span->begin && count < MOST) {
            refined[count] = (struct sc_span){(int32_t)(at - module->bias), refined[count - 1].end};
            refined[count - 1].end = refined[count].begin;
            count++;
        }
        if (!sc_insn_decode((const uint8_t *)at, span->end - at, &insn)) {
            refined[first].end = (int32_t)(span->end - module->bias);
            return first + 1;
        }
        if (!runs_on(&insn) || insn.flow == SC_FLOW_CALL) {
            ended = at + insn.length;
            by_call = insn.flow == SC_FLOW_CALL;
        }
    }
    return count;
}

void sc_spans_refine(struct sc_elf_module *module)
{
    struct sc_function span;
    uint32_t count = 0;
    memset(led_to, 0, sizeof led_to);
    led_to_count = 0;
    for (uint32_t i = 0; sc_eh_frame_at(module, i, &span); i++)
        note_function(module, &span);
    note_data(module);
    for (uint32_t i = 0; count < MOST && sc_eh_frame_at(module, i, &span); i++)
        count = cut(module, &span, count);
    module->table = (const uint8_t *)refined;
    module->count = count;
}
