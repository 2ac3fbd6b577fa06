/*
 * syscap-analyze: what a run, or two, did with the system. Exit status 0 done, 1 as --exit-code and --assert say or a
 * hard limit is passed, 2 unusable arguments or input, 3 a soft limit is passed.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../common/version.h"
#include "../model/safe.h"
#include "../render/render.h"
#include "../sources/input.h"
#include "analyse.h"
#include "batch.h"
#include "options_check.h"
#include "pager.h"
#include "regression.h"
#include "repeat.h"

enum { EXIT_DIFFERS = 1, EXIT_UNUSABLE = 2, EXIT_SOFT = 3 };

static int complain(const char *text)
{
    fputs("syscap-analyze: ", stderr);
    sc_print_safe(stderr, text, 0);
    putc('\n', stderr);
    return EXIT_UNUSABLE;
}

static bool use_color(enum sc_color wanted)
{
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    if (wanted != SC_COLOR_AUTO)
        return wanted == SC_COLOR_ALWAYS;
    return !(none && *none) && !(term && strcmp(term, "dumb") == 0) && isatty(STDOUT_FILENO);
}

/* By the locale's name alone: it need not be installed for a terminal to show it. */
static bool is_utf8_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !(locale && *locale); i++)
        locale = getenv(names[i]);
    return locale && (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

static struct sc_style style_of(const struct sc_options *options)
{
    return (struct sc_style){.color = use_color(options->color),
                             .utf8 = !options->ascii && isatty(STDOUT_FILENO) && is_utf8_locale()};
}

/* As wide as the terminal, or as asked for; what reads a pipe has no width. */
static unsigned screen_columns(void)
{
    enum { LEAST = 40, MOST = 2000, PIPED = 160 };
    const char *asked = getenv("COLUMNS");
    struct winsize size;
    unsigned long columns = asked ? strtoul(asked, NULL, 10) : 0;
    if (!columns && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    if (!columns)
        return PIPED;
    return columns < LEAST ? LEAST : columns > MOST ? MOST : (unsigned)columns;
}

/* A summary that went nowhere must not look like a success. */
static int finish_stdout(void)
{
    sc_pager_end();
    errno = 0; /* of a write that failed before nothing is left there */
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    char text[128];
    snprintf(text, sizeof text, "standard output: cannot be written%s%s", errno ? ": " : "",
             errno ? strerror(errno) : "");
    return complain(text);
}

/* JSON allows the controls from U+007F to U+009F as they are; a terminal may obey them. Such bytes stand in strings
 * only. */
static int put_json(const char *bytes, size_t len, void *unused)
{
    (void)unused;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i], next = i + 1 < len ? (unsigned char)bytes[i + 1] : 0;
        bool pair = c == 0xc2 && next >= 0x80 && next < 0xa0;
        if (c == 0x7f || pair)
            printf("\\u%04x", pair ? next : c);
        else
            putchar(c);
        i += pair;
    }
    return ferror(stdout) ? -1 : 0;
}

static int print_json(const json_t *json)
{
    /* jansson hands over whole characters: it looks at each before it decides where a piece ends. */
    if (json_dump_callback(json, put_json, NULL, JSON_INDENT(2)))
        return finish_stdout();
    putchar('\n');
    return finish_stdout();
}

/* A run of many files is a large object: it is made where it is printed or asked. */
static bool needs_json(const struct sc_options *options)
{
    return options->json || options->assertion_count || options->baseline || options->save_baseline;
}

/* All that fail are named; a key that cannot be looked up outweighs them. */
static int check_assertions(const struct sc_options *options, const json_t *report, const char *pair)
{
    int status = 0;
    for (size_t i = 0; i < options->assertion_count; i++) {
        char why[SC_ASSERT_TEXT];
        int result = sc_assert_check(&options->assertions[i], report, options->allow_incomplete, why);
        if (!result)
            continue;
        char line[2 * SC_ASSERT_TEXT];
        snprintf(line, sizeof line, "%s%s%s", pair ? pair : "", pair ? ": " : "", why);
        complain(line);
        if (result < 0)
            return EXIT_UNUSABLE;
        status = EXIT_DIFFERS;
    }
    return status;
}

/* What is exported there is not mixed with anything. */
static bool writes_stdout(const struct sc_options *options)
{
    for (size_t i = 0; i < options->export_count; i++)
        if (strcmp(options->exports[i].path, "-") == 0)
            return true;
    return false;
}

static int run_batch(const struct sc_options *options)
{
    struct sc_error error;
    struct sc_report_batch batch;
    if (sc_batch_run(options, &batch, &error))
        return complain(error.text);
    int status = sc_write_summary(options, NULL, &batch, &error) ? complain(error.text) : 0;
    json_t *json = status || !needs_json(options) ? NULL : sc_render_batch_json(&batch);
    if (!status && needs_json(options) && !json)
        status = complain("out of memory");
    const bool prints = !status && !writes_stdout(options);
    if (prints && options->json)
        status = print_json(json);
    else if (prints)
        sc_render_batch_text(stdout, &batch, style_of(options));
    if (!status)
        status = finish_stdout();
    for (size_t i = 0; i < batch.pair_count && status != EXIT_UNUSABLE; i++) {
        int result = check_assertions(options, json_array_get(json_object_get(json, "pairs"), i), batch.pairs[i].name);
        if (!options->assertion_count && options->exit_code && batch.pairs[i].differ)
            result = EXIT_DIFFERS;
        status = result > status ? result : status;
    }
    if (status != EXIT_UNUSABLE && batch.unreadable.count)
        status = complain(batch.unreadable.items[0]);
    json_decref(json);
    sc_report_batch_free(&batch);
    return status;
}

static int print_held(const struct sc_options *options, const struct sc_report_baseline *held)
{
    if (options->json) {
        json_t *json = sc_render_held_json(held);
        int status = json ? print_json(json) : complain("out of memory");
        json_decref(json);
        return status;
    }
    if (options->ci_report == SC_CI_JUNIT)
        sc_render_held_junit(stdout, held);
    else if (options->ci_report == SC_CI_MARKDOWN)
        sc_render_held_markdown(stdout, held);
    else
        sc_render_held_text(stdout, held, use_color(options->color));
    return finish_stdout();
}

/* A failing assertion outweighs a soft limit. */
static int hold_report(const struct sc_options *options, const struct sc_report *report)
{
    struct sc_error error;
    struct sc_report_baseline held = {0};
    json_t *json = sc_render_json(report);
    int status = 0;
    if (!json)
        status = complain("out of memory");
    else if (sc_regression_hold(options, json, &held, &error))
        status = complain(error.text);
    if (!status)
        status = print_held(options, &held);
    if (!status)
        status = check_assertions(options, json, NULL);
    if (!status && held.verdict != SC_PASS && !held.renewed)
        status = held.verdict == SC_HARD ? EXIT_DIFFERS : EXIT_SOFT;
    sc_report_baseline_free(&held);
    json_decref(json);
    return status;
}

/* style: the terminal's, before there is a pager. */
static int print_view(const struct sc_options *options, const struct sc_report *report, const json_t *json,
                      struct sc_style style, unsigned columns)
{
    if (options->json)
        return print_json(json);
    if (options->side_by_side)
        sc_render_side_by_side(stdout, report, columns, style.color);
    else if (options->view == SC_VIEW_OVER_TIME)
        sc_render_over_time(stdout, report, columns, style);
    else if (options->view == SC_VIEW_TREE)
        sc_render_tree(stdout, report, style);
    else
        sc_render_text(stdout, report, style);
    return 0;
}

static int print_report(const struct sc_options *options, const struct sc_report *report)
{
    json_t *json = needs_json(options) ? sc_render_json(report) : NULL;
    if (needs_json(options) && !json)
        return complain("out of memory");
    struct sc_error error;
    const struct sc_style style = style_of(options);
    const unsigned columns = screen_columns();
    int status = 0;
    if (options->save_baseline && sc_regression_save(options, json, &error))
        status = complain(error.text);
    if (!status && options->view && !options->json)
        sc_pager_begin();
    if (!status && !writes_stdout(options))
        status = print_view(options, report, json, style, columns);
    if (!status)
        status = finish_stdout();
    if (!status)
        status = check_assertions(options, json, NULL);
    if (!status && !options->assertion_count && options->exit_code && report->differ)
        status = EXIT_DIFFERS;
    json_decref(json);
    return status;
}

static int run_learn(const struct sc_options *options)
{
    struct sc_error error;
    json_t *baseline;
    if (sc_regression_learn(options, &baseline, &error))
        return complain(error.text);
    int status = options->json ? print_json(baseline) : 0;
    if (!options->json) {
        fputs("Kept: ", stdout);
        sc_print_safe(stdout, options->save_baseline, 0);
        printf(" holds %zu runs\n", options->repeat_counts[0]);
    }
    json_decref(baseline);
    return status ? status : finish_stdout();
}

static int run_repeat(const struct sc_options *options)
{
    struct sc_error error;
    struct sc_report_repeat repeat;
    if (sc_repeat_run(options, &repeat, &error))
        return complain(error.text);
    json_t *json = options->json ? sc_render_repeat_json(&repeat) : NULL;
    int status = options->json && !json ? complain("out of memory") : 0;
    const bool prints = !status && !writes_stdout(options);
    if (prints && json)
        status = print_json(json);
    else if (prints)
        sc_render_repeat_text(stdout, &repeat, use_color(options->color));
    if (!status)
        status = finish_stdout();
    for (size_t i = 0; i < repeat.count && !status; i++)
        if (options->exit_code && repeat.counts[i].differs)
            status = EXIT_DIFFERS;
    json_decref(json);
    sc_report_repeat_free(&repeat);
    return status;
}

static int run_analysis(const struct sc_options *options)
{
    struct sc_error error;
    struct sc_report report;
    if (sc_analyse(options, options->inputs, &report, &error)) {
        sc_pager_end();
        return complain(error.text);
    }
    int status = 0;
    if (report.run_count == 2 && sc_write_summary(options, &report, NULL, &error))
        status = complain(error.text);
    if (options->save_baseline)
        sc_strings_add(&report.written, options->save_baseline);
    if (report.written.failed)
        status = complain("out of memory");
    if (!status)
        status = options->baseline ? hold_report(options, &report) : print_report(options, &report);
    sc_report_free(&report);
    return status;
}

int main(int argc, char **argv)
{
    struct sc_options options;
    char why[SC_ASSERT_TEXT];
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error to report and clean up after, not a reason to die */
    if (sc_options_parse(argc, argv, &options, why))
        return complain(why);
    sc_input_limit(options.max_unpacked);
    int status = 0;
    if (options.help)
        sc_options_help(stdout);
    else if (options.list_thresholds)
        sc_thresholds_list(stdout);
    else if (options.version)
        puts("syscap-analyze " SC_VERSION_TEXT);
    else if (sc_options_check(&options, why))
        status = complain(why);
    else
        status = options.batch    ? run_batch(&options)
                 : options.repeat ? options.save_baseline ? run_learn(&options) : run_repeat(&options)
                                  : run_analysis(&options);
    if (!status)
        status = finish_stdout();
    sc_options_free(&options);
    return status;
}
