#include "numbers.h"

#include <string.h>

size_t sc_put_number(char *at, uint64_t number, unsigned base)
{
    char digits[20];
    size_t count = 0;
    do
        digits[count++] = "0123456789abcdef"[number % base];
    while ((number /= base) != 0);
    for (size_t i = 0; i < count; i++)
        at[i] = digits[count - 1 - i];
    return count;
}

bool sc_read_number(const char *text, unsigned base, const char *ends, uint64_t *ret_value)
{
    uint64_t value = 0;
    const char *p = text;
    for (; *p && !strchr(ends, *p); p++) {
        unsigned digit = *p >= '0' && *p <= '9'   ? (unsigned)(*p - '0')
                         : *p >= 'a' && *p <= 'f' ? (unsigned)(*p - 'a' + 10)
                                                  : 99;
        if (digit >= base || value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    *ret_value = value;
    return p > text;
}

bool sc_read_size(const char *text, uint64_t *ret_value)
{
    static const char units[] = "KkMmGg";
    uint64_t value;
    if (!sc_read_number(text, 10, units, &value))
        return false;
    const char *behind = text + strcspn(text, units);
    unsigned shift = 0;
    if (*behind) {
        shift = 10 * (unsigned)(1 + (strchr(units, *behind) - units) / 2);
        if (behind[1] || value << shift >> shift != value)
            return false;
    }
    *ret_value = value << shift;
    return true;
}
