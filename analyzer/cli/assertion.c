#include "assertion.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/calls.h"
#include "assertion_internal.h"

static const char *const comparators[] = {
    [SC_LT] = "<", [SC_LE] = "<=", [SC_GT] = ">", [SC_GE] = ">=", [SC_EQ] = "==", [SC_NE] = "!="};

static const char *skip_blanks(const char *p)
{
    while (isspace((unsigned char)*p))
        p++;
    return p;
}

static bool in_path(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-' || c == '#';
}

static int parse_number(const char **at, struct sc_operand *operand, const char *text, char *why)
{
    char *end;
    errno = 0;
    operand->number = strtoll(*at, &end, 10);
    if (errno == ERANGE) {
        snprintf(why, SC_ASSERT_TEXT, "--assert '%s': the number is beyond 64 bits", text);
        return -EINVAL;
    }
    if (end == *at || in_path(*end)) {
        snprintf(why, SC_ASSERT_TEXT, "--assert '%s': expected an integer, or A. or B. and a key, at '%s'", text, *at);
        return -EINVAL;
    }
    *at = end;
    return 0;
}

static int parse_operand(const char **at, struct sc_operand *operand, const char *text, char *why)
{
    *at = skip_blanks(*at);
    const char *p = *at;
    *operand = (struct sc_operand){0};
    bool causes = strncmp(p, "causes[", 7) == 0;
    if (!causes && ((p[0] != 'A' && p[0] != 'B') || p[1] != '.'))
        return parse_number(at, operand, text, why);
    operand->run = causes ? SC_BOTH_RUNS : p[0];
    operand->path = causes ? p : p + 2;
    const char *end = sc_assert_scan(operand->path);
    if (!end) {
        snprintf(why, SC_ASSERT_TEXT, "--assert '%s': expected KEY.KEY or KEY[\"NAME\"].KEY at '%s'", text,
                 operand->path);
        return -EINVAL;
    }
    operand->path_len = (size_t)(end - operand->path);
    *at = end;
    return 0;
}

static int parse_comparator(const char **at, struct sc_assertion *assertion, char *why)
{
    *at = skip_blanks(*at);
    size_t best = 0;
    for (size_t i = 0; i < sizeof comparators / sizeof comparators[0]; i++) {
        size_t len = strlen(comparators[i]);
        if (len > best && strncmp(*at, comparators[i], len) == 0) {
            best = len;
            assertion->comparator = (enum sc_comparator)i;
        }
    }
    *at += best;
    if (best)
        return 0;
    snprintf(why, SC_ASSERT_TEXT, "--assert '%s': expected one of < <= > >= == != at '%s'", assertion->text, *at);
    return -EINVAL;
}

int sc_assert_parse(const char *text, struct sc_assertion *ret_assertion, char *why)
{
    const char *at = text;
    ret_assertion->text = text;
    int error = parse_operand(&at, &ret_assertion->left, text, why);
    if (!error)
        error = parse_comparator(&at, ret_assertion, why);
    if (!error)
        error = parse_operand(&at, &ret_assertion->right, text, why);
    if (!error && *skip_blanks(at)) {
        snprintf(why, SC_ASSERT_TEXT, "--assert '%s': cannot read '%s'", text, at);
        error = -EINVAL;
    }
    return error;
}

/* Moves value down by one key of the path. A known call that is missing among the calls counts 0, in *ret_zero. */
static const json_t *descend(const json_t *value, const char *parent, const char *key, bool *ret_zero)
{
    const json_t *child = json_object_get(value, key);
    *ret_zero = !child && strcmp(parent, "calls") == 0 && json_is_object(value) && sc_call_by_name(key, strlen(key));
    return child;
}

static int refuse(const struct sc_assertion *assertion, const struct sc_operand *operand, const char *cause, char *why)
{
    char run[] = {operand->run, '.', '\0'};
    snprintf(why, SC_ASSERT_TEXT, "--assert '%s': %s%.*s %s", assertion->text, operand->run == SC_BOTH_RUNS ? "" : run,
             (int)operand->path_len, operand->path, cause);
    return -EINVAL;
}

/* Lists whose elements can be asked for by name. */
static bool is_list(const char *key)
{
    static const char *const keys[] = {"files", "findings", "process_table", "causes"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* What the operand's path begins in, of the report; NULL where there is no second run. */
static const json_t *root_of(const struct sc_operand *operand, const json_t *report)
{
    if (operand->run != SC_BOTH_RUNS)
        return json_array_get(json_object_get(report, "runs"), operand->run == 'B');
    const json_t *comparison = json_object_get(report, "comparison");
    return json_is_null(comparison) ? NULL : comparison;
}

static int look_up(const struct sc_assertion *assertion, const struct sc_operand *operand, const json_t *report,
                   int64_t *ret_number, char *why)
{
    if (!operand->run) {
        *ret_number = operand->number;
        return 0;
    }
    const json_t *value = root_of(operand, report);
    if (!value)
        return refuse(assertion, operand, "needs a second run", why);
    char key[SC_ASSERT_KEY], parent[SC_ASSERT_KEY] = "";
    const char *cause;
    const char *end = operand->path + operand->path_len;
    for (const char *p = operand->path; p < end; memcpy(parent, key, sizeof key)) {
        bool zero = false, named, top = p == operand->path;
        p = sc_assert_next_key(p, key);
        named = p < end && *p == '[';
        if (top && named && strcmp(key, "processes") == 0)
            strcpy(key, "process_table");
        if (named != (top && is_list(key)))
            return refuse(assertion, operand,
                          named ? "has no names" : "is a list: ask for one of it, as files[\"NAME\"]", why);
        if (json_is_null(value))
            return refuse(assertion, operand, "is not known for this run", why);
        value = descend(value, parent, key, &zero);
        if (zero && p == end) {
            *ret_number = 0;
            return 0;
        }
        if (!value)
            return refuse(assertion, operand, "is no key of the summary", why);
        if (named && !json_is_null(value))
            return sc_assert_select(report, value, key, p, end, ret_number, &cause)
                       ? refuse(assertion, operand, cause, why)
                       : 0;
        p = named ? end : p;
    }
    if (json_is_null(value))
        return refuse(assertion, operand, "is not known for this run", why);
    if (!json_is_integer(value))
        return refuse(assertion, operand, "is no integer", why);
    *ret_number = json_integer_value(value);
    return 0;
}

bool sc_assert_names(const struct sc_assertion *assertion)
{
    const struct sc_operand *operands[] = {&assertion->left, &assertion->right};
    for (size_t i = 0; i < 2; i++)
        if (operands[i]->run && memchr(operands[i]->path, '[', operands[i]->path_len))
            return true;
    return false;
}

static bool holds(enum sc_comparator comparator, int64_t left, int64_t right)
{
    switch (comparator) {
    case SC_LT: return left < right;
    case SC_LE: return left <= right;
    case SC_GT: return left > right;
    case SC_GE: return left >= right;
    case SC_EQ: return left == right;
    default: return left != right;
    }
}

/* What is wrong with a run that the assertion names, or NULL. Of causes both are. */
static const char *problem(const struct sc_assertion *assertion, const json_t *report, const char **ret_label)
{
    const char runs[] = {assertion->left.run, assertion->right.run};
    for (size_t i = 0; i < 4; i++) {
        char asked = runs[i / 2], run = i % 2 ? 'B' : 'A';
        if (asked != run && asked != SC_BOTH_RUNS)
            continue;
        const json_t *object = json_array_get(json_object_get(report, "runs"), run == 'B');
        const char *text = json_string_value(json_array_get(json_object_get(object, "problems"), 0));
        *ret_label = json_string_value(json_object_get(object, "label"));
        if (text)
            return text;
    }
    return NULL;
}

int sc_assert_check(const struct sc_assertion *assertion, const json_t *report, bool allow_incomplete, char *why)
{
    int64_t left, right;
    int error = look_up(assertion, &assertion->left, report, &left, why);
    if (!error)
        error = look_up(assertion, &assertion->right, report, &right, why);
    if (error)
        return error;
    const char *sign = comparators[assertion->comparator], *label = NULL;
    const char *cause = allow_incomplete ? NULL : problem(assertion, report, &label);
    bool met = holds(assertion->comparator, left, right);
    if (cause)
        snprintf(why, SC_ASSERT_TEXT,
                 "assertion failed: %s (%" PRId64 " %s %" PRId64 "%s, but %s: %s; --allow-incomplete lifts that)",
                 assertion->text, left, sign, right, met ? "" : " is not so", label ? label : "?", cause);
    else if (!met)
        snprintf(why, SC_ASSERT_TEXT, "assertion failed: %s (%" PRId64 " %s %" PRId64 " is not so)", assertion->text,
                 left, sign, right);
    return cause || !met;
}
