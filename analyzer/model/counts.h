/*
 * counts.h: the counts of one run, summed, as a report shows them. Times are nanoseconds.
 */
#ifndef SC_COUNTS_H
#define SC_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../common/calls.h"
#include "sizes.h"

enum sc_taxonomy { SC_TAXONOMY_DEFAULT, SC_TAXONOMY_SEED };

/* Every call of write_ops is exactly one of zero, data, unseen, empty, failed, unfinished. */
struct sc_write_counts {
    uint64_t zero, data, unseen, empty, failed;
    uint64_t unfinished;   /* begun and not seen to end, or of unknown outcome */
    uint64_t small, large; /* of zero, data and unseen: up to SC_SMALL_WRITE bytes, or more */
    uint64_t bytes, zero_bytes;
    uint64_t zero_cut; /* of zero: as far as seen, the source cut the bytes */
};

enum { SC_SMALL_WRITE = 64 };

struct sc_named_count {
    char *name;
    uint64_t calls, errors, time_ns;
    struct sc_size_summary sizes; /* of those that read or wrote bytes */
    uint64_t chance;              /* of calls: made as threads happened to take turns, see passes/scheduling.h */
    enum sc_category category;
};

struct sc_counts {
    uint64_t total;
    uint64_t categories[SC_CAT_COUNT];
    uint64_t time_total;
    uint64_t time_ns[SC_CAT_COUNT];
    struct sc_write_counts writes;
    uint64_t read_bytes;          /* with those that sendfile and the like read and write, which the writes have too */
    uint64_t moved_bytes;         /* read and written, those once; whatever the taxonomy */
    struct sc_named_count *calls; /* by name, in strcmp's order; only those that occurred */
    size_t call_count;
};

/* How often the call of that name occurred. */
uint64_t sc_counts_of(const struct sc_counts *counts, const char *name);

/* Do they, whatever the bytes were that one side did not see? */
bool sc_writes_differ(const struct sc_write_counts *a, const struct sc_write_counts *b);

void sc_counts_free(struct sc_counts *counts);

#endif
