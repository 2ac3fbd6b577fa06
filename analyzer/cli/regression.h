/*
 * regression.h: --save-baseline and --baseline.
 */
#ifndef SC_REGRESSION_H
#define SC_REGRESSION_H

#include <jansson.h>

#include "../model/report_baseline.h"
#include "../sources/source.h"
#include "options.h"

/* Keeps the run of that report, as JSON, in --save-baseline's file. 0, or -errno and ret_error filled. */
int sc_regression_save(const struct sc_options *options, const json_t *report, struct sc_error *ret_error);

/* Keeps the ranges of --repeat's runs there; ret_baseline: what was kept, a new reference. */
int sc_regression_learn(const struct sc_options *options, json_t **ret_baseline, struct sc_error *ret_error);

/*
 * Holds the run of that report against --baseline's file, which with --accept is renewed after that. 0, or -errno and
 * ret_error filled; ret_held is to be freed with sc_report_baseline_free in any case.
 */
int sc_regression_hold(const struct sc_options *options, const json_t *report, struct sc_report_baseline *ret_held,
                       struct sc_error *ret_error);

#endif
