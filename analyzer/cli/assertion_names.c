/* assertion_names.c: elements of a report's lists by their names, in an assertion. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "../../common/calls.h"
#include "../why/thresholds.h"
#include "assertion_internal.h"

static bool in_key(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '#';
}

/* Behind ["NAME"]; in the name a backslash stands before a quote, a star, and itself. NULL where it is not so. */
static const char *scan_name(const char *p)
{
    if (p[0] != '[' || p[1] != '"' || p[2] == '"')
        return NULL;
    for (p += 2; *p && *p != '"'; p++)
        if (*p == '\\' && !*++p)
            return NULL;
    return p[0] == '"' && p[1] == ']' ? p + 2 : NULL;
}

const char *sc_assert_scan(const char *path)
{
    for (const char *p = path;; p++) {
        const char *key = p;
        while (in_key(*p))
            p++;
        if (p == key || p - key >= SC_ASSERT_KEY)
            return NULL;
        while (p && *p == '[')
            p = scan_name(p);
        if (!p || in_key(*p))
            return NULL;
        if (*p != '.')
            return p;
    }
}

const char *sc_assert_next_key(const char *path, char *key)
{
    size_t len = 0;
    while (in_key(path[len]))
        len++;
    memcpy(key, path, len);
    key[len] = '\0';
    return path + len + (path[len] == '.');
}

/* Is text what the name at p, up to a quote, says? A star is any bytes. */
static bool matches(const char *p, const char *text)
{
    const char *star = NULL, *from = NULL; /* the last star, and where what it stands for ends so far */
    while (*text) {
        const char *plain = p + (*p == '\\');
        if (*p == '*') {
            star = ++p;
            from = text;
        } else if ((*p != '"' || plain != p) && *plain == *text) {
            p = plain + 1;
            text++;
        } else if (star) {
            p = star;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*p == '*')
        p++;
    return *p == '"';
}

static bool is_named(const json_t *element, const char *name)
{
    static const char *const keys[] = {"role", "path", "first_path", "id", "program", "pattern"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *text = json_string_value(json_object_get(element, keys[i]));
        if (text && matches(name, text))
            return true;
    }
    return false;
}

/* By all names that stand at path. */
static bool is_chosen(const json_t *element, const char *path)
{
    for (; *path == '['; path = scan_name(path))
        if (!is_named(element, path + 2))
            return false;
    return true;
}

static bool has_file(const json_t *report, const char *name)
{
    size_t i, k;
    const json_t *run, *file;
    json_array_foreach(json_object_get(report, "runs"), i, run)
    {
        json_array_foreach(json_object_get(run, "files"), k, file)
        {
            if (is_named(file, name))
                return true;
        }
    }
    return false;
}

/* A name that nothing has says something only where it is none by mistake. */
static bool can_be(const json_t *report, const char *kind, const char *name)
{
    size_t len = (size_t)(scan_name(name - 2) - name) - 2;
    if (strcmp(kind, "findings") == 0)
        return sc_is_finding(name, len);
    if (strcmp(kind, "causes") != 0)
        return true;
    /* Patterns are findings' ids, calls, words (analyzer/why/breakdown_cells.c) and whole phrases. */
    return sc_is_finding(name, len) || sc_call_by_name(name, len) || memchr(name, ' ', len) ||
           (len == 7 && strncmp(name, "locking", len) == 0) || has_file(report, name);
}

/* Of findings and causes, which may be none: is it a number of theirs? */
static bool is_number_of(const char *kind, const char *key, size_t len)
{
    static const char *const numbers[][6] = {{"calls", "bytes", "time_ns", "saving.calls", "saving.time_ns"},
                                             {"calls", "calls_diff", "bytes_diff", "time_diff"}};
    bool causes = strcmp(kind, "causes") == 0;
    if (!causes && strcmp(kind, "findings") != 0)
        return false;
    for (size_t i = 0; numbers[causes][i]; i++)
        if (strlen(numbers[causes][i]) == len && strncmp(numbers[causes][i], key, len) == 0)
            return true;
    return false;
}

/* The number that the keys from p to end lead to in an element. A cause's calls are their difference, as its sites'
 * are. */
static const json_t *number_in(const json_t *element, const char *kind, const char *p, const char *end)
{
    char key[SC_ASSERT_KEY];
    bool causes = strcmp(kind, "causes") == 0;
    for (; p < end && element && *p != '['; causes = false) {
        p = sc_assert_next_key(p, key);
        element = json_object_get(element, causes && strcmp(key, "calls") == 0 ? "calls_diff" : key);
    }
    return p < end ? NULL : element;
}

static int refuse(const char **ret_cause, const char *cause)
{
    *ret_cause = cause;
    return -EINVAL;
}

int sc_assert_select(const json_t *report, const json_t *list, const char *kind, const char *path, const char *end,
                     int64_t *ret_number, const char **ret_cause)
{
    const char *key = path;
    int64_t chosen = 0, sum = 0;
    size_t i;
    const json_t *element;
    while (*key == '[')
        key = scan_name(key);
    bool counted = key == end;
    key += !counted;
    json_array_foreach(list, i, element)
    {
        if (!is_chosen(element, path))
            continue;
        const json_t *number = counted ? NULL : number_in(element, kind, key, end);
        chosen++;
        if (json_is_null(number))
            return refuse(ret_cause, "is not known for this run");
        if (!counted && !json_is_integer(number))
            return refuse(ret_cause, "is no number of these");
        if (__builtin_add_overflow(sum, json_integer_value(number), &sum))
            return refuse(ret_cause, "is beyond 64 bits");
    }
    if (!chosen && !can_be(report, kind, path + 2))
        return refuse(ret_cause, "names nothing that there is");
    if (!chosen && !counted && !is_number_of(kind, key, (size_t)(end - key)))
        return refuse(ret_cause, "is of nothing in this run");
    *ret_number = counted ? chosen : sum;
    return 0;
}
