#include "../text_util.h"

enum { EIGHTHS = 8 };

unsigned sc_text_bar(FILE *out, uint64_t value, uint64_t most, unsigned cells, bool utf8)
{
    static const char *const parts[EIGHTHS] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    unsigned steps = cells * (utf8 ? EIGHTHS : 1), per_cell = utf8 ? EIGHTHS : 1;
    unsigned length = most ? (unsigned)((double)value / (double)most * steps + 0.5) : 0;
    length = length > steps ? steps : length;
    if (value && !length)
        length = 1; /* what is there is seen */
    for (unsigned i = 0; i < length / per_cell; i++)
        fputs(utf8 ? "█" : "#", out);
    fputs(parts[length % per_cell], out);
    return cells - (length + per_cell - 1) / per_cell;
}

void sc_text_share(const struct sc_screen *text, uint64_t value, uint64_t most, unsigned cells)
{
    if (!text->style.utf8)
        return;
    putc(' ', text->out);
    unsigned left = sc_text_bar(text->out, value, most, cells, true);
    fprintf(text->out, "%*s", (int)left, "");
}
