#include "regression.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../baseline/baseline.h"
#include "../render/render.h"
#include "analyse.h"
#include "output.h"

/* -ENOMEM says so by itself. */
__attribute__((format(printf, 3, 4))) static int fail(struct sc_error *error, int result, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, result == -ENOMEM ? "out of memory" : format, args);
    va_end(args);
    return result;
}

static json_t *make(const struct sc_options *options, const json_t *report)
{
    static const char *const startups[] = {
        [SC_STARTUP_AUTO] = "auto", [SC_STARTUP_INCLUDE] = "include", [SC_STARTUP_EXCLUDE] = "exclude"};
    return sc_baseline_make(report, startups[options->startup]);
}

static int put(const struct sc_options *options, const char *path, const json_t *baseline, struct sc_error *error)
{
    struct sc_output output;
    struct sc_inputs inputs = {options->repeat ? options->repeats[0] : options->inputs,
                               options->repeat ? options->repeat_counts[0] : options->input_count};
    int result = sc_output_open(path, &inputs, &output, error);
    if (result)
        return result;
    result = sc_baseline_write(baseline, output.file);
    if (result)
        fail(error, -ENOMEM, "out of memory");
    return sc_output_close(&output, result, error);
}

/* Later runs would be held against a part of what the program does. */
static int refuse_incomplete(const struct sc_options *options, const json_t *report, struct sc_error *error)
{
    const json_t *run = json_array_get(json_object_get(report, "runs"), 0);
    const char *problem = json_string_value(json_array_get(json_object_get(run, "problems"), 0));
    if (!problem || options->allow_incomplete)
        return 0;
    snprintf(error->text, sizeof error->text, "%s: not kept: %s; --allow-incomplete lifts that",
             json_string_value(json_object_get(run, "source")), problem);
    return -EINVAL;
}

int sc_regression_save(const struct sc_options *options, const json_t *report, struct sc_error *ret_error)
{
    int result = refuse_incomplete(options, report, ret_error);
    if (result)
        return result;
    json_t *baseline = make(options, report);
    result = baseline ? put(options, options->save_baseline, baseline, ret_error)
                      : fail(ret_error, -ENOMEM, "out of memory");
    json_decref(baseline);
    return result;
}

/* The report of one run of --repeat, as JSON. */
static int analyse_run(const struct sc_options *options, const char *path, json_t **ret_report, struct sc_error *error)
{
    const char *const paths[2] = {path, NULL};
    struct sc_report report;
    int result = sc_analyse(options, paths, &report, error);
    if (result)
        return result;
    *ret_report = sc_render_json(&report);
    sc_report_free(&report);
    return *ret_report ? 0 : fail(error, -ENOMEM, "out of memory");
}

static int learn_run(const struct sc_options *options, const char *path, json_t **baseline, struct sc_error *error)
{
    json_t *report = NULL, *another = NULL;
    char why[SC_BASELINE_WHY] = "";
    int result = analyse_run(options, path, &report, error);
    if (!result)
        result = refuse_incomplete(options, report, error);
    if (!result && !(another = make(options, report)))
        result = fail(error, -ENOMEM, "out of memory");
    json_decref(report);
    if (result)
        return result;
    if (!*baseline) {
        *baseline = another;
        return 0;
    }
    result = sc_baseline_widen(*baseline, another, why);
    json_decref(another);
    return result ? fail(error, result, "%s: not as the runs before: %s", path, why) : 0;
}

int sc_regression_learn(const struct sc_options *options, json_t **ret_baseline, struct sc_error *ret_error)
{
    int result = 0;
    *ret_baseline = NULL;
    for (size_t i = 0; i < options->repeat_counts[0] && !result; i++)
        result = learn_run(options, options->repeats[0][i], ret_baseline, ret_error);
    if (!result)
        result = put(options, options->save_baseline, *ret_baseline, ret_error);
    if (result) {
        json_decref(*ret_baseline);
        *ret_baseline = NULL;
    }
    return result;
}

static int note_run(const struct sc_options *options, const json_t *report, struct sc_report_baseline *held)
{
    const json_t *run = json_array_get(json_object_get(report, "runs"), 0);
    const json_t *problem;
    size_t i;
    held->file = strdup(options->baseline);
    held->source = strdup(options->inputs[0]);
    if (!options->allow_incomplete)
        json_array_foreach(json_object_get(run, "problems"), i, problem)
        {
            sc_strings_add(&held->problems, json_string_value(problem));
        }
    if (held->problems.count)
        held->verdict = SC_HARD;
    return held->file && held->source && !held->problems.failed ? 0 : -ENOMEM;
}

int sc_regression_hold(const struct sc_options *options, const json_t *report, struct sc_report_baseline *ret_held,
                       struct sc_error *ret_error)
{
    char why[SC_BASELINE_WHY] = "";
    json_t *baseline, *renewed = NULL;
    *ret_held = (struct sc_report_baseline){0};
    int result = sc_baseline_read(options->baseline, &baseline, why);
    if (result)
        return fail(ret_error, result, "%s", why);
    json_t *now = make(options, report);
    result = now ? sc_baseline_compare(baseline, now, options->limits, options->limit_count, ret_held, why) : -ENOMEM;
    if (!result)
        result = note_run(options, report, ret_held);
    if (result)
        fail(ret_error, result, "%s: %s", options->baseline, why);
    if (!result && options->accept && !ret_held->problems.count) {
        renewed = sc_baseline_renew(baseline, now);
        result =
            renewed ? put(options, options->baseline, renewed, ret_error) : fail(ret_error, -ENOMEM, "out of memory");
        ret_held->renewed = !result;
    }
    json_decref(baseline);
    json_decref(now);
    json_decref(renewed);
    return result;
}
