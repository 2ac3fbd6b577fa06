/*
 * tally.h: counts. Events go in, in batches and without an allocation per event; sums come out, with or without the
 * calls of the start-up and in either taxonomy, both decided afterwards.
 */
#ifndef SC_TALLY_H
#define SC_TALLY_H

#include "../model/counts.h"
#include "../model/event.h"

struct sc_tally;

/* NULL where memory is short. */
struct sc_tally *sc_tally_new(void);
void sc_tally_free(struct sc_tally *tally);

/*
 * Counts the calls among the events. The descriptions that they point to are kept, not copied: they have to outlive
 * the tally. 0, or -ENOMEM (only for a name never met before).
 */
int sc_tally_add(struct sc_tally *tally, const struct sc_event *events, size_t count);

/* So many calls of that name at once, from a table that holds counts and no calls. 0, or -ENOMEM. */
int sc_tally_add_count(struct sc_tally *tally, const char *name, uint64_t calls, uint64_t errors, uint64_t time_ns);

/* All calls, and those before main among them. */
uint64_t sc_tally_total(const struct sc_tally *tally);
uint64_t sc_tally_startup(const struct sc_tally *tally);

/* From the first event to the end of the last, as the clock on the wall has it. False where no times are known. */
bool sc_tally_wall(const struct sc_tally *tally, bool with_startup, uint64_t *ret_ns);

/* The sums, to be freed with sc_counts_free. 0, or -ENOMEM. */
int sc_tally_sum(const struct sc_tally *tally, bool with_startup, enum sc_taxonomy taxonomy,
                 struct sc_counts *ret_counts);

#endif
