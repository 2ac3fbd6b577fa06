#include "growth_text.h"

#include <inttypes.h>
#include <stdio.h>

const char *sc_verdict_word(enum sc_verdict verdict)
{
    static const char *const words[] = {[SC_PASS] = "ok", [SC_SOFT] = "soft", [SC_HARD] = "hard"};
    return words[verdict];
}

const char *sc_growth_was(const struct sc_growth *growth, char *text)
{
    if (growth->was_min == growth->was_max)
        snprintf(text, SC_GROWTH_TEXT, "%" PRId64, growth->was_max);
    else
        snprintf(text, SC_GROWTH_TEXT, "%" PRId64 " to %" PRId64, growth->was_min, growth->was_max);
    return text;
}

const char *sc_growth_change(const struct sc_growth *growth, char *text)
{
    int64_t from = growth->by < 0 ? growth->was_min : growth->was_max;
    if (growth->by && from)
        snprintf(text, SC_GROWTH_TEXT, "%+" PRId64 " (%+.1f%%)", growth->by, 100.0 * (double)growth->by / (double)from);
    else
        snprintf(text, SC_GROWTH_TEXT, "%+" PRId64, growth->by);
    return text;
}

const char *sc_held_verdict(const struct sc_report_baseline *held, char *text, size_t capacity)
{
    size_t counts[3] = {0};
    for (size_t i = 0; i < held->held_count; i++)
        counts[held->held[i].verdict]++;
    if (held->problems.count)
        snprintf(text, capacity, "FAILED: the run passes nothing, it did not end well or was not seen completely");
    else if (counts[SC_HARD])
        snprintf(text, capacity, "FAILED: beyond the hard limit %zu, beyond the soft limit %zu, of %zu counts",
                 counts[SC_HARD], counts[SC_SOFT], held->held_count);
    else if (counts[SC_SOFT])
        snprintf(text, capacity, "GREW: beyond the soft limit %zu of %zu counts", counts[SC_SOFT], held->held_count);
    else
        snprintf(text, capacity, "OK: none of %zu counts grew beyond its limit", held->held_count);
    return text;
}

size_t sc_held_causes(const struct sc_report_baseline *held)
{
    size_t count = 0;
    while (count < held->other_count && held->others[count].by > 0)
        count++;
    return count;
}
