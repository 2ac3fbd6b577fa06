#include "input_name.h"

#include <stdlib.h>
#include <string.h>

size_t sc_packed_ending(const char *name, size_t len)
{
    static const char *const endings[] = {".gz", ".bz2", ".xz", ".zst", ".lz4"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t bytes = strlen(endings[i]);
        if (len > bytes && memcmp(name + len - bytes, endings[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

size_t sc_stem_length(const char *name, size_t len)
{
    len -= sc_packed_ending(name, len);
    const char *dot = memrchr(name, '.', len);
    return dot && dot > name ? (size_t)(dot - name) : len;
}

int32_t sc_family_member(const char *entry, const char *name, size_t name_len)
{
    if (strncmp(entry, name, name_len) != 0 || entry[name_len] != '.')
        return 0;
    const char *digits = entry + name_len + 1;
    size_t len = strspn(digits, "0123456789"), rest = strlen(digits + len);
    if (len == 0 || len >= 10 || sc_packed_ending(digits, len + rest) != rest)
        return 0;
    return (int32_t)strtol(digits, NULL, 10);
}
