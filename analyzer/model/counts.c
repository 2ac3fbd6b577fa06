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

static uint64_t moved(const struct sc_write_counts *writes)
{
    return writes->zero + writes->data + writes->unseen;
}

/* Are there more of what one side saw than the other one saw and may have missed? */
static bool has_more(const struct sc_write_counts *a, const struct sc_write_counts *b)
{
    return a->zero > b->zero + b->unseen || a->data > b->data + b->unseen;
}

bool sc_writes_differ(const struct sc_write_counts *a, const struct sc_write_counts *b)
{
    if (moved(a) != moved(b) || a->empty != b->empty || a->failed != b->failed || a->unfinished != b->unfinished ||
        a->small != b->small || a->large != b->large || a->bytes != b->bytes)
        return true;
    return has_more(a, b) || has_more(b, a) || (!a->unseen && !b->unseen && a->zero_bytes != b->zero_bytes);
}

void sc_counts_free(struct sc_counts *counts)
{
    for (size_t i = 0; i < counts->call_count; i++)
        free(counts->calls[i].name);
    free(counts->calls);
    *counts = (struct sc_counts){0};
}
