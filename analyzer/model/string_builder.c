#include "string_builder.h"

void sc_out_unsigned(struct sc_out *out, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    sc_out_bytes(out, digits + at, sizeof digits - at);
}

void sc_out_signed(struct sc_out *out, int64_t value)
{
    if (value < 0)
        sc_out_char(out, '-');
    sc_out_unsigned(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void sc_out_digits(struct sc_out *out, uint64_t value, unsigned count)
{
    char digits[20];
    for (size_t at = count; at > 0; value /= 10)
        digits[--at] = (char)('0' + value % 10);
    sc_out_bytes(out, digits, count);
}

void sc_out_hex(struct sc_out *out, uint64_t value)
{
    if (value == 0) {
        sc_out_char(out, '0');
        return;
    }
    char digits[18];
    size_t at = sizeof digits;
    for (; value; value >>= 4)
        digits[--at] = "0123456789abcdef"[value & 15];
    digits[--at] = 'x';
    digits[--at] = '0';
    sc_out_bytes(out, digits + at, sizeof digits - at);
}

void sc_out_mode(struct sc_out *out, uint32_t mode)
{
    char digits[13];
    size_t at = sizeof digits;
    for (; mode; mode >>= 3)
        digits[--at] = (char)('0' + (mode & 7));
    if (at == sizeof digits || digits[at] != '0')
        digits[--at] = '0';
    while (sizeof digits - at < 3)
        digits[--at] = '0';
    sc_out_bytes(out, digits + at, sizeof digits - at);
}

static char letter_of(unsigned char c)
{
    switch (c) {
    case '\t': return 't';
    case '\n': return 'n';
    case '\v': return 'v';
    case '\f': return 'f';
    case '\r': return 'r';
    case '"':
    case '\\': return (char)c;
    default: return '\0';
    }
}

/* Octal with as few digits as do not run into a digit that follows. */
static void octal(struct sc_out *out, unsigned char c, bool digit_follows)
{
    sc_out_char(out, '\\');
    if (digit_follows || c >= 0100)
        sc_out_char(out, (char)('0' + (c >> 6)));
    if (digit_follows || c >= 010)
        sc_out_char(out, (char)('0' + ((c >> 3) & 7)));
    sc_out_char(out, (char)('0' + (c & 7)));
}

static void escape(struct sc_out *out, const char *bytes, size_t len, bool brackets)
{
    size_t plain = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool bracket = brackets && (c == '<' || c == '>');
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && !bracket)
            continue;
        sc_out_bytes(out, bytes + plain, i - plain);
        plain = i + 1;
        char letter = letter_of(c);
        if (letter) {
            sc_out_char(out, '\\');
            sc_out_char(out, letter);
        } else {
            octal(out, c, i + 1 < len && bytes[i + 1] >= '0' && bytes[i + 1] <= '9');
        }
    }
    sc_out_bytes(out, bytes + plain, len - plain);
}

void sc_out_quoted(struct sc_out *out, const char *bytes, size_t len)
{
    sc_out_char(out, '"');
    escape(out, bytes, len, false);
    sc_out_char(out, '"');
}

void sc_out_escaped(struct sc_out *out, const char *bytes, size_t len)
{
    escape(out, bytes, len, true);
}

size_t sc_out_end(struct sc_out *out)
{
    if (out->cut) {
        size_t len = (size_t)(out->at - out->begin);
        size_t dots = len < 3 ? len : 3;
        memset(out->at - dots, '.', dots);
    }
    *out->at = '\0';
    return (size_t)(out->at - out->begin);
}
