#include "escape.h"

#include <stdbool.h>
#include <string.h>

#include "../../model/safe.h"

/* U+FFFE and U+FFFF are characters of UTF-8 and none of XML. */
static bool is_no_character(const char *p)
{
    return strncmp(p, "\xef\xbf\xbe", 3) == 0 || strncmp(p, "\xef\xbf\xbf", 3) == 0;
}

static void put(FILE *out, const char *text, const char *special)
{
    while (*text) {
        size_t bytes = is_no_character(text) ? 0 : sc_safe_bytes(text);
        if (!bytes)
            fprintf(out, "\\x%02x", (unsigned char)*text++);
        else if (bytes == 1 && strchr(special, *text))
            fprintf(out, "&#%d;", *text++);
        else {
            fwrite(text, 1, bytes, out);
            text += bytes;
        }
    }
}

void sc_put_xml(FILE *out, const char *text)
{
    put(out, text, "<>&\"'");
}

void sc_put_markdown(FILE *out, const char *text)
{
    put(out, text, "<>&\"'\\`*_{}[]()#!|~@$^");
}
