/*
 * run_exports.h: the runs read once more for all that takes their calls elsewhere.
 */
#ifndef SC_RUN_EXPORTS_H
#define SC_RUN_EXPORTS_H

#include "../export/export.h"
#include "load.h"
#include "output.h"

struct sc_export_request {
    const struct sc_export_ops *ops;
    const char *path;
    struct sc_page *page; /* it is one pair of many in there, and path only names it; or NULL */
};

/* One of the runs, as the first reading left it. Everything stays the caller's. */
struct sc_export_input {
    const struct sc_loaded *loaded;
    struct sc_symbols *symbols;
    struct sc_normaliser *normaliser;
    struct sc_filter *filter; /* or NULL */
    bool with_startup;
};

/* All of them in one reading of each run. 0, or -errno and ret_error filled. */
int sc_run_exports(const struct sc_export_request *requests, size_t count, const struct sc_export_input *inputs,
                   const struct sc_report *report, const struct sc_inputs *names, struct sc_error *ret_error);

#endif
