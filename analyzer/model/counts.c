#include "counts.h"

#include <stdlib.h>
#include <string.h>

uint64_t sc_counts_of(const struct sc_counts *counts, const char *name)
{
    size_t low = 0, high = counts->call_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, counts->calls[middle].name);
        if (order == 0)
            return counts->calls[middle].calls;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

void sc_counts_free(struct sc_counts *counts)
{
    for (size_t i = 0; i < counts->call_count; i++)
        free(counts->calls[i].name);
    free(counts->calls);
    *counts = (struct sc_counts){0};
}
