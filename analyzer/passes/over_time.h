/*
 * over_time.h: what a run did in each interval of its time.
 */
#ifndef SC_OVER_TIME_H
#define SC_OVER_TIME_H

#include "../model/event.h"
#include "../model/files.h"
#include "../model/report.h"

struct sc_over_time;
struct sc_over_time *sc_over_time_new(void); /* NULL where memory is short */
void sc_over_time_free(struct sc_over_time *over);

/* Every event, for the first one is the run's begin; counted are calls that pass. access: what sc_files_apply just made
 * of it. */
void sc_over_time_add(struct sc_over_time *over, const struct sc_files *files, const struct sc_event *event,
                      const struct sc_access *access, bool passes);

/*
 * Fills over_time of the report's runs, on one scale. runs: NULL for one whose calls are not known. 0, or -ENOMEM.
 */
int sc_over_time_report(struct sc_over_time *const runs[2], const bool with_startup[2], struct sc_report *report);

#endif
