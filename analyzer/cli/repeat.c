#include "repeat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../render/render.h"
#include "../why/repeat_stats.h"
#include "analyse.h"
#include "html_page.h"

/* The i-th run of each side; where one side has fewer, its last one stands in and is not counted again. */
static int add_pair(const struct sc_options *options, size_t i, struct sc_repeat *repeat,
                    struct sc_strings *differences, struct sc_error *error)
{
    const size_t *counts = options->repeat_counts;
    const char *paths[2];
    for (unsigned side = 0; side < 2; side++)
        paths[side] = options->repeats[side][i < counts[side] ? i : counts[side] - 1];
    struct sc_report report;
    int result = sc_analyse(options, paths, &report, error);
    if (result)
        return result;
    for (unsigned side = 0; side < 2 && !result; side++)
        if (i < counts[side])
            result = sc_repeat_add(repeat, side, &report.runs[side]);
    for (size_t k = 0; i == 0 && k < report.differences.count; k++)
        sc_strings_add(differences, report.differences.items[k]);
    sc_report_free(&report);
    return result;
}

static int read_runs(const struct sc_options *options, struct sc_report_repeat *ret_report, struct sc_error *ret_error)
{
    struct sc_repeat *repeat = sc_repeat_new(options->repeat_counts);
    struct sc_strings differences = {0}; /* of the first pair */
    size_t most =
        options->repeat_counts[0] > options->repeat_counts[1] ? options->repeat_counts[0] : options->repeat_counts[1];
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    int error = repeat ? 0 : -ENOMEM;
    for (size_t i = 0; i < most && !error; i++)
        error = add_pair(options, i, repeat, &differences, ret_error);
    if (!error)
        error = differences.failed ? -ENOMEM : sc_repeat_report(repeat, &differences, ret_report);
    sc_strings_free(&differences);
    sc_repeat_free(repeat);
    return error;
}

/* No run is overwritten by the page. */
static int open_page(const struct sc_options *options, struct sc_html_page *ret_page, struct sc_error *ret_error)
{
    const size_t *counts = options->repeat_counts;
    const char **paths = calloc(counts[0] + counts[1], sizeof *paths);
    if (!paths)
        return sc_no_memory(ret_error);
    for (size_t i = 0; i < counts[0] + counts[1]; i++)
        paths[i] = i < counts[0] ? options->repeats[0][i] : options->repeats[1][i - counts[0]];
    int error = sc_html_page_open(options, &(struct sc_inputs){paths, counts[0] + counts[1]}, ret_page, ret_error);
    free(paths);
    return error;
}

int sc_repeat_run(const struct sc_options *options, struct sc_report_repeat *ret_report, struct sc_error *ret_error)
{
    struct sc_html_page page;
    *ret_report = (struct sc_report_repeat){0};
    int error = open_page(options, &page, ret_error);
    if (error)
        return error;
    error = read_runs(options, ret_report, ret_error);
    json_t *json = error || !options->export_count ? NULL : sc_render_repeat_json(ret_report);
    error = sc_html_page_close(&page, "repeat", json, error, ret_error);
    if (error)
        sc_report_repeat_free(ret_report);
    return error;
}
