#include "text_util.h"

#include <inttypes.h>
#include <string.h>

void sc_text_emphasis(const struct sc_screen *text, enum sc_emphasis emphasis)
{
    static const char *const codes[] = {[SC_PLAIN] = "\033[0m", [SC_BOLD] = "\033[1m", [SC_ALARM] = "\033[1;31m"};
    if (text->style.color)
        fputs(codes[emphasis], text->out);
}

size_t sc_text_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void sc_text_padded(FILE *out, const char *text, size_t width)
{
    sc_print_safe(out, text, 0);
    for (size_t have = sc_text_width(text); have < width; have++)
        putc(' ', out);
}

void sc_text_head(const struct sc_screen *text, unsigned run, const char *what)
{
    size_t widest = 0;
    for (unsigned i = 0; i < text->report->run_count; i++) {
        size_t width = sc_text_width(text->report->runs[i].label);
        widest = width > widest ? width : widest;
    }
    const char *label = text->report->runs[run].label;
    fprintf(text->out, "%s%s%s:", label, *what ? " " : "", what);
    for (size_t have = sc_text_width(label); have <= widest; have++)
        putc(' ', text->out);
}

const char *sc_text_diff(uint64_t a, uint64_t b, char *text, size_t capacity)
{
    int64_t diff = (int64_t)(a - b);
    if (b)
        snprintf(text, capacity, "%+" PRId64 " (%+.1f%%)", diff, 100.0 * (double)diff / (double)b);
    else
        snprintf(text, capacity, "%+" PRId64, diff);
    return text;
}

const char *sc_text_time(uint64_t ns, char *text, size_t capacity)
{
    if (ns < 1000000)
        snprintf(text, capacity, "%.3f us", (double)ns / 1e3);
    else if (ns < 1000000000)
        snprintf(text, capacity, "%.3f ms", (double)ns / 1e6);
    else
        snprintf(text, capacity, "%.3f s", (double)ns / 1e9);
    return text;
}

const char *sc_text_time_diff(int64_t ns, char *text, size_t capacity)
{
    text[0] = ns < 0 ? '-' : '+';
    sc_text_time(ns < 0 ? -(uint64_t)ns : (uint64_t)ns, text + 1, capacity - 1);
    return text;
}

int sc_text_digits(uint64_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

void sc_text_role(FILE *out, const char *role)
{
    enum { ROLE_COLUMNS = 60 };
    size_t width = sc_text_width(role);
    if (width > ROLE_COLUMNS) {
        const char *end = role + strlen(role);
        for (size_t left = ROLE_COLUMNS - 3; left > 0; left -= ((unsigned char)*end & 0xc0) != 0x80)
            end--;
        fputs("...", out);
        role = end;
    }
    sc_print_safe(out, role, 0);
}

const char *sc_text_sizes(const struct sc_size_summary *sizes, char *text, size_t capacity)
{
    if (!sizes->known)
        return "-";
    if (sizes->middle_known)
        snprintf(text, capacity, "%" PRIu64 "/%" PRIu64 "/%" PRIu64, sizes->least, sizes->middle, sizes->most);
    else
        snprintf(text, capacity, "%" PRIu64 "/-/%" PRIu64, sizes->least, sizes->most);
    return text;
}

size_t sc_text_top(const struct sc_report *report, size_t usual)
{
    return report->ranking.top ? report->ranking.top : usual;
}
