#include "utf8.h"

#include <stdio.h>
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

bool sc_is_utf8(const char *text)
{
    size_t bytes = 1;
    for (const char *p = text; *p && bytes; p += bytes)
        bytes = utf8_bytes((const unsigned char *)p);
    return bytes > 0;
}

const char *sc_utf8_text(const char *text, char **ret_copy)
{
    *ret_copy = NULL;
    if (sc_is_utf8(text))
        return text;
    char *copy = *ret_copy = malloc(4 * strlen(text) + 1); /* a byte is \xNN at most */
    if (!copy)
        return NULL;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        copy += sprintf(copy, *p < 0x80 ? "%c" : "\\x%02x", *p);
    return *ret_copy;
}
