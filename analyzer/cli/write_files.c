/* write_files.c: the files that an analysis leaves: the formatted logs, the diff, the focused comparison, the summary.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../render/render.h"
#include "../why/side_by_side.h"
#include "analyse_internal.h"
#include "at_a_time.h"

/* The name of a file in the output directory, noted as written; of none where no files are wanted, though what goes
 * into them is. NULL where memory is short. */
static char *place(const struct sc_analysis *analysis, const char *stem, const char *ending)
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
    struct sc_analysis *analysis;
    unsigned run;
    const char *path;
    const struct sc_unseen *unseen; /* or NULL */
    bool show_data, silent;
    struct sc_log_lines *lines; /* or NULL */
    struct sc_error error;
    int result;
};

struct sc_log_file sc_log_of(const struct sc_analysis *analysis, unsigned run, const struct sc_unseen *unseen)
{
    return (struct sc_log_file){
        .path = analysis->runs[run].path,
        .terms = &analysis->agreement.terms[run],
        .run = analysis->runs[run].run,
        .counts = &analysis->report->runs[run].counts,
        .threads = analysis->runs[run].threads,
        .normaliser = analysis->normalisers[run],
        .taxonomy = analysis->options->taxonomy,
        .with_startup = analysis->with_startup[run],
        .unseen = unseen,
        .filter = analysis->filtering[run].filter,
    };
}

static void *write_formatted(void *argument)
{
    struct formatting *formatting = argument;
    const struct sc_analysis *analysis = formatting->analysis;
    struct sc_log_file what = sc_log_of(analysis, formatting->run, formatting->unseen);
    what.show_data = formatting->show_data;
    what.silent = formatting->silent;
    struct sc_output output;
    formatting->result = sc_output_open(formatting->path, &analysis->inputs, &output, &formatting->error);
    if (formatting->result)
        return NULL;
    int error = sc_write_log(output.file, &what, formatting->lines, &formatting->error);
    formatting->result = sc_output_close(&output, error, &formatting->error);
    return NULL;
}

static int write_one(struct sc_analysis *analysis, unsigned run, const char *path, bool show_data)
{
    struct formatting formatting = {.analysis = analysis, .run = run, .path = path, .show_data = show_data};
    write_formatted(&formatting);
    if (formatting.result)
        *analysis->error = formatting.error;
    return formatting.result;
}

/* Both runs at a time. Lines got numbers in each run by itself: the second one's are those of the first one then. */
static int write_both(struct sc_analysis *analysis, char *const paths[2])
{
    struct sc_log_lines *lines = analysis->formatted;
    struct formatting both[2];
    struct sc_unseen unseen = {0};
    for (unsigned i = 0; i < 2; i++) {
        both[i] = (struct formatting){
            .analysis = analysis, .run = i, .path = paths[i], .unseen = &unseen, .silent = i == 1, .lines = &lines[i]};
        if (sc_unseen_add(&unseen, analysis->normalisers[i], analysis->runs[i].files)) {
            sc_unseen_free(&unseen);
            return sc_no_memory(analysis->error);
        }
    }
    sc_at_a_time(write_formatted, &both[0], &both[1]);
    sc_unseen_free(&unseen);
    for (unsigned i = 0; i < 2; i++) {
        if (both[i].result) {
            *analysis->error = both[i].error;
            return both[i].result;
        }
    }
    uint32_t *numbers;
    if (sc_lines_merge(lines[0].lines, lines[1].lines, &numbers))
        return sc_no_memory(analysis->error);
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
static int64_t diff_logs(const struct sc_analysis *analysis, char *const formatted[2], FILE *out)
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

static int write_diff(const struct sc_analysis *analysis, char *const formatted[2], const char *path)
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

static int write_focused(const struct sc_analysis *analysis, const char *path)
{
    struct sc_output output;
    int error = sc_output_open(path, &analysis->inputs, &output, analysis->error);
    if (error)
        return error;
    sc_render_focused(output.file, analysis->report);
    return sc_output_close(&output, 0, analysis->error);
}

/* Both logs and what differs between them. */
static int write_logs(struct sc_analysis *analysis, char *const formatted[2])
{
    int error = write_both(analysis, formatted);
    if (error)
        return error;
    struct sc_log_lines *lines = analysis->formatted;
    if (sc_find_parting(lines[0].lines, &lines[0].calls, &lines[1].calls, &analysis->report->parting))
        return sc_no_memory(analysis->error);
    char *diff = place(analysis, analysis->names->pair, "_comparison.diff");
    error = diff ? write_diff(analysis, formatted, diff) : sc_no_memory(analysis->error);
    free(diff);
    return error;
}

/* A table of counts has no calls to format, and a pair with one no lines to diff. */
int sc_write_pair(struct sc_analysis *analysis)
{
    struct sc_log_lines *lines = analysis->formatted;
    char *formatted[2] = {NULL, NULL}, *focused = place(analysis, analysis->names->pair, "_focused.txt");
    bool both = analysis->runs[0].files && analysis->runs[1].files;
    int error = focused ? 0 : sc_no_memory(analysis->error);
    if (!error && !analysis->options->summary_only)
        error = sc_make_directory(analysis->options->output_dir, analysis->error);
    for (unsigned i = 0; i < 2 && !error; i++) {
        if (!analysis->runs[i].files)
            continue;
        formatted[i] = place(analysis, analysis->names->stems[i], "_formatted.txt");
        if (!formatted[i])
            error = sc_no_memory(analysis->error);
        else if (!both)
            error = write_one(analysis, i, formatted[i], false);
    }
    const struct sc_options *options = analysis->options;
    bool parted = false, only_said = options->summary_only && !options->side_by_side && !options->export_count;
    if (!error && both && only_said)
        error = sc_part_early(analysis, &parted);
    if (!error && both && !parted)
        error = write_logs(analysis, formatted);
    if (!error)
        error = write_focused(analysis, focused);
    if (!error && both && analysis->options->side_by_side &&
        sc_side_by_side_build(lines[0].lines, &lines[0].timeline, &lines[1].timeline, &analysis->report->sides))
        error = sc_no_memory(analysis->error);
    free(formatted[0]);
    free(formatted[1]);
    free(focused);
    return error;
}

int sc_write_single(struct sc_analysis *analysis)
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
        error = path ? sc_make_directory(options->output_dir, analysis->error) : sc_no_memory(analysis->error);
        if (!error)
            error = write_one(analysis, 0, path, false);
        free(path);
    }
    return error;
}

int sc_write_summary(const struct sc_options *options, struct sc_report *report, const struct sc_report_batch *batch,
                     struct sc_error *ret_error)
{
    char *path;
    if (options->summary_only)
        return 0;
    if (asprintf(&path, "%s/comparison_summary.txt", options->output_dir) < 0)
        return sc_no_memory(ret_error);
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
