#include "write_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the character at p; 0: it is no UTF-8 (RFC 3629, section 4). */
static size_t utf8_bytes(const unsigned char *p)
{
    unsigned least = 0x80, most = 0xbf;
    size_t bytes = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (p[0] == 0xe0)
        least = 0xa0;
    else if (p[0] == 0xed)
        most = 0x9f;
    else if (p[0] == 0xf0)
        least = 0x90;
    else if (p[0] == 0xf4)
        most = 0x8f;
    for (size_t i = 1; i < bytes; i++) {
        if (p[i] < least || p[i] > most)
            return 0;
        least = 0x80;
        most = 0xbf;
    }
    return bytes;
}

static bool is_utf8(const char *text)
{
    size_t bytes = 1;
    for (const char *p = text; *p && bytes; p += bytes)
        bytes = utf8_bytes((const unsigned char *)p);
    return bytes > 0;
}

void sc_write_json_text(FILE *out, const char *text)
{
    if (!text) {
        fputs("null", out);
        return;
    }
    bool whole = is_utf8(text);
    putc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        bool control = *p < 0x20 || *p == 0x7f || (whole && p[0] == 0xc2 && p[1] < 0xa0);
        if (*p == '"' || *p == '\\')
            fprintf(out, "\\%c", *p);
        else if (control && *p == 0xc2)
            fprintf(out, "\\u%04x", *++p);
        else if (control)
            fprintf(out, "\\u%04x", *p);
        else if (*p >= 0x80 && !whole)
            fprintf(out, "\\\\x%02x", *p);
        else
            putc(*p, out);
    }
    putc('"', out);
}

void sc_write_csv_text(FILE *out, const char *text)
{
    if (!text)
        return;
    bool whole = is_utf8(text);
    bool quoted = !*text || strpbrk(text, "\",\r\n");
    if (quoted)
        putc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p >= 0x80 && !whole)
            fprintf(out, "\\x%02x", *p);
        else if (*p == '"')
            fputs("\"\"", out);
        else
            putc(*p, out);
    }
    if (quoted)
        putc('"', out);
}

const char *sc_utf8_text(const char *text, char **ret_copy)
{
    *ret_copy = NULL;
    if (is_utf8(text))
        return text;
    char *copy = *ret_copy = malloc(4 * strlen(text) + 1); /* a byte is \xNN at most */
    if (!copy)
        return NULL;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        copy += sprintf(copy, *p < 0x80 ? "%c" : "\\x%02x", *p);
    return *ret_copy;
}
