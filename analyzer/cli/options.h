/*
 * options.h: the command line of syscap-analyze.
 */
#ifndef SC_OPTIONS_H
#define SC_OPTIONS_H

#include "../baseline/limit.h"
#include "../passes/filter.h"
#include "../text/normalise.h"
#include "../why/build_report.h"
#include "../why/thresholds.h"
#include "assertion.h"
#include "run_exports.h"

/* What is printed. */
enum sc_view { SC_VIEW_SUMMARY, SC_VIEW_CALLS, SC_VIEW_TREE, SC_VIEW_OVER_TIME };

enum sc_color { SC_COLOR_AUTO, SC_COLOR_ALWAYS, SC_COLOR_NEVER };

enum sc_ci_report { SC_CI_NONE, SC_CI_JUNIT, SC_CI_MARKDOWN };

struct sc_options {
    const char *inputs[2];
    unsigned input_count;
    const char *output;     /* -o: the formatted log of one run; or NULL */
    const char *output_dir; /* never NULL */
    bool output_dir_given;
    const char *batch; /* or NULL */
    bool repeat;
    const char **repeats[2]; /* the runs of each side of --repeat, else all inputs are in the first */
    size_t repeat_counts[2];
    char *prefixes[2];
    char *labels[2]; /* or NULLs */
    bool json;
    enum sc_taxonomy taxonomy;
    enum sc_startup startup;
    enum sc_color color;
    enum sc_view view;
    enum sc_symbols_mode symbols;
    struct sc_map_rule *maps;
    size_t map_count;
    struct sc_assertion *assertions;
    size_t assertion_count;
    const char *save_baseline, *baseline; /* or NULLs */
    struct sc_limit *limits;
    size_t limit_count;
    enum sc_ci_report ci_report;
    struct sc_thresholds thresholds;
    struct sc_ranking ranking;
    struct sc_filter_rules filter;
    struct sc_export_request *exports;
    size_t export_count;
    uint64_t max_unpacked;
    bool ascii, summary_only, accept, stacks, side_by_side, full_diff, show_data, exit_code, allow_incomplete, help,
        version, list_thresholds;
    char **owned; /* what the strings above point into */
    size_t owned_count;
};

/* 0, or -EINVAL (-ENOMEM) and in why (SC_ASSERT_TEXT bytes) one line that names the cause. */
int sc_options_parse(int argc, char **argv, struct sc_options *ret_options, char *why);
/* Why a command line is refused, into why. Returns -EINVAL. */
int sc_options_refuse(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sc_options_free(struct sc_options *options);

void sc_options_help(FILE *out);

#endif
