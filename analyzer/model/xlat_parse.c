#include "xlat.h"

#include <errno.h>

struct cursor {
    const char *at, *end;
};

static void skip_spaces(struct cursor *cursor)
{
    while (cursor->at < cursor->end && *cursor->at == ' ')
        cursor->at++;
}

static bool skip(struct cursor *cursor, const char *text)
{
    size_t len = strlen(text);
    if ((size_t)(cursor->end - cursor->at) < len || memcmp(cursor->at, text, len) != 0)
        return false;
    cursor->at += len;
    return true;
}

/* Spaces and comments, which strace puts behind numbers that it has no name for. */
static void skip_blank(struct cursor *cursor)
{
    skip_spaces(cursor);
    while (skip(cursor, "/*")) {
        while (cursor->at < cursor->end && !skip(cursor, "*/"))
            cursor->at++;
        skip_spaces(cursor);
    }
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* A number in C's notation. 0, or -EINVAL where there is none or it does not fit 64 bits. */
static int parse_number(struct cursor *cursor, uint64_t *ret_value)
{
    bool negative = skip(cursor, "-");
    unsigned base = 10;
    if (skip(cursor, "0x"))
        base = 16;
    else if (cursor->at < cursor->end && *cursor->at == '0')
        base = 8;
    const char *first = cursor->at;
    uint64_t value = 0;
    for (; cursor->at < cursor->end; cursor->at++) {
        unsigned digit = (unsigned)digit_of(*cursor->at);
        if (digit >= base)
            break;
        if (__builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, digit, &value))
            return -EINVAL;
    }
    if (cursor->at == first)
        return -EINVAL;
    *ret_value = negative ? 0 - value : value;
    return 0;
}

static size_t name_length(const struct cursor *cursor)
{
    size_t len = 0;
    size_t room = (size_t)(cursor->end - cursor->at);
    while (len < room) {
        char c = cursor->at[len];
        if (!(c == '_' || c == '?' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            break;
        len++;
    }
    return len;
}

/* count numbers between brackets: makedev(0x1, 0x3). The opening one has been read. */
static int parse_list(struct cursor *cursor, uint64_t *ret_values, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (i > 0 && !skip(cursor, ","))
            return -EINVAL;
        skip_blank(cursor);
        if (parse_number(cursor, &ret_values[i]) < 0)
            return -EINVAL;
        skip_blank(cursor);
    }
    return skip(cursor, ")") ? 0 : -EINVAL;
}

static int parse_ioc(struct cursor *cursor, uint64_t *ret_value)
{
    uint64_t direction = 0;
    do {
        skip_blank(cursor);
        if (skip(cursor, "_IOC_READ"))
            direction |= 2;
        else if (skip(cursor, "_IOC_WRITE"))
            direction |= 1;
        else if (!skip(cursor, "_IOC_NONE"))
            return -EINVAL;
    } while (skip(cursor, "|"));
    uint64_t parts[3];
    if (!skip(cursor, ",") || parse_list(cursor, parts, 3) < 0)
        return -EINVAL;
    *ret_value = direction << 30 | (parts[2] & 0x3fff) << 16 | (parts[0] & 0xff) << 8 | (parts[1] & 0xff);
    return 0;
}

static int parse_makedev(struct cursor *cursor, uint64_t *ret_value)
{
    uint64_t parts[2];
    if (parse_list(cursor, parts, 2) < 0)
        return -EINVAL;
    uint64_t major = parts[0], minor = parts[1];
    *ret_value = (major & 0xfff) << 8 | (major & 0xfffff000) << 32 | (minor & 0xff) | (minor & 0xffffff00) << 12;
    return 0;
}

static int parse_name(unsigned kind, struct cursor *cursor, uint64_t *ret_value)
{
    if (skip(cursor, "_IOC("))
        return parse_ioc(cursor, ret_value);
    if (skip(cursor, "makedev("))
        return parse_makedev(cursor, ret_value);
    if (skip(cursor, "AT_FDCWD")) {
        *ret_value = (uint64_t)-100;
        return 0;
    }
    if (skip(cursor, "NULL")) {
        *ret_value = 0;
        return 0;
    }
    if (skip(cursor, "SIGRT_")) {
        if (parse_number(cursor, ret_value) < 0)
            return -EINVAL;
        *ret_value += 32;
        return 0;
    }
    size_t len = name_length(cursor);
    uint32_t number;
    if (len == 0 || sc_xlat_of_name(kind, cursor->at, len, &number) < 0)
        return -EINVAL;
    cursor->at += len;
    *ret_value = number;
    return 0;
}

/* One of the things between the bars. */
static int parse_term(unsigned kind, struct cursor *cursor, uint64_t *ret_value)
{
    skip_blank(cursor);
    if (cursor->at == cursor->end)
        return -EINVAL;
    char c = *cursor->at;
    int error =
        c == '-' || (c >= '0' && c <= '9') ? parse_number(cursor, ret_value) : parse_name(kind, cursor, ret_value);
    if (error < 0)
        return error;
    if (skip(cursor, "<<")) { /* 21<<MAP_HUGE_SHIFT */
        if (!skip(cursor, "MAP_HUGE_SHIFT") && !skip(cursor, "MFD_HUGE_SHIFT"))
            return -EINVAL;
        *ret_value <<= 26;
    }
    skip_blank(cursor);
    return 0;
}

/* A term, or several names of one and the same number, of which not all need be known: BTRFS_IOC_CLONE or FICLONE. */
static int parse_alternatives(unsigned kind, struct cursor *cursor, uint64_t *ret_value)
{
    bool known = false;
    do {
        const char *begin = cursor->at;
        if (parse_term(kind, cursor, ret_value) == 0) {
            known = true;
            continue;
        }
        cursor->at = begin;
        skip_blank(cursor);
        cursor->at += name_length(cursor);
        skip_blank(cursor);
    } while (skip(cursor, "or "));
    return known ? 0 : -EINVAL;
}

int sc_parse_value(unsigned kind, const char *text, size_t len, int64_t *ret_value)
{
    struct cursor cursor = {text, text + len};
    uint64_t value = 0;
    uint64_t term = 0;
    do {
        if (parse_alternatives(kind, &cursor, &term) < 0)
            return -EINVAL;
        value |= term;
    } while (skip(&cursor, "|"));
    if (cursor.at != cursor.end)
        return -EINVAL;
    *ret_value = kind < SC_KIND_COUNT ? sc_widen(value, sc_kind(kind)->width) : (int64_t)value;
    return 0;
}
