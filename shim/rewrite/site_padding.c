#include "site_padding.h"

/* FURTHER: what follows padding is no further away than the padding is long. */
enum { HOP_BYTES = 2, BACK = 128, FORWARD = 127, MOST_PADDINGS = 512, FURTHER = 64 };

/* The padding in use, and where its unused rest begins. */
static struct {
    uint64_t begin, rest;
} paddings[MOST_PADDINGS];
static unsigned padding_count;

void sc_site_padding_clear(void)
{
    padding_count = 0;
}

static unsigned find_padding(uint64_t begin)
{
    unsigned i = padding_count;
    while (i-- > 0)
        if (paddings[i].begin == begin)
            return i;
    return padding_count;
}

/* Takes from the padding after the function. */
static uint64_t take(const struct sc_elf_module *module, const struct sc_function *function, uint64_t hop_end)
{
    uint64_t end;
    if (!sc_eh_frame_padding(module, function, &end))
        return 0;
    unsigned padding = find_padding(function->end);
    uint64_t at = padding < padding_count ? paddings[padding].rest : function->end;
    if (at < hop_end - BACK)
        at = hop_end - BACK;
    if (padding == MOST_PADDINGS || at + SC_JUMP_BYTES > end || at > hop_end + FORWARD)
        return 0;
    paddings[padding].begin = function->end;
    paddings[padding].rest = at + SC_JUMP_BYTES;
    padding_count += padding == padding_count;
    return at;
}

uint64_t sc_site_padding_take(const struct sc_elf_module *module, const struct sc_found_site *site)
{
    uint64_t hop_end = site->address + HOP_BYTES, padding = 0;
    struct sc_function function = site->function;
    for (uint32_t i = function.index; sc_eh_frame_at(module, i, &function); i++) {
        if (function.end > hop_end + FORWARD)
            break;
        if ((padding = take(module, &function, hop_end)) != 0)
            return padding;
    }
    for (uint32_t i = site->function.index; i-- > 0 && sc_eh_frame_at(module, i, &function);) {
        if (function.end + FURTHER < hop_end - BACK)
            break;
        if ((padding = take(module, &function, hop_end)) != 0)
            return padding;
    }
    return 0;
}
