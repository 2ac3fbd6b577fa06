#include "safe.h"

#include <stdbool.h>

/* The shortest form only: a longer one could hide a control from us and not from a careless decoder. */
static bool is_shortest(const unsigned char *p)
{
    return !(p[0] == 0xe0 && p[1] < 0xa0) && !(p[0] == 0xf0 && p[1] < 0x90);
}

size_t sc_safe_bytes(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    if (*p < 0x80)
        return *p >= 0x20 && *p != 0x7f;
    size_t bytes = *p >= 0xf0 && *p < 0xf5 ? 4 : *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xc2 && *p < 0xe0 ? 2 : 0;
    for (size_t i = 1; i < bytes; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if (!bytes || !is_shortest(p))
        return 0;
    return *p == 0xc2 && p[1] < 0xa0 ? 0 : bytes;
}

void sc_print_safe(FILE *out, const char *text, size_t columns)
{
    size_t used = 0;
    for (const char *p = text; *p;) {
        if (columns && ++used > columns) {
            fputs("...", out);
            return;
        }
        size_t bytes = sc_safe_bytes(p);
        if (bytes)
            fwrite(p, 1, bytes, out);
        else if (*p == '\n')
            fputs("\\n", out);
        else if (*p == '\t')
            fputs("\\t", out);
        else
            fprintf(out, "\\%03o", (unsigned char)*p);
        p += bytes ? bytes : 1;
    }
}
