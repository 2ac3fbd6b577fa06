/*
 * analyse.h: one run or a pair, from inputs to report and output files.
 */
#ifndef SC_ANALYSE_H
#define SC_ANALYSE_H

#include "../sources/source.h"
#include "../why/labels.h"
#include "options.h"

/*
 * One run, where paths[1] is NULL, or two, named by their paths and by --label. 0, or -errno and ret_error filled. The
 * files that the options ask for are written, but for the summary.
 */
int sc_analyse(const struct sc_options *options, const char *const paths[2], struct sc_report *ret_report,
               struct sc_error *ret_error);

/* The same, with names of the caller's. */
int sc_analyse_named(const struct sc_options *options, const char *const paths[2], const struct sc_names *names,
                     struct sc_report *ret_report, struct sc_error *ret_error);

/* comparison_summary.txt in the output directory; of a batch, or else of report. 0, or -errno and ret_error filled. */
int sc_write_summary(const struct sc_options *options, struct sc_report *report, const struct sc_report_batch *batch,
                     struct sc_error *ret_error);

#endif
