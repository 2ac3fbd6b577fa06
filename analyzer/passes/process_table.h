/*
 * process_table.h: what each process of a run did, and when.
 */
#ifndef SC_PROCESS_TABLE_H
#define SC_PROCESS_TABLE_H

#include "../model/event.h"
#include "../model/files.h"
#include "../model/report.h"

struct sc_process_table;

/* NULL where memory is short. */
struct sc_process_table *sc_process_table_new(void);
void sc_process_table_free(struct sc_process_table *table);

/* access: what sc_files_apply just made of the event. 0, or -ENOMEM. */
int sc_process_table_add(struct sc_process_table *table, const struct sc_files *files, const struct sc_event *event,
                         const struct sc_access *access);

/* Fills the report's process_table. 0, or -ENOMEM. */
int sc_process_table_report(const struct sc_process_table *table, const struct sc_run *run, bool with_startup,
                            struct sc_report_run *report);

#endif
