/*
 * functions_go.c: Go's table of functions (pclntab), which its runtime unwinds and prints by, and so every program has,
 * stripped or not. Its form changed with Go 1.2, 1.16, 1.18 and 1.20 (the magic number at its beginning); see
 * debug/gosym/pclntab.go of Go's own library.
 */
#include <string.h>

#include "functions_internal.h"

enum {
    MAGIC_1_2 = 0xfffffffb,
    MAGIC_1_16 = 0xfffffffa,
    MAGIC_1_18 = 0xfffffff0,
    MAGIC_1_20 = 0xfffffff1,
    HEADER = 8, /* magic, two bytes of zeros, the least length of an instruction, the length of a pointer */
};

static uint64_t load64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t load32u(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Where the functions' own list lies: its offset, and whether its numbers have 4 bytes and count from the code. */
struct form {
    uint64_t offset;
    bool narrow;
};

static bool find_form(const uint8_t *table, uint64_t bytes, struct form *ret_form)
{
    enum { WORD = 8, LONGEST_HEADER = HEADER + 8 * WORD };
    if (bytes < LONGEST_HEADER || table[4] || table[5] || table[7] != WORD)
        return false;
    switch (load32u(table)) {
    case MAGIC_1_20:
    case MAGIC_1_18: *ret_form = (struct form){load64(table + HEADER + 7 * WORD), true}; return true;
    case MAGIC_1_16: *ret_form = (struct form){load64(table + HEADER + 6 * WORD), false}; return true;
    case MAGIC_1_2: *ret_form = (struct form){HEADER + WORD, false}; return true;
    default: return false;
    }
}

/* Where the code begins that a narrow list counts from; 0 in a program that may lie anywhere, before it is relocated.
 */
static uint64_t text_start(const uint8_t *table)
{
    return load64(table + HEADER + 2 * 8);
}

/* Each function ends where the next begins, padding and all; behind the last stands where that ends. */
void sc_functions_add_go(struct sc_function_list *list, const uint8_t *table, uint64_t bytes, uint64_t text)
{
    struct form form;
    if (!find_form(table, bytes, &form))
        return;
    uint64_t count = load64(table + HEADER), width = form.narrow ? 4 : 8;
    if (form.offset > bytes || count >= (bytes - form.offset) / (2 * width))
        return;
    const uint8_t *at = table + form.offset;
    uint64_t bias = list->loaded->bias;
    if (form.narrow && text_start(table))
        text = bias + text_start(table);
    for (uint64_t i = 0; i < count; i++, at += 2 * width) {
        uint64_t begin = form.narrow ? text + load32u(at) : bias + load64(at);
        uint64_t end = form.narrow ? text + load32u(at + 2 * width) : bias + load64(at + 2 * width);
        sc_functions_add(list, begin, end, 0);
    }
}
