#include "analyse.h"

#include <errno.h>
#include <string.h>

#include "analyse_internal.h"
#include "at_a_time.h"
#include "pager.h"
#include "run_exports.h"

/* What asks for files by name, or names them for other runs, takes the names that these have there. */
static bool keeps_real_names(const struct sc_options *options)
{
    for (size_t i = 0; i < options->assertion_count; i++)
        if (sc_assert_names(&options->assertions[i]))
            return false;
    return !options->baseline && !options->save_baseline;
}

static int make_normalisers(struct sc_analysis *analysis)
{
    const struct sc_options *options = analysis->options;
    for (unsigned i = 0; i < analysis->count; i++) {
        const struct sc_run *other = analysis->count == 2 ? analysis->runs[1 - i].run : NULL;
        analysis->normalisers[i] =
            sc_normaliser_new(analysis->runs[i].run, analysis->names->keys[i], other,
                              other ? analysis->names->keys[1 - i] : NULL, options->maps, options->map_count);
        analysis->symbols[i] = sc_symbols_new(analysis->runs[i].run);
        if (!analysis->normalisers[i] || !analysis->symbols[i])
            return sc_no_memory(analysis->error);
        sc_symbols_set_mode(analysis->symbols[i], options->symbols);
    }
    if (analysis->count == 1 && keeps_real_names(options)) {
        analysis->real_names =
            sc_normaliser_new(analysis->runs[0].run, NULL, NULL, NULL, options->maps, options->map_count);
        if (!analysis->real_names)
            return sc_no_memory(analysis->error);
        sc_normaliser_keep_names(analysis->real_names);
    }
    const struct sc_files *files[2] = {analysis->runs[0].files, analysis->runs[1].files};
    const struct sc_run *runs[2] = {analysis->runs[0].run, analysis->runs[1].run};
    if (analysis->count == 2 && files[0] && files[1] &&
        sc_normaliser_pair_files(analysis->normalisers, files, runs, analysis->names->keys))
        return sc_no_memory(analysis->error);
    return 0;
}

static int build(struct sc_analysis *analysis)
{
    struct sc_report_input inputs[2] = {0};
    for (unsigned i = 0; i < analysis->count; i++)
        inputs[i] = (struct sc_report_input){
            analysis->runs[i].path,         analysis->names->labels[i],
            analysis->runs[i].run,          analysis->runs[i].tally,
            analysis->runs[i].files,        analysis->real_names ? analysis->real_names : analysis->normalisers[i],
            analysis->runs[i].sites,        analysis->symbols[i],
            analysis->runs[i].ledger,       analysis->runs[i].processes,
            &analysis->options->thresholds, analysis->runs[i].threads,
            analysis->options->ranking,     analysis->runs[i].shown,
            analysis->options->filter.text, analysis->runs[i].calls};
    int error = sc_report_build(inputs, analysis->count, analysis->options->taxonomy, analysis->options->startup,
                                analysis->names->pair, analysis->report);
    if (!error)
        sc_agreement_note(&analysis->agreement, analysis->report);
    return error ? sc_no_memory(analysis->error) : 0;
}

struct loading {
    const struct sc_options *options;
    const char *path;
    const struct sc_terms *terms;
    struct sc_filtering *filtering;
    struct sc_loaded *loaded;
    bool alone, silent;
    struct sc_error error;
    int result;
};

static void *load_one(void *argument)
{
    struct loading *loading = argument;
    const int64_t *values = loading->options->thresholds.values;
    const struct sc_ledger_sizes small = {
        .write = values[SC_T_SMALL_SIZE], .read = values[SC_T_SMALL_READ_SIZE], .output = values[SC_T_OUTPUT_SIZE]};
    const struct sc_load_options how = {.stacks = loading->options->stacks,
                                        .over_time = loading->options->view == SC_VIEW_OVER_TIME,
                                        .alone = loading->alone,
                                        .silent = loading->silent,
                                        .small = small,
                                        .rules = &loading->options->filter,
                                        .symbols = loading->options->symbols,
                                        .filtering = loading->filtering,
                                        .terms = loading->terms};
    loading->result = sc_load(loading->path, &how, loading->loaded, &loading->error);
    return NULL;
}

/* Both runs at a time, where there are two; the progress shown is the first one's. */
static int load_runs(struct sc_analysis *analysis, const char *const paths[2])
{
    struct loading first = {.options = analysis->options,
                            .path = paths[0],
                            .terms = &analysis->agreement.terms[0],
                            .filtering = &analysis->filtering[0],
                            .loaded = &analysis->runs[0],
                            .alone = analysis->count == 1};
    struct loading second = {.options = analysis->options,
                             .path = paths[1],
                             .terms = &analysis->agreement.terms[1],
                             .filtering = &analysis->filtering[1],
                             .loaded = &analysis->runs[1],
                             .silent = true};
    sc_at_a_time(load_one, &first, analysis->count == 2 ? &second : NULL);
    sc_agreement_loaded(&analysis->agreement);
    const struct loading *failed = first.result ? &first : &second;
    if (failed->result) {
        *analysis->error = failed->error;
        return failed->result;
    }
    const struct sc_run *runs[2] = {analysis->runs[0].run, analysis->runs[1].run};
    sc_startup_counts(analysis->options->startup, runs, analysis->count, analysis->with_startup);
    return 0;
}

static int add_over_time(struct sc_analysis *analysis)
{
    struct sc_over_time *const runs[2] = {analysis->runs[0].files ? analysis->runs[0].over_time : NULL,
                                          analysis->runs[1].files ? analysis->runs[1].over_time : NULL};
    return sc_over_time_report(runs, analysis->with_startup, analysis->report) ? sc_no_memory(analysis->error) : 0;
}

static int export_runs(struct sc_analysis *analysis)
{
    const struct sc_options *options = analysis->options;
    struct sc_export_input inputs[2];
    for (unsigned i = 0; i < analysis->count; i++)
        inputs[i] = (struct sc_export_input){.loaded = &analysis->runs[i],
                                             .symbols = analysis->symbols[i],
                                             .normaliser =
                                                 analysis->real_names ? analysis->real_names : analysis->normalisers[i],
                                             .filter = analysis->filtering[i].filter,
                                             .with_startup = analysis->with_startup[i]};
    for (size_t i = 0; i < options->export_count; i++)
        if (strcmp(options->exports[i].path, "-") != 0)
            sc_strings_add(&analysis->report->written, options->exports[i].path);
    if (options->view == SC_VIEW_CALLS)
        sc_pager_begin(); /* not before: until its first line is there ^C ends this program */
    return sc_run_exports(options->exports, options->export_count, inputs, analysis->report, &analysis->inputs,
                          analysis->error);
}

int sc_analyse_named(const struct sc_options *options, const char *const paths[2], const struct sc_names *names,
                     struct sc_report *ret_report, struct sc_error *ret_error)
{
    unsigned count = paths[1] ? 2 : 1;
    struct sc_analysis analysis = {.options = options,
                                   .names = names,
                                   .inputs = {paths, count},
                                   .with_startup = {true, true},
                                   .count = count,
                                   .report = ret_report,
                                   .error = ret_error};
    *ret_report = (struct sc_report){0};
    int error = count == 2 ? sc_agree(paths, options->startup, &analysis.agreement, ret_error) : 0;
    if (!error)
        error = load_runs(&analysis, paths);
    if (!error)
        error = make_normalisers(&analysis);
    if (!error)
        error = build(&analysis);
    if (!error && options->view == SC_VIEW_OVER_TIME)
        error = add_over_time(&analysis);
    if (!error && !options->repeat)
        error = analysis.count == 2 ? sc_write_pair(&analysis) : sc_write_single(&analysis);
    if (!error && !options->repeat && options->export_count)
        error = export_runs(&analysis);
    if (!error && ret_report->written.failed)
        error = sc_no_memory(ret_error);
    if (error)
        sc_report_free(ret_report);
    sc_agreement_free(&analysis.agreement);
    sc_normaliser_free(analysis.real_names);
    for (unsigned i = 0; i < 2; i++) {
        sc_normaliser_free(analysis.normalisers[i]);
        sc_symbols_free(analysis.symbols[i]);
        sc_log_lines_free(&analysis.formatted[i]);
        sc_unload(&analysis.runs[i]);
        sc_filtering_close(&analysis.filtering[i]);
    }
    return error;
}

int sc_analyse(const struct sc_options *options, const char *const paths[2], struct sc_report *ret_report,
               struct sc_error *ret_error)
{
    struct sc_names names;
    int error = sc_names_make(paths, (const char *const *)options->labels, &names);
    if (error == -EINVAL)
        snprintf(ret_error->text, sizeof ret_error->text, "--label: the names must differ");
    if (error)
        return error == -EINVAL ? error : sc_no_memory(ret_error);
    error = sc_analyse_named(options, paths, &names, ret_report, ret_error);
    sc_names_free(&names);
    return error;
}
