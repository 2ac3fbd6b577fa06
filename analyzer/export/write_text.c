#include "write_text.h"

#include <stdbool.h>
#include <string.h>

#include "../model/utf8.h"

void sc_write_json_text(FILE *out, const char *text)
{
    if (!text) {
        fputs("null", out);
        return;
    }
    bool whole = sc_is_utf8(text);
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
    bool whole = sc_is_utf8(text);
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
