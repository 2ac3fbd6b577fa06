/* baseline_file.c: a baseline read, and believed only where it is one; and written so that a diff of it can be read. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"

__attribute__((format(printf, 2, 3))) static int refuse(char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, SC_BASELINE_WHY, format, args);
    va_end(args);
    return -EINVAL;
}

static bool is_count(const json_t *value)
{
    if (json_is_null(value))
        return true;
    if (json_is_integer(value))
        return json_integer_value(value) >= 0;
    const json_t *min = json_array_get(value, 0), *max = json_array_get(value, 1);
    return json_array_size(value) == 2 && json_is_integer(min) && json_is_integer(max) &&
           json_integer_value(min) >= 0 && json_integer_value(min) <= json_integer_value(max);
}

static bool are_counts(const json_t *counts)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)counts, key, value)
    {
        if (!is_count(value))
            return false;
    }
    return json_is_object(counts);
}

static bool is_section(const struct sc_baseline_section *section, const json_t *content)
{
    const char *name;
    json_t *counts;
    if (!section->by_name)
        return are_counts(content);
    json_object_foreach((json_t *)content, name, counts)
    {
        if (!are_counts(counts))
            return false;
    }
    return json_is_object(content);
}

static int check(const char *path, const json_t *baseline, char *why)
{
    static const char family[] = "syscap-baseline/";
    const char *schema = json_string_value(json_object_get(baseline, "schema"));
    if (!schema || strncmp(schema, family, sizeof family - 1) != 0)
        return refuse(why, "%s: is no baseline", path);
    if (strcmp(schema, SC_BASELINE_SCHEMA) != 0)
        return refuse(why, "%s: is %s, and this version reads %s", path, schema, SC_BASELINE_SCHEMA);
    if (json_integer_value(json_object_get(baseline, "runs")) < 1)
        return refuse(why, "%s: is no baseline: runs", path);
    for (size_t i = 0; i < SC_BASELINE_SECTIONS; i++)
        if (!is_section(&sc_baseline_sections[i], json_object_get(baseline, sc_baseline_sections[i].name)))
            return refuse(why, "%s: is no baseline: %s", path, sc_baseline_sections[i].name);
    /* schema, runs, source and the sections: what else is there would not be compared. */
    if (!json_is_object(json_object_get(baseline, "source")) || json_object_size(baseline) != SC_BASELINE_SECTIONS + 3)
        return refuse(why, "%s: is no baseline: keys are missing, or there are others", path);
    return 0;
}

int sc_baseline_read(const char *path, json_t **ret_baseline, char *why)
{
    json_error_t error;
    FILE *file = fopen(path, "re");
    if (!file)
        return refuse(why, "%s: cannot be read: %s", path, strerror(errno));
    *ret_baseline = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (!*ret_baseline)
        return refuse(why, "%s:%d: is no baseline: %s", path, error.line, error.text);
    int result = check(path, *ret_baseline, why);
    if (result) {
        json_decref(*ret_baseline);
        *ret_baseline = NULL;
    }
    return result;
}

static const char *source_of(const json_t *baseline, const char *key)
{
    const char *text = json_string_value(json_object_get(json_object_get(baseline, "source"), key));
    return text ? text : "?";
}

/* Does a program of the one occur in the other? Of a table of counts none is known. */
static bool shares_program(const json_t *baseline, const json_t *now)
{
    const json_t *programs = json_object_get(baseline, "programs"), *others = json_object_get(now, "programs");
    const char *name;
    json_t *counts;
    json_object_foreach((json_t *)programs, name, counts)
    {
        if (json_object_get(others, name))
            return true;
    }
    return !json_object_size(programs) || !json_object_size(others);
}

int sc_baseline_match(const json_t *baseline, const json_t *now, char *why)
{
    static const char *const keys[] = {"kind", "mode", "taxonomy", "startup"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(source_of(baseline, keys[i]), source_of(now, keys[i])) != 0)
            return refuse(why, "%s is %s in the baseline and %s in the run: their counts can't be compared", keys[i],
                          source_of(baseline, keys[i]), source_of(now, keys[i]));
    if (!shares_program(baseline, now))
        return refuse(why, "none of the baseline's programs is in the run: it is of something else");
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "key": value, in one line; a control of Unicode, which a terminal may obey, never as it is. */
static int put_value(FILE *out, const char *key, const json_t *value, const char *indent, bool last)
{
    enum { FLAGS = JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_ENSURE_ASCII };
    json_t *name = json_string(key);
    char *key_text = json_dumps(name, FLAGS), *text = json_dumps(value, FLAGS);
    if (key_text && text)
        fprintf(out, "%s%s: %s%s\n", indent, key_text, text, last ? "" : ",");
    int error = key_text && text ? 0 : -ENOMEM;
    free(key_text);
    free(text);
    json_decref(name);
    return error;
}

/* The keys in order; the caller's. NULL where memory is short. */
static const char **sorted_keys(const json_t *object)
{
    const char **keys = calloc(json_object_size(object) + 1, sizeof *keys);
    const char *key;
    json_t *value;
    size_t count = 0;
    json_object_foreach((json_t *)object, key, value)
    {
        if (keys)
            keys[count++] = key;
    }
    if (keys)
        qsort(keys, count, sizeof *keys, by_name);
    return keys;
}

static int put_section(FILE *out, const char *name, const json_t *section, bool last)
{
    size_t count = json_object_size(section);
    const char **keys = sorted_keys(section);
    int error = keys ? 0 : -ENOMEM;
    fprintf(out, "  \"%s\": {%s", name, count ? "\n" : "");
    for (size_t i = 0; i < count && !error; i++)
        error = put_value(out, keys[i], json_object_get(section, keys[i]), "    ", i + 1 == count);
    fprintf(out, "%s}%s\n", count ? "  " : "", last ? "" : ",");
    free(keys);
    return error;
}

int sc_baseline_write(const json_t *baseline, FILE *out)
{
    static const char *const head[] = {"schema", "runs", "source"};
    int error = 0;
    fputs("{\n", out);
    for (size_t i = 0; i < sizeof head / sizeof head[0] && !error; i++)
        error = put_value(out, head[i], json_object_get(baseline, head[i]), "  ", false);
    for (size_t i = 0; i < SC_BASELINE_SECTIONS && !error; i++)
        error = put_section(out, sc_baseline_sections[i].name, json_object_get(baseline, sc_baseline_sections[i].name),
                            i + 1 == SC_BASELINE_SECTIONS);
    fputs("}\n", out);
    return error;
}
