#include "analyse.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../render/render.h"
#include "../why/side_by_side.h"
#include "filtering.h"
#include "load.h"
#include "output.h"
#include "pager.h"
#include "write_log.h"

struct analysis {
    const struct sc_options *options;
    const struct sc_names *names;
    struct sc_inputs inputs;
    struct sc_filtering filtering[2];
    struct sc_loaded runs[2];
    struct sc_normaliser *normalisers[2];
    struct sc_normaliser
        *real_names; /* of a run that is looked at alone: what the report shows. Its log may be compared yet */
    struct sc_symbols *symbols[2];
    struct sc_log_lines formatted[2]; /* of a pair; later with the first one's lines */
    unsigned count;
    struct sc_report *report;
    struct sc_error *error;
};

static int no_memory(struct sc_error *ret_error)
{
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    return -ENOMEM;
}

/* The same work for each run, on a core of its own where there is one. second: NULL where there is one run. */
static void at_a_time(void *(*work)(void *), void *first, void *second)
{
    pthread_t thread;
    bool beside = second && pthread_create(&thread, NULL, work, second) == 0;
    work(first);
    if (beside)
        pthread_join(thread, NULL);
    else if (second)
        work(second);
}

/* The name of a file in the output directory, noted as written; of none where no files are wanted, though what goes
 * into them is. NULL where memory is short. */
static char *place(const struct analysis *analysis, const char *stem, const char *ending)
{
    char *path;
    if (analysis->options->summary_only)
        return strdup("/dev/null");
    if (asprintf(&path, "%s/%s%s", analysis->options->output_dir, stem, ending) < 0)
        return NULL;
    sc_strings_add(&analysis->report->written, path);
    return path;
}

/* One formatted log that is to be written. */
struct formatting {
    struct analysis *analysis;
    unsigned run;
    const char *path;
    bool show_data, silent;
    struct sc_log_lines *lines; /* or NULL */
    struct sc_error error;
    int result;
};

static void *write_formatted(void *argument)
{
    struct formatting *formatting = argument;
    const struct analysis *analysis = formatting->analysis;
    const struct sc_run *runs[2] = {analysis->runs[0].run, analysis->runs[1].run};
    bool with_startup[2] = {true, true};
    sc_startup_counts(analysis->options->startup, runs, analysis->count, with_startup);
    struct sc_log_file what = {
        .path = analysis->runs[formatting->run].path,
        .run = analysis->runs[formatting->run].run,
        .counts = &analysis->report->runs[formatting->run].counts,
        .threads = analysis->runs[formatting->run].threads,
        .normaliser = analysis->normalisers[formatting->run],
        .taxonomy = analysis->options->taxonomy,
        .with_startup = with_startup[formatting->run],
        .filter = analysis->filtering[formatting->run].filter,
        .show_data = formatting->show_data,
        .silent = formatting->silent,
    };
    struct sc_output output;
    formatting->result = sc_output_open(formatting->path, &analysis->inputs, &output, &formatting->error);
    if (formatting->result)
        return NULL;
    int error = sc_write_log(output.file, &what, formatting->lines, &formatting->error);
    formatting->result = sc_output_close(&output, error, &formatting->error);
    return NULL;
}

static int write_one(struct analysis *analysis, unsigned run, const char *path, bool show_data)
{
    struct formatting formatting = {.analysis = analysis, .run = run, .path = path, .show_data = show_data};
    write_formatted(&formatting);
    if (formatting.result)
        *analysis->error = formatting.error;
    return formatting.result;
}

/* Both runs at a time. Lines got numbers in each run by itself: the second one's are those of the first one then. */
static int write_both(struct analysis *analysis, char *const paths[2])
{
    struct sc_log_lines *lines = analysis->formatted;
    struct formatting both[2];
    for (unsigned i = 0; i < 2; i++)
        both[i] =
            (struct formatting){.analysis = analysis, .run = i, .path = paths[i], .silent = i == 1, .lines = &lines[i]};
    at_a_time(write_formatted, &both[0], &both[1]);
    for (unsigned i = 0; i < 2; i++) {
        if (both[i].result) {
            *analysis->error = both[i].error;
            return both[i].result;
        }
    }
    uint32_t *numbers;
    if (sc_lines_merge(lines[0].lines, lines[1].lines, &numbers))
        return no_memory(analysis->error);
    sc_sequence_renumber(&lines[1].whole, numbers);
    sc_sequence_renumber(&lines[1].timeline, numbers);
    for (size_t i = 0; i < lines[1].calls.count; i++)
        sc_sequence_renumber(&lines[1].calls.items[i].calls, numbers);
    free(numbers);
    sc_lines_free(lines[1].lines);
    lines[1].lines = NULL;
    return 0;
}

/*
 * Of the folded stories, unless every call is asked for or only that shows a difference (where an lseek to the end
 * led). The stories are the first lines of both files: the diff can be applied to them as well. What scheduling made
 * stands last in the files and is no difference.
 */
static int64_t diff_logs(const struct analysis *analysis, char *const formatted[2], FILE *out)
{
    const struct sc_log_lines *lines = analysis->formatted;
    struct sc_diff_side sides[2];
    for (unsigned i = 0; i < 2; i++)
        sides[i] = (struct sc_diff_side){&lines[i].whole, lines[i].story,
                                         strrchr(formatted[i], '/') + 1}; /* NOLINT: both hold a slash */
    int64_t differing = 0;
    if (!analysis->options->full_diff)
        differing = sc_write_unified(out, lines[0].lines, &sides[0], &sides[1]);
    if (differing)
        return differing;
    for (unsigned i = 0; i < 2; i++)
        sides[i].compared = lines[i].meant;
    return sc_write_unified(out, lines[0].lines, &sides[0], &sides[1]);
}

static int write_diff(const struct analysis *analysis, char *const formatted[2], const char *path)
{
    struct sc_output output;
    int error = sc_output_open(path, &analysis->inputs, &output, analysis->error);
    if (error)
        return error;
    int64_t differing = diff_logs(analysis, formatted, output.file);
    analysis->report->differ |= differing > 0;
    if (differing < 0)
        snprintf(analysis->error->text, sizeof analysis->error->text, "%s: cannot be written: %s", path,
                 strerror((int)-differing));
    return sc_output_close(&output, differing < 0 ? (int)differing : 0, analysis->error);
}

static int write_focused(const struct analysis *analysis, const char *path)
{
    struct sc_output output;
    int error = sc_output_open(path, &analysis->inputs, &output, analysis->error);
    if (error)
        return error;
    sc_render_focused(output.file, analysis->report);
    return sc_output_close(&output, 0, analysis->error);
}

/* Both logs and what differs between them. */
static int write_logs(struct analysis *analysis, char *const formatted[2])
{
    int error = write_both(analysis, formatted);
    if (error)
        return error;
    struct sc_log_lines *lines = analysis->formatted;
    if (sc_find_parting(lines[0].lines, &lines[0].calls, &lines[1].calls, &analysis->report->parting))
        return no_memory(analysis->error);
    char *diff = place(analysis, analysis->names->pair, "_comparison.diff");
    error = diff ? write_diff(analysis, formatted, diff) : no_memory(analysis->error);
    free(diff);
    return error;
}

/* A table of counts has no calls to format, and a pair with one no lines to diff. */
static int write_pair(struct analysis *analysis)
{
    struct sc_log_lines *lines = analysis->formatted;
    char *formatted[2] = {NULL, NULL}, *focused = place(analysis, analysis->names->pair, "_focused.txt");
    bool both = analysis->runs[0].files && analysis->runs[1].files;
    int error = focused ? 0 : no_memory(analysis->error);
    if (!error && !analysis->options->summary_only)
        error = sc_make_directory(analysis->options->output_dir, analysis->error);
    for (unsigned i = 0; i < 2 && !error; i++) {
        if (!analysis->runs[i].files)
            continue;
        formatted[i] = place(analysis, analysis->names->stems[i], "_formatted.txt");
        if (!formatted[i])
            error = no_memory(analysis->error);
        else if (!both)
            error = write_one(analysis, i, formatted[i], false);
    }
    if (!error && both)
        error = write_logs(analysis, formatted);
    if (!error)
        error = write_focused(analysis, focused);
    if (!error && both && analysis->options->side_by_side &&
        sc_side_by_side_build(lines[0].lines, &lines[0].timeline, &lines[1].timeline, &analysis->report->sides))
        error = no_memory(analysis->error);
    free(formatted[0]);
    free(formatted[1]);
    free(focused);
    return error;
}

static int write_single(struct analysis *analysis)
{
    const struct sc_options *options = analysis->options;
    if (!options->output && !options->output_dir_given)
        return 0;
    if (!analysis->runs[0].files) {
        snprintf(analysis->error->text, sizeof analysis->error->text,
                 "%s: a strace -c table holds no calls that could be formatted", analysis->runs[0].path);
        return -EINVAL;
    }
    int error = 0;
    if (options->output) {
        error = write_one(analysis, 0, options->output, options->show_data);
        sc_strings_add(&analysis->report->written, options->output);
    }
    if (!error && options->output_dir_given) {
        char *path = place(analysis, analysis->names->stems[0], "_formatted.txt");
        error = path ? sc_make_directory(options->output_dir, analysis->error) : no_memory(analysis->error);
        if (!error)
            error = write_one(analysis, 0, path, false);
        free(path);
    }
    return error;
}

/* What asks for files by name, or names them for other runs, takes the names that these have there. */
static bool keeps_real_names(const struct sc_options *options)
{
    for (size_t i = 0; i < options->assertion_count; i++)
        if (sc_assert_names(&options->assertions[i]))
            return false;
    return !options->baseline && !options->save_baseline;
}

static int make_normalisers(struct analysis *analysis)
{
    const struct sc_options *options = analysis->options;
    for (unsigned i = 0; i < analysis->count; i++) {
        const struct sc_run *other = analysis->count == 2 ? analysis->runs[1 - i].run : NULL;
        analysis->normalisers[i] =
            sc_normaliser_new(analysis->runs[i].run, analysis->names->keys[i], other,
                              other ? analysis->names->keys[1 - i] : NULL, options->maps, options->map_count);
        analysis->symbols[i] = sc_symbols_new(analysis->runs[i].run);
        if (!analysis->normalisers[i] || !analysis->symbols[i])
            return no_memory(analysis->error);
        sc_symbols_set_mode(analysis->symbols[i], options->symbols);
    }
    if (analysis->count == 1 && keeps_real_names(options)) {
        analysis->real_names =
            sc_normaliser_new(analysis->runs[0].run, NULL, NULL, NULL, options->maps, options->map_count);
        if (!analysis->real_names)
            return no_memory(analysis->error);
        sc_normaliser_keep_names(analysis->real_names);
    }
    const struct sc_files *files[2] = {analysis->runs[0].files, analysis->runs[1].files};
    const struct sc_run *runs[2] = {analysis->runs[0].run, analysis->runs[1].run};
    if (analysis->count == 2 && files[0] && files[1] &&
        sc_normaliser_pair_files(analysis->normalisers, files, runs, analysis->names->keys))
        return no_memory(analysis->error);
    return 0;
}

static int build(struct analysis *analysis)
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
    return error ? no_memory(analysis->error) : 0;
}

struct loading {
    const struct sc_options *options;
    const char *path;
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
    loading->result = sc_filtering_open(&loading->options->filter, loading->path, loading->options->symbols,
                                        loading->filtering, &loading->error);
    if (loading->result)
        return NULL;
    const struct sc_load_options how = {.stacks = loading->options->stacks,
                                        .over_time = loading->options->view == SC_VIEW_OVER_TIME,
                                        .alone = loading->alone,
                                        .silent = loading->silent,
                                        .small = small,
                                        .filter = loading->filtering->filter};
    loading->result = sc_load(loading->path, &how, loading->loaded, &loading->error);
    return NULL;
}

/* Both runs at a time, where there are two; the progress shown is the first one's. */
static int load_runs(struct analysis *analysis, const char *const paths[2])
{
    struct loading first = {.options = analysis->options,
                            .path = paths[0],
                            .filtering = &analysis->filtering[0],
                            .loaded = &analysis->runs[0],
                            .alone = analysis->count == 1};
    struct loading second = {.options = analysis->options,
                             .path = paths[1],
                             .filtering = &analysis->filtering[1],
                             .loaded = &analysis->runs[1],
                             .silent = true};
    at_a_time(load_one, &first, analysis->count == 2 ? &second : NULL);
    const struct loading *failed = first.result ? &first : &second;
    if (failed->result)
        *analysis->error = failed->error;
    return failed->result;
}

static void startup_counts(const struct analysis *analysis, bool ret_counts[2])
{
    const struct sc_run *runs[2] = {analysis->runs[0].run, analysis->runs[1].run};
    ret_counts[0] = ret_counts[1] = true;
    sc_startup_counts(analysis->options->startup, runs, analysis->count, ret_counts);
}

static int add_over_time(struct analysis *analysis)
{
    bool with_startup[2];
    struct sc_over_time *const runs[2] = {analysis->runs[0].files ? analysis->runs[0].over_time : NULL,
                                          analysis->runs[1].files ? analysis->runs[1].over_time : NULL};
    startup_counts(analysis, with_startup);
    return sc_over_time_report(runs, with_startup, analysis->report) ? no_memory(analysis->error) : 0;
}

static int export_runs(struct analysis *analysis)
{
    const struct sc_options *options = analysis->options;
    bool with_startup[2];
    struct sc_export_input inputs[2];
    startup_counts(analysis, with_startup);
    for (unsigned i = 0; i < analysis->count; i++)
        inputs[i] = (struct sc_export_input){.loaded = &analysis->runs[i],
                                             .symbols = analysis->symbols[i],
                                             .normaliser =
                                                 analysis->real_names ? analysis->real_names : analysis->normalisers[i],
                                             .filter = analysis->filtering[i].filter,
                                             .with_startup = with_startup[i]};
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
    struct analysis analysis = {.options = options,
                                .names = names,
                                .inputs = {paths, count},
                                .count = count,
                                .report = ret_report,
                                .error = ret_error};
    *ret_report = (struct sc_report){0};
    int error = load_runs(&analysis, paths);
    if (!error)
        error = make_normalisers(&analysis);
    if (!error)
        error = build(&analysis);
    if (!error && options->view == SC_VIEW_OVER_TIME)
        error = add_over_time(&analysis);
    if (!error)
        error = options->repeat ? 0 : analysis.count == 2 ? write_pair(&analysis) : write_single(&analysis);
    if (!error && options->export_count)
        error = export_runs(&analysis);
    if (!error && ret_report->written.failed)
        error = no_memory(ret_error);
    if (error)
        sc_report_free(ret_report);
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
        return error == -EINVAL ? error : no_memory(ret_error);
    error = sc_analyse_named(options, paths, &names, ret_report, ret_error);
    sc_names_free(&names);
    return error;
}

int sc_write_summary(const struct sc_options *options, struct sc_report *report, const struct sc_report_batch *batch,
                     struct sc_error *ret_error)
{
    char *path;
    if (options->summary_only)
        return 0;
    if (asprintf(&path, "%s/comparison_summary.txt", options->output_dir) < 0)
        return no_memory(ret_error);
    struct sc_output output;
    /* A batch takes no file of this name for an input. */
    struct sc_inputs inputs = {options->inputs, batch ? 0 : options->input_count};
    int error = sc_output_open(path, &inputs, &output, ret_error);
    if (!error) {
        if (report)
            sc_strings_add(&report->written, path);
        if (batch)
            sc_render_batch_text(output.file, batch, (struct sc_style){0});
        else
            sc_render_text(output.file, report, (struct sc_style){0});
        error = sc_output_close(&output, 0, ret_error);
    }
    free(path);
    return error;
}
