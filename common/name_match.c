#include "name_match.h"

#include <stddef.h>
#include <string.h>

/* Behind the set that begins at pattern, or NULL where it has no end: then [ is a byte like others. */
static const char *match_set(const char *pattern, unsigned char byte, bool *ret_in)
{
    bool inverted = pattern[1] == '!' || pattern[1] == '^', in = false;
    const char *at = pattern + 1 + inverted, *first = at;
    for (; *at && (*at != ']' || at == first); at++) {
        at += *at == '\\' && at[1];
        unsigned char from = (unsigned char)*at, to = from;
        if (at[1] == '-' && at[2] && at[2] != ']') {
            at += 2;
            at += *at == '\\' && at[1];
            to = (unsigned char)*at;
        }
        in |= from <= byte && byte <= to;
    }
    *ret_in = in != inverted;
    return *at ? at + 1 : NULL;
}

/* Behind what one byte of the text was matched with; NULL: it does not fit. */
static const char *match_byte(const char *pattern, unsigned char byte)
{
    bool in;
    const char *behind = *pattern == '[' ? match_set(pattern, byte, &in) : NULL;
    if (behind)
        return in ? behind : NULL;
    if (*pattern == '?')
        return pattern + 1;
    pattern += *pattern == '\\'; /* a last one takes nothing, and so fits nothing */
    return (unsigned char)*pattern == byte ? pattern + 1 : NULL;
}

/* A star that did not take enough takes one byte more; only the last one is ever gone back to. */
bool sc_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *taken = NULL;
    while (*text) {
        const char *next;
        if (*pattern == '*') {
            star = ++pattern;
            taken = text;
        } else if (*pattern && (next = match_byte(pattern, (unsigned char)*text))) {
            pattern = next;
            text++;
        } else if (star) {
            pattern = star;
            text = ++taken;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool sc_name_fits(const char *pattern, const char *name)
{
    const char *slash = strrchr(name, '/');
    while (strncmp(pattern, "./", 2) == 0)
        pattern += 2;
    if (sc_matches(pattern, name))
        return true;
    if (!strchr(pattern, '/'))
        return slash && sc_matches(pattern, slash + 1);
    for (slash = strchr(name, '/'); slash && *pattern != '/'; slash = strchr(slash + 1, '/'))
        if (sc_matches(pattern, slash + 1))
            return true;
    return false;
}

bool sc_name_fits_one(const char *patterns, const char *name)
{
    char pattern[SC_PATTERN_BYTES];
    for (const char *at = patterns; *at; at += *at == ':') {
        size_t bytes = strcspn(at, ":");
        if (bytes >= sizeof pattern)
            return true;
        memcpy(pattern, at, bytes);
        pattern[bytes] = '\0';
        if (bytes && sc_name_fits(pattern, name))
            return true;
        at += bytes;
    }
    return false;
}
