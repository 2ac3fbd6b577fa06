#include "site_padding.h"

/* What is behind a gap can be no further away than its padding is long. */
enum { HOP_BYTES = 2, BACK = 128, FORWARD = 127, MOST_GAPS = 512, FURTHER = 64 };

/* The gaps that were taken from, and how far. */
static struct {
    uint64_t begin, rest;
} gaps[MOST_GAPS];
static unsigned gap_count;

void sc_gaps_clear(void)
{
    gap_count = 0;
}

static unsigned find_gap(uint64_t begin)
{
    unsigned i = gap_count;
    while (i-- > 0)
        if (gaps[i].begin == begin)
            return i;
    return gap_count;
}

/* Of the padding behind the function. */
static uint64_t take(const struct sc_object *object, const struct sc_function *function, uint64_t hop_end)
{
    uint64_t end;
    if (!sc_functions_padding(object, function, &end))
        return 0;
    unsigned gap = find_gap(function->end);
    uint64_t at = gap < gap_count ? gaps[gap].rest : function->end;
    if (at < hop_end - BACK)
        at = hop_end - BACK;
    if (gap == MOST_GAPS || at + SC_JUMP_BYTES > end || at > hop_end + FORWARD)
        return 0;
    gaps[gap].begin = function->end;
    gaps[gap].rest = at + SC_JUMP_BYTES;
    gap_count += gap == gap_count;
    return at;
}

uint64_t sc_gap_take(const struct sc_object *object, const struct sc_found_site *site)
{
    uint64_t hop_end = site->address + HOP_BYTES, gap = 0;
    struct sc_function function = site->function;
    for (uint32_t i = function.index; sc_functions_at(object, i, &function); i++) {
        if (function.end > hop_end + FORWARD)
            break;
        if ((gap = take(object, &function, hop_end)) != 0)
            return gap;
    }
    for (uint32_t i = site->function.index; i-- > 0 && sc_functions_at(object, i, &function);) {
        if (function.end + FURTHER < hop_end - BACK)
            break;
        if ((gap = take(object, &function, hop_end)) != 0)
            return gap;
    }
    return 0;
}
