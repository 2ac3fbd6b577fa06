#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/numbers.h"
#include "../model/array.h"
#include "../sources/input.h"
#include "filter_options.h"

/* Options without a letter. */
#define LONG_OPTIONS(X)                                                                                                \
    X(OVER_TIME, "over-time", no_argument)                                                                             \
    X(OUTPUT_DIR, "output-dir", required_argument)                                                                     \
    X(BATCH, "batch", required_argument)                                                                               \
    X(PREFIXES, "prefixes", required_argument)                                                                         \
    X(LABEL, "label", required_argument)                                                                               \
    X(FORMAT, "format", required_argument)                                                                             \
    X(TAXONOMY, "taxonomy", required_argument)                                                                         \
    X(MAP, "map", required_argument)                                                                                   \
    X(STARTUP, "startup", required_argument)                                                                           \
    X(SHOW_DATA, "show-data", no_argument)                                                                             \
    X(COLOR, "color", required_argument)                                                                               \
    X(EXIT_CODE, "exit-code", no_argument)                                                                             \
    X(ASSERT, "assert", required_argument)                                                                             \
    X(ALLOW_INCOMPLETE, "allow-incomplete", no_argument)                                                               \
    X(SYMBOLS, "symbols", required_argument)                                                                           \
    X(SIDE_BY_SIDE, "side-by-side", no_argument)                                                                       \
    X(FULL_DIFF, "full-diff", no_argument)                                                                             \
    X(REPEAT, "repeat", no_argument)                                                                                   \
    X(VS, "vs", no_argument)                                                                                           \
    X(STACKS, "stacks", no_argument)                                                                                   \
    X(SORT, "sort", required_argument)                                                                                 \
    X(TOP, "top", required_argument)                                                                                   \
    X(ASCII, "ascii", no_argument)                                                                                     \
    X(CALLS, "calls", no_argument)                                                                                     \
    X(EXPORT, "export", required_argument)                                                                             \
    X(HTML, "html", required_argument)                                                                                 \
    X(SUMMARY_ONLY, "summary-only", no_argument)                                                                       \
    X(SAVE_BASELINE, "save-baseline", required_argument)                                                               \
    X(BASELINE, "baseline", required_argument)                                                                         \
    X(LIMIT, "limit", required_argument)                                                                               \
    X(ACCEPT, "accept", no_argument)                                                                                   \
    X(REPORT, "report", required_argument)                                                                             \
    X(MAX_UNPACKED, "max-unpacked", required_argument)                                                                 \
    X(TREE, "tree", no_argument)                                                                                       \
    X(THRESHOLD, "threshold", required_argument)

#define CODE(code, ...) OPT_##code,
#define ENTRY(code, name, argument)                                                                                    \
    ,                                                                                                                  \
    {                                                                                                                  \
        name, argument, NULL, OPT_##code                                                                               \
    }
enum {
    OPERAND = 1, /* as getopt_long says it where their order matters */
    OPT_FILTER = 256,
    LONG_OPTIONS(CODE)
};

static const struct option long_options[] = {
    {"compare", required_argument, NULL, 'c'},
    {"output", required_argument, NULL, 'o'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"trace", required_argument, NULL, OPT_FILTER},
    {"path", required_argument, NULL, OPT_FILTER},
    {"process", required_argument, NULL, OPT_FILTER},
    {"thread", required_argument, NULL, OPT_FILTER},
    {"since", required_argument, NULL, OPT_FILTER},
    {"until", required_argument, NULL, OPT_FILTER},
    {"failed", no_argument, NULL, OPT_FILTER},
    {"succeeded", no_argument, NULL, OPT_FILTER},
    {"caller", required_argument, NULL, OPT_FILTER} LONG_OPTIONS(ENTRY),
    {NULL, 0, NULL, 0},
};

int sc_options_refuse(char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, SC_ASSERT_TEXT, format, args);
    va_end(args);
    return -EINVAL;
}

static int choose(const char *option, const char *value, const char *const *names, unsigned *ret_index, char *why)
{
    for (unsigned i = 0; names[i]; i++) {
        if (strcmp(value, names[i]) == 0) {
            *ret_index = i;
            return 0;
        }
    }
    char list[128] = "";
    for (unsigned i = 0; names[i]; i++) {
        strcat(list, i ? ", " : "");
        strcat(list, names[i]);
    }
    return sc_options_refuse(why, "%s '%s': expected one of %s", option, value, list);
}

/* A copy that lives as long as the options. NULL where memory is short. */
static char *own(struct sc_options *options, const char *text)
{
    if (SC_RESERVE_NEXT(options->owned, options->owned_count))
        return NULL;
    char *copy = strdup(text);
    if (copy)
        options->owned[options->owned_count++] = copy;
    return copy;
}

/* "A,B" into two names that are neither empty nor equal; one alone where second_needed is false. */
static int split_names(struct sc_options *options, const char *option, const char *text, bool second_needed,
                       char *names[2], char *why)
{
    char *copy = own(options, text);
    if (!copy)
        return -ENOMEM;
    char *comma = strchr(copy, ',');
    names[0] = copy;
    names[1] = NULL;
    if (comma) {
        *comma = '\0';
        names[1] = comma + 1;
    }
    if (!*names[0] || (names[1] && !*names[1]) || (!comma && second_needed))
        return sc_options_refuse(why, "%s '%s': expected two names with a comma between", option, text);
    if (names[1] && strcmp(names[0], names[1]) == 0)
        return sc_options_refuse(why, "%s '%s': the names must differ", option, text);
    return 0;
}

static int add_map(struct sc_options *options, const char *text, char *why)
{
    char *copy = own(options, text);
    if (!copy || SC_RESERVE_NEXT(options->maps, options->map_count))
        return -ENOMEM;
    char *equals = strchr(copy, '=');
    if (!equals || equals == copy)
        return sc_options_refuse(why, "--map '%s': expected FROM=TO", text);
    *equals = '\0';
    options->maps[options->map_count++] = (struct sc_map_rule){copy, equals + 1};
    return 0;
}

static int request_export(struct sc_options *options, const struct sc_export_ops *ops, const char *path)
{
    if (SC_RESERVE_NEXT(options->exports, options->export_count))
        return -ENOMEM;
    options->exports[options->export_count++] = (struct sc_export_request){.ops = ops, .path = path};
    return 0;
}

/* One thing is printed. */
static int set_view(struct sc_options *options, enum sc_view view, char *why)
{
    if (options->view != SC_VIEW_SUMMARY && options->view != view)
        return sc_options_refuse(why, "--calls, --over-time, --tree: only one of them is printed");
    if (options->view == view)
        return 0;
    options->view = view;
    if (view != SC_VIEW_CALLS)
        return 0;
    return request_export(options, &sc_view_calls, "-");
}

static int add_export(struct sc_options *options, const char *text, char *why)
{
    size_t len = strcspn(text, "=");
    const struct sc_export_ops *ops = sc_export_find(text, len);
    if (!text[len] || !text[len + 1])
        return sc_options_refuse(why, "--export '%s': expected FORMAT=FILE", text);
    if (!ops)
        return sc_options_refuse(why, "--export '%s': no such format; see --help", text);
    return request_export(options, ops, text + len + 1);
}

static int add_assertion(struct sc_options *options, const char *text, char *why)
{
    if (SC_RESERVE_NEXT(options->assertions, options->assertion_count))
        return -ENOMEM;
    return sc_assert_parse(text, &options->assertions[options->assertion_count++], why);
}

static int add_limit(struct sc_options *options, const char *text, char *why)
{
    if (SC_RESERVE_NEXT(options->limits, options->limit_count))
        return -ENOMEM;
    int error = sc_limit_parse(text, &options->limits[options->limit_count]);
    options->limit_count += !error;
    return error == -EINVAL
               ? sc_options_refuse(why, "--limit '%s': expected KEY=SOFT or KEY=SOFT:HARD, as calls=+2%%:+10%%", text)
               : error;
}

static int set_choice(struct sc_options *options, int option, const char *value, char *why)
{
    static const struct {
        int option;
        const char *name, *words[5];
    } choices[] = {{OPT_FORMAT, "--format", {"text", "json"}},
                   {OPT_TAXONOMY, "--taxonomy", {"default", "seed"}},
                   {OPT_STARTUP, "--startup", {"auto", "include", "exclude"}},
                   {OPT_COLOR, "--color", {"auto", "always", "never"}},
                   {OPT_SYMBOLS, "--symbols", {"auto", "never", "always"}},
                   {OPT_REPORT, "--report", {"junit", "markdown"}},
                   {OPT_SORT, "--sort", {"time", "calls", "bytes"}}};
    unsigned which = 0, index = 0;
    while (choices[which].option != option)
        which++;
    int error = choose(choices[which].name, value, choices[which].words, &index, why);
    switch (option) {
    case OPT_FORMAT: options->json = index == 1; break;
    case OPT_TAXONOMY: options->taxonomy = (enum sc_taxonomy)index; break;
    case OPT_STARTUP: options->startup = (enum sc_startup)index; break;
    case OPT_COLOR: options->color = (enum sc_color)index; break;
    case OPT_SYMBOLS: options->symbols = (enum sc_symbols_mode)index; break;
    case OPT_REPORT: options->ci_report = (enum sc_ci_report)(SC_CI_JUNIT + index); break;
    default: options->ranking.by = (enum sc_rank)(SC_RANK_TIME + index); break;
    }
    return error;
}

static int set_top(struct sc_options *options, const char *value, char *why)
{
    char *end;
    errno = 0;
    unsigned long top = strtoul(value, &end, 10);
    if (errno || *end || *value < '0' || *value > '9')
        return sc_options_refuse(why, "--top '%s': expected a number; 0 is all", value);
    options->ranking.top = top ? top : SIZE_MAX;
    return 0;
}

static int add_input(struct sc_options *options, const char *path, char *why)
{
    if (options->input_count == 2)
        return sc_options_refuse(why, "'%s': no more than two runs can be compared", path);
    options->inputs[options->input_count++] = path;
    return 0;
}

static int add_operand(struct sc_options *options, unsigned side, const char *path)
{
    if (SC_RESERVE_NEXT(options->repeats[side], options->repeat_counts[side]))
        return -ENOMEM;
    options->repeats[side][options->repeat_counts[side]++] = path;
    return 0;
}

/* All operands are there: they are the runs of --repeat, or else one or two inputs. */
static int place_operands(struct sc_options *options, bool versus, const char *second, char *why)
{
    size_t given = second && strcmp(second, "-") == 0;
    for (unsigned side = 0; side < 2; side++)
        for (size_t i = 0; i < options->repeat_counts[side]; i++)
            given += strcmp(options->repeats[side][i], "-") == 0;
    if (given > 1)
        return sc_options_refuse(why, "'-': standard input is one run, and no second one");
    if (versus && !options->repeat)
        return sc_options_refuse(why, "--vs stands between the runs of --repeat");
    if (options->repeat && options->save_baseline) {
        if (versus || options->repeat_counts[0] < 2 || second || options->batch || options->assertion_count)
            return sc_options_refuse(
                why, "--repeat RUN1 RUN2 ... --save-baseline FILE: two runs or more, and neither --vs nor another "
                     "command");
        return 0;
    }
    if (options->repeat && (options->repeat_counts[0] < 2 || options->repeat_counts[1] < 2))
        return sc_options_refuse(why, "--repeat A1 A2 ... --vs B1 B2 ...: each side needs two runs or more");
    if (options->repeat &&
        (second || options->batch || options->output || options->side_by_side || options->assertion_count))
        return sc_options_refuse(why, "--repeat goes with none of -c, -o, --batch, --side-by-side, --assert");
    int error = 0;
    for (size_t i = 0; !options->repeat && i < options->repeat_counts[0] && !error; i++)
        error = add_input(options, options->repeats[0][i], why);
    if (!error && second)
        error = options->input_count ? add_input(options, second, why)
                                     : sc_options_refuse(why, "-c '%s': no first run is given", second);
    return error;
}

static int set_option(struct sc_options *options, int option, const char *value, const char **ret_second, char *why)
{
    switch (option) {
    case 'c':
        if (*ret_second)
            return sc_options_refuse(why, "-c '%s': no more than two runs can be compared", value);
        *ret_second = value;
        return 0;
    case 'o': options->output = value; return 0;
    case 'h': options->help = true; return 0;
    case 'V': options->version = true; return 0;
    case OPT_OUTPUT_DIR:
        options->output_dir = value;
        options->output_dir_given = true;
        return *value ? 0 : sc_options_refuse(why, "--output-dir needs the name of a folder");
    case OPT_BATCH: options->batch = value; return 0;
    case OPT_PREFIXES: return split_names(options, "--prefixes", value, true, options->prefixes, why);
    case OPT_LABEL: return split_names(options, "--label", value, false, options->labels, why);
    case OPT_MAP: return add_map(options, value, why);
    case OPT_ASSERT: return add_assertion(options, value, why);
    case OPT_SAVE_BASELINE: options->save_baseline = value; return 0;
    case OPT_BASELINE: options->baseline = value; return 0;
    case OPT_LIMIT: return add_limit(options, value, why);
    case OPT_ACCEPT: options->accept = true; return 0;
    case OPT_SIDE_BY_SIDE: options->side_by_side = true; return 0;
    case OPT_FULL_DIFF: options->full_diff = true; return 0;
    case OPT_REPEAT: options->repeat = true; return 0;
    case OPT_STACKS: options->stacks = true; return 0;
    case OPT_THRESHOLD:
        options->list_thresholds |= strcmp(value, "help") == 0;
        if (options->list_thresholds || !sc_thresholds_set(&options->thresholds, value))
            return 0;
        return sc_options_refuse(why, "--threshold '%s': expected ID.KEY=N, with an ID.KEY that --threshold help lists",
                                 value);
    case OPT_TOP: return set_top(options, value, why);
    case OPT_CALLS: return set_view(options, SC_VIEW_CALLS, why);
    case OPT_OVER_TIME: return set_view(options, SC_VIEW_OVER_TIME, why);
    case OPT_TREE: return set_view(options, SC_VIEW_TREE, why);
    case OPT_ASCII: options->ascii = true; return 0;
    case OPT_EXPORT: return add_export(options, value, why);
    case OPT_HTML: return request_export(options, &sc_export_html, value);
    case OPT_SUMMARY_ONLY: options->summary_only = true; return 0;
    case OPT_MAX_UNPACKED:
        return sc_read_size(value, &options->max_unpacked) && options->max_unpacked
                   ? 0
                   : sc_options_refuse(why, "--max-unpacked '%s': expected a size, with K, M or G behind it", value);
    case OPT_SHOW_DATA: options->show_data = true; return 0;
    case OPT_EXIT_CODE: options->exit_code = true; return 0;
    case OPT_ALLOW_INCOMPLETE: options->allow_incomplete = true; return 0;
    default: return set_choice(options, option, value, why);
    }
}

int sc_options_parse(int argc, char **argv, struct sc_options *ret_options, char *why)
{
    *ret_options = (struct sc_options){.output_dir = "syscap_diffs", .max_unpacked = SC_UNPACKED_MAX};
    const char *second = NULL;
    bool versus = false;
    sc_thresholds_default(&ret_options->thresholds);
    snprintf(why, SC_ASSERT_TEXT, "out of memory");
    int option, index = 0,
                error = split_names(ret_options, "--prefixes", "rust_,cpp_", true, ret_options->prefixes, why);
    optind = 0; /* GNU: start anew */
    opterr = 0;
    while (!error && (option = getopt_long(argc, argv, "-:c:o:hV", long_options, &index)) != -1) {
        if (option == ':')
            error = sc_options_refuse(why, "option '%s' needs a value", argv[optind - 1]);
        else if (option == '?')
            error = optopt && optopt < 256
                        ? sc_options_refuse(why, "unknown option '-%c'; see --help", optopt)
                        : sc_options_refuse(why, "unknown option '%s'; see --help", argv[optind - 1]);
        else if (option == OPT_VS)
            versus = true;
        else if (option == OPT_FILTER)
            error = sc_filter_option(&ret_options->filter, long_options[index].name, optarg, why, SC_ASSERT_TEXT);
        else if (option == OPERAND)
            error = add_operand(ret_options, versus, optarg);
        else
            error = set_option(ret_options, option, optarg, &second, why);
    }
    for (int i = optind; i < argc && !error; i++)
        error = add_operand(ret_options, versus, argv[i]);
    if (!error)
        error = place_operands(ret_options, versus, second, why);
    if (error)
        sc_options_free(ret_options);
    return error;
}

void sc_options_free(struct sc_options *options)
{
    for (size_t i = 0; i < options->owned_count; i++)
        free(options->owned[i]);
    free(options->owned);
    free(options->repeats[0]);
    free(options->repeats[1]);
    free(options->maps);
    free(options->assertions);
    free(options->exports);
    sc_filter_rules_free(&options->filter);
    for (size_t i = 0; i < options->limit_count; i++)
        sc_limit_free(&options->limits[i]);
    free(options->limits);
    *options = (struct sc_options){0};
}
