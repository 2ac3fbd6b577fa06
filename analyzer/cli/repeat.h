/*
 * repeat.h: --repeat A1 A2 ... --vs B1 B2 ...
 */
#ifndef SC_REPEAT_H
#define SC_REPEAT_H

#include "../model/report_repeat.h"
#include "../sources/source.h"
#include "options.h"

/* Reads all runs; no file is written but the page of --html. 0, or -errno and ret_error filled. */
int sc_repeat_run(const struct sc_options *options, struct sc_report_repeat *ret_report, struct sc_error *ret_error);

#endif
