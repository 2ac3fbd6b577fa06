#include "options_check.h"

#include <string.h>

/* A baseline is of one run, and the answer is one of several. */
static int check_baseline(const struct sc_options *options, char *why)
{
    if (!options->baseline && (options->limit_count || options->accept || options->ci_report))
        return sc_options_refuse(why, "--limit, --accept and --report go with --baseline");
    if (options->baseline && (options->save_baseline || options->repeat))
        return sc_options_refuse(why,
                                 "--baseline goes with neither --save-baseline nor --repeat; --accept renews the file");
    if ((options->baseline || options->save_baseline) &&
        (options->batch || options->output || options->output_dir_given ||
         (!options->repeat && options->input_count != 1)))
        return sc_options_refuse(why, "a baseline is of one run, and no other output goes with it");
    if (options->ci_report && options->json)
        return sc_options_refuse(why, "--report goes without --format json");
    return 0;
}

/* Of many runs there is one page, and no other export. */
static bool only_a_page(const struct sc_options *options)
{
    return !options->view && options->export_count <= 1 && !options->save_baseline &&
           (!options->export_count || options->exports[0].ops == &sc_export_html);
}

static int check_times(const struct sc_options *options, char *why)
{
    const struct sc_moment *since = &options->filter.since, *until = &options->filter.until;
    if (since->given && until->given && since->is_share == until->is_share && since->value >= until->value)
        return sc_options_refuse(why, "--since is no earlier than --until: nothing lies between");
    return 0;
}

static int check_views(const struct sc_options *options, char *why)
{
    size_t printed = options->side_by_side ? 1 : 0;
    printed += options->view > SC_VIEW_CALLS;
    for (size_t i = 0; i < options->export_count; i++)
        printed += strcmp(options->exports[i].path, "-") == 0;
    if ((options->export_count || options->view) && (options->batch || options->repeat) && !only_a_page(options))
        return sc_options_refuse(why, "--export, --calls, --over-time and --tree are of one run or two; --batch, and "
                                      "--repeat with --vs, take one --html");
    if (printed > 1)
        return sc_options_refuse(
            why,
            "--calls, --over-time, --tree, --side-by-side and --export to standard output: only one can be printed");
    if (options->view == SC_VIEW_CALLS && options->json)
        return sc_options_refuse(why, "--calls is text; --export jsonl=- has the calls as JSON");
    return 0;
}

int sc_options_check(const struct sc_options *options, char *why)
{
    if (options->batch && options->input_count)
        return sc_options_refuse(why, "'%s': --batch takes no further run", options->inputs[0]);
    int error = check_baseline(options, why);
    error = error ? error : check_times(options, why);
    if (error)
        return error;
    if (options->repeat && !options->save_baseline && options->labels[0] && !options->labels[1])
        return sc_options_refuse(why, "--label '%s': two sides need two names with a comma between",
                                 options->labels[0]);
    if (!options->batch && !options->repeat && !options->input_count)
        return sc_options_refuse(why, "no run to analyse; see --help");
    if (options->output && (options->batch || options->input_count != 1))
        return sc_options_refuse(why, "-o '%s': the formatted log is of one run; two need --output-dir",
                                 options->output);
    if (options->summary_only && (options->output || options->output_dir_given))
        return sc_options_refuse(why, "--summary-only writes no files: it goes with neither -o nor --output-dir");
    if (options->side_by_side && (options->batch || options->input_count != 2 || options->json))
        return sc_options_refuse(why, "--side-by-side shows two runs, as text");
    if (options->labels[0] && !options->labels[1] && (options->batch || options->input_count == 2))
        return sc_options_refuse(why, "--label '%s': two runs need two names with a comma between", options->labels[0]);
    return check_views(options, why);
}
