/*
 * file_tally.h: what the calls that pass a filter did to each file. The model of the files counts all calls, which it
 * needs to follow them; where there is a filter the report's counts come from here.
 */
#ifndef SC_FILE_TALLY_H
#define SC_FILE_TALLY_H

#include "../model/event.h"
#include "../model/files.h"

struct sc_file_tally;
struct sc_file_tally *sc_file_tally_new(void); /* NULL where memory is short */
void sc_file_tally_free(struct sc_file_tally *tally);

/* Every event of a run, after sc_files_apply made access of it. 0, or -ENOMEM. */
int sc_file_tally_add(struct sc_file_tally *tally, const struct sc_files *files, const struct sc_event *event,
                      const struct sc_access *access, bool passes);

/* All zero and NULL where no call on it passed. */
const struct sc_file_counts *sc_file_tally_counts(const struct sc_file_tally *tally, uint32_t file);
const struct sc_sizes *sc_file_tally_sizes(const struct sc_file_tally *tally, uint32_t file);

#endif
