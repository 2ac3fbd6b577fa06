#include "row_buffer.h"

#include <stdbool.h>

#include "../model/string_builder.h"
#include "../model/utf8.h"

void sc_row_flush(struct sc_row_buffer *rows)
{
    fwrite(rows->bytes, 1, rows->used, rows->file);
    rows->used = 0;
}

void sc_row_spill(struct sc_row_buffer *rows, const char *bytes, size_t len)
{
    sc_row_flush(rows);
    if (len > sizeof rows->bytes)
        fwrite(bytes, 1, len, rows->file);
    else
        sc_row_bytes(rows, bytes, len);
}

void sc_row_number(struct sc_row_buffer *rows, int64_t value)
{
    char digits[24];
    struct sc_out out;
    sc_out_begin(&out, digits, sizeof digits);
    sc_out_signed(&out, value);
    sc_row_bytes(rows, digits, (size_t)(out.at - out.begin));
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes is zero: https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord */
static uint64_t any_zero(uint64_t bytes)
{
    return (bytes - EACH(1)) & ~bytes & EACH(0x80);
}

/* Printable ASCII alone, and neither a quotation mark nor other: it is copied as it stands. Nearly every text is. */
static bool is_plain(const char *text, size_t len, unsigned char other)
{
    uint64_t bytes, special = 0;
    for (size_t i = 0; i < len; i += sizeof bytes) {
        bytes = EACH(' ');
        memcpy(&bytes, text + i, len - i < sizeof bytes ? len - i : sizeof bytes);
        special |= ((bytes - EACH(' ')) | bytes) & EACH(0x80);
        special |= any_zero(bytes ^ EACH(0x7f)) | any_zero(bytes ^ EACH('"')) | any_zero(bytes ^ EACH(other));
    }
    return special == 0;
}

static void hex(struct sc_row_buffer *rows, const char *before, unsigned char byte)
{
    const char digits[] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    sc_row_text(rows, before);
    sc_row_bytes(rows, digits, sizeof digits);
}

static void escape_json(struct sc_row_buffer *rows, const char *text)
{
    bool whole = sc_is_utf8(text);
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        bool control = *p < 0x20 || *p == 0x7f || (whole && p[0] == 0xc2 && p[1] < 0xa0);
        if (*p == '"' || *p == '\\')
            sc_row_char(rows, '\\');
        if (control && *p == 0xc2)
            hex(rows, "\\u00", *++p);
        else if (control)
            hex(rows, "\\u00", *p);
        else if (*p >= 0x80 && !whole)
            hex(rows, "\\\\x", *p);
        else
            sc_row_char(rows, (char)*p);
    }
}

void sc_row_json(struct sc_row_buffer *rows, const char *text)
{
    if (!text) {
        sc_row_text(rows, "null");
        return;
    }
    size_t len = strlen(text);
    sc_row_char(rows, '"');
    if (is_plain(text, len, '\\'))
        sc_row_bytes(rows, text, len);
    else
        escape_json(rows, text);
    sc_row_char(rows, '"');
}

static void quote_csv(struct sc_row_buffer *rows, const char *text)
{
    bool whole = sc_is_utf8(text), quoted = !*text || strpbrk(text, "\",\r\n");
    if (quoted)
        sc_row_char(rows, '"');
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p >= 0x80 && !whole) {
            hex(rows, "\\x", *p);
            continue;
        }
        if (*p == '"')
            sc_row_char(rows, '"');
        sc_row_char(rows, (char)*p);
    }
    if (quoted)
        sc_row_char(rows, '"');
}

void sc_row_csv(struct sc_row_buffer *rows, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    if (len && is_plain(text, len, ','))
        sc_row_bytes(rows, text, len);
    else if (text)
        quote_csv(rows, text);
}
