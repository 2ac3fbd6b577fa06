/*
 * row_sums.h: which rows of a ledger are of a kind, and what they sum to.
 */
#ifndef SC_ROW_SUMS_H
#define SC_ROW_SUMS_H

#include "file_groups.h"

/* Sums over the rows of a group. */
struct sc_sum {
    uint64_t calls, bytes, again, time_ns;
    uint64_t repeats;  /* of calls: those of SC_FACT_AGAIN */
    uint64_t requests; /* of calls: those that are requests */
    int64_t begin, end;
};

typedef bool sc_row_match(const struct sc_row *row);
void sc_sum_rows(const struct sc_file_group *group, sc_row_match *match, struct sc_sum *ret_sum);

/* Calls of work: neither start-up nor a runtime's. */
static inline bool sc_row_is_work(const struct sc_row *row)
{
    return !(row->facts & (SC_FACT_STARTUP | SC_FACT_RUNTIME));
}

sc_row_match sc_row_is_write, sc_row_is_read, sc_row_moves_bytes, sc_row_is_zero, sc_row_grows, sc_row_maps;

/* See sc_files_waits. files: the model that the row's ledger was made with. */
bool sc_row_waits(const struct sc_files *files, const struct sc_row *row);

/*
 * What the calls themselves took, without what they waited for others, at most: as if each had taken what the shortest
 * did, which is all of it where every one waited. To leave such a call out saves no more, for what it waits for comes
 * no sooner.
 */
uint64_t sc_row_own_ns(const struct sc_files *files, const struct sc_row *row);

#endif
