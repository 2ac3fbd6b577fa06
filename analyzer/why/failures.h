/*
 * failures.h: which calls failed, with which error, how often, and on which names.
 */
#ifndef SC_FAILURES_H
#define SC_FAILURES_H

#include "../model/report.h"
#include "file_groups.h"

/* Fills report's failures, the largest difference first; of one run: the most first. 0 or -ENOMEM. */
int sc_find_failed_calls(const struct sc_file_groups groups[2], const bool with_startup[2], struct sc_report *report);

#endif
