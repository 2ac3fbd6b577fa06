#include "assertion.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/calls.h"

enum { KEY_MAX = 128 };

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
    if ((p[0] != 'A' && p[0] != 'B') || p[1] != '.')
        return parse_number(at, operand, text, why);
    operand->run = p[0];
    operand->path = p + 2;
    for (p += 2; in_path(*p); p++)
        operand->path_len++;
    const char *path = operand->path;
    size_t len = operand->path_len;
    bool dots = false;
    for (size_t i = 0; i < len; i++)
        dots |= path[i] == '.' && (i == 0 || i + 1 == len || path[i + 1] == '.');
    if (!len || len >= KEY_MAX || dots) {
        snprintf(why, SC_ASSERT_TEXT, "--assert '%s': no key after '%c.'", text, operand->run);
        return -EINVAL;
    }
    *at = p;
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
    snprintf(why, SC_ASSERT_TEXT, "--assert '%s': %c.%.*s %s", assertion->text, operand->run, (int)operand->path_len,
             operand->path, cause);
    return -EINVAL;
}

static int look_up(const struct sc_assertion *assertion, const struct sc_operand *operand, const json_t *report,
                   int64_t *ret_number, char *why)
{
    if (!operand->run) {
        *ret_number = operand->number;
        return 0;
    }
    const json_t *value = json_array_get(json_object_get(report, "runs"), operand->run == 'B');
    if (!value)
        return refuse(assertion, operand, "needs a second run", why);
    char path[KEY_MAX], *rest = NULL;
    const char *parent = "";
    memcpy(path, operand->path, operand->path_len);
    path[operand->path_len] = '\0';
    for (char *key = strtok_r(path, ".", &rest); key; key = strtok_r(NULL, ".", &rest)) {
        bool zero = false;
        if (!*parent && (strcmp(key, "files") == 0 || strcmp(key, "findings") == 0))
            return refuse(assertion, operand, "cannot be asserted on", why);
        if (json_is_null(value))
            return refuse(assertion, operand, "is not known for this run", why);
        value = descend(value, parent, key, &zero);
        if (zero && !*rest) {
            *ret_number = 0;
            return 0;
        }
        if (!value)
            return refuse(assertion, operand, "is no key of the summary", why);
        parent = key;
    }
    if (json_is_null(value))
        return refuse(assertion, operand, "is not known for this run", why);
    if (!json_is_integer(value))
        return refuse(assertion, operand, "is no integer", why);
    *ret_number = json_integer_value(value);
    return 0;
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

/* What is wrong with a run that the assertion names, or NULL. */
static const char *problem(const struct sc_assertion *assertion, const json_t *report, const char **ret_label)
{
    const char runs[] = {assertion->left.run, assertion->right.run};
    for (size_t i = 0; i < 2; i++) {
        if (!runs[i])
            continue;
        const json_t *run = json_array_get(json_object_get(report, "runs"), runs[i] == 'B');
        const char *text = json_string_value(json_array_get(json_object_get(run, "problems"), 0));
        *ret_label = json_string_value(json_object_get(run, "label"));
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
