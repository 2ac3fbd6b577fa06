#include "padding.h"

#include <string.h>

enum { INT3 = 0xcc, NOP = 0x90, OPERAND16 = 0x66, MOST_PREFIXES = 11 };

/*
 * The forms that Intel and AMD recommend and GNU as, GNU ld, LLVM and lld emit: 90 and 0f 1f with each kind of operand
 * that has no index but rax and no displacement but 0, behind any number of 66 and at most one cs prefix. Another byte
 * among them would be a nop as well, but no compiler's.
 */
static unsigned nop_length(const uint8_t *code, uint64_t available)
{
    static const struct {
        uint8_t length;
        uint8_t bytes[8];
    } forms[] = {
        {1, {NOP}},
        {3, {0x0f, 0x1f, 0x00}},
        {4, {0x0f, 0x1f, 0x40, 0x00}},
        {5, {0x0f, 0x1f, 0x44, 0x00, 0x00}},
        {7, {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00}},
        {8, {0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00}},
    };
    unsigned prefixes = 0;
    while (prefixes < MOST_PREFIXES && prefixes < available && code[prefixes] == OPERAND16)
        prefixes++;
    if (prefixes && prefixes < available && code[prefixes] == 0x2e) /* cs, only ever behind 66 */
        prefixes++;
    for (unsigned i = 0; i < sizeof forms / sizeof *forms; i++)
        if (prefixes + forms[i].length <= available && memcmp(code + prefixes, forms[i].bytes, forms[i].length) == 0)
            return prefixes + forms[i].length;
    return 0;
}

enum sc_padding sc_padding_between(uint64_t begin, uint64_t end, uint64_t limit)
{
    enum sc_padding found = begin == end ? SC_PADDING_NONE : SC_PADDING_TRAPS;
    while (begin < end) {
        const uint8_t *code = (const uint8_t *)begin;
        unsigned length = *code == INT3 ? 1 : nop_length(code, limit - begin);
        if (!length)
            return SC_PADDING_NOT;
        if (*code != INT3)
            found = SC_PADDING_NOPS;
        begin += length;
    }
    return begin == end ? found : SC_PADDING_CROSSES;
}
