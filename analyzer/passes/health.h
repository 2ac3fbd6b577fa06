/*
 * health.h: can anything be concluded from this run? The check that was missing when a program that had died at its
 * start was published as the faster one.
 */
#ifndef SC_HEALTH_H
#define SC_HEALTH_H

#include "../model/report.h"

/* Fills problems, dead, complete, failed and warnings of a run whose other fields stand already. 0, or -ENOMEM. */
int sc_judge_health(const struct sc_run *source, bool pair, struct sc_report_run *run);

#endif
