#include "strace_log.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "../../../common/zero.h"
#include "../../model/xlat.h"

enum { SLOTS = 2048, MEMOS = 256, MEMO_TEXT = 48 };

/* Flag texts repeat: a log of millions of lines has a few dozen of them. */
struct memo {
    uint8_t kind;
    uint8_t len; /* 0: empty */
    bool known;
    char text[MEMO_TEXT];
    int64_t value;
};

struct sc_strace_names {
    const struct sc_call_desc *slots[SLOTS];
    struct memo memos[MEMOS];
};

/*
 * The first eight bytes and the length tell nearly all names apart. A table of its own for that: with the one of
 * intern.h, which hashes every byte and is safe from names made to collide, a log of a million lines took 3 to 5 %
 * longer. These names are the table's, none comes from the log.
 */
static unsigned hash_name(const char *name, size_t len)
{
    uint64_t word = sc_load64((const unsigned char *)name);
    if (len < 8)
        word &= (UINT64_C(1) << (8 * len)) - 1;
    return (unsigned)(((word ^ (uint64_t)len << 56) * UINT64_C(0x9e3779b97f4a7c15)) >> 53) & (SLOTS - 1);
}

struct sc_strace_names *sc_strace_names_new(void)
{
    struct sc_strace_names *names = calloc(1, sizeof *names);
    if (!names)
        return NULL;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        if (!desc->name)
            continue;
        char padded[SC_STRACE_PAD] = {0};
        size_t len = strnlen(desc->name, sizeof padded - 8);
        memcpy(padded, desc->name, len);
        unsigned slot = hash_name(padded, len);
        while (names->slots[slot])
            slot = (slot + 1) & (SLOTS - 1);
        names->slots[slot] = desc;
    }
    return names;
}

void sc_strace_names_free(struct sc_strace_names *names)
{
    free(names);
}

const struct sc_call_desc *sc_strace_call_named(const struct sc_strace_names *names, const char *name, size_t len)
{
    if (len == 0)
        return NULL;
    for (unsigned slot = hash_name(name, len); names->slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
        const char *candidate = names->slots[slot]->name;
        if (strncmp(candidate, name, len) == 0 && candidate[len] == '\0')
            return names->slots[slot];
    }
    return NULL;
}

int sc_strace_value(struct sc_strace_names *names, unsigned kind, struct sc_span text, int64_t *ret_value)
{
    if (text.len == 0)
        return -EINVAL;
    if (text.len > MEMO_TEXT)
        return sc_parse_value(kind, text.at, text.len, ret_value);
    uint64_t hash = kind * UINT64_C(31) + text.len;
    for (size_t i = 0; i < text.len; i++)
        hash = hash * 131 + (unsigned char)text.at[i];
    struct memo *memo = &names->memos[(hash * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
    if (memo->kind != kind || memo->len != text.len || memcmp(memo->text, text.at, text.len) != 0) {
        memo->kind = (uint8_t)kind;
        memo->len = (uint8_t)text.len;
        memcpy(memo->text, text.at, text.len);
        memo->value = 0;
        memo->known = sc_parse_value(kind, text.at, text.len, &memo->value) == 0;
    }
    if (!memo->known)
        return -EINVAL;
    *ret_value = memo->value;
    return 0;
}

int sc_strace_signal(struct sc_span name)
{
    if (!sc_span_begins(name, "SIG")) {
        int64_t number = 0;
        const char *end = sc_strace_number(name.at, name.at + name.len, &number);
        return end && number > 0 && number <= 64 ? (int)number : 0;
    }
    struct sc_span rest = {name.at + 3, name.len - 3};
    for (int number = 1; number < 32; number++) {
        const char *candidate = sigabbrev_np(number);
        if (candidate && sc_span_is(rest, candidate))
            return number;
    }
    if (sc_span_is(rest, "RTMIN"))
        return 32;
    if (sc_span_begins(rest, "RT_")) {
        int64_t number = 0;
        if (sc_strace_number(rest.at + 3, rest.at + rest.len, &number) && number > 0 && number <= 32)
            return 32 + (int)number;
    }
    return 0;
}
