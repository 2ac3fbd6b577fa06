/*
 * coverage.h: was all of a run seen? Every way in which calls can be missing is said once, as a problem of the run,
 * which fails its assertions and makes it incomparable.
 */
#ifndef SC_COVERAGE_H
#define SC_COVERAGE_H

#include "../model/report.h"

/* Fills complete and what the report has of the coverage, and adds to problems and warnings. pair: it is compared. */
int sc_judge_coverage(const struct sc_run *source, bool pair, struct sc_report_run *run);

#endif
