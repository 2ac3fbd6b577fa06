#include "labels.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/input_name.h"
#include "../model/safe.h"

static char *make_stem(const char *path)
{
    const char *end = path + strlen(path);
    while (end > path + 1 && end[-1] == '/')
        end--;
    const char *begin = end;
    while (begin > path && begin[-1] != '/')
        begin--;
    if (strcmp(path, "-") == 0)
        return strdup("stdin");
    return strndup(begin, sc_stem_length(begin, (size_t)(end - begin)));
}

static const char *language(const char *stem)
{
    if (strncmp(stem, "rust", 4) == 0)
        return "Rust";
    if (strncmp(stem, "cpp", 3) == 0)
        return "C++";
    return stem;
}

char *sc_label_clean(const char *text)
{
    char *copy = strdup(text);
    for (char *p = copy; p && *p;) {
        size_t bytes = sc_safe_bytes(p);
        if (!bytes)
            *p = '?';
        p += bytes ? bytes : 1;
    }
    return copy;
}

static char *make_key(const char *label)
{
    char *key = malloc(strlen(label) + 1);
    if (!key)
        return NULL;
    char *to = key;
    for (const char *p = label; *p; p++) {
        if (*p == '+')
            *to++ = 'p';
        else if (isalnum((unsigned char)*p))
            *to++ = (char)tolower((unsigned char)*p);
    }
    *to = '\0';
    return key;
}

static char *make_pair_name(char *const stems[2])
{
    const char *rests[2] = {NULL, NULL};
    static const char *const prefixes[2] = {"rust_", "cpp_"};
    for (size_t order = 0; order < 2; order++) {
        for (size_t i = 0; i < 2; i++) {
            const char *prefix = prefixes[i ^ order];
            size_t len = strlen(prefix);
            rests[i] = strncmp(stems[i], prefix, len) == 0 && stems[i][len] ? stems[i] + len : NULL;
        }
        if (rests[0] && rests[1] && strcmp(rests[0], rests[1]) == 0)
            return strdup(rests[0]);
    }
    char *name;
    return asprintf(&name, "%s_vs_%s", stems[0], stems[1]) < 0 ? NULL : name;
}

static int tell_apart(char *stems[2])
{
    if (strcmp(stems[0], stems[1]) != 0)
        return 0;
    for (size_t i = 0; i < 2; i++) {
        char *longer;
        if (asprintf(&longer, "%c_%s", i ? 'B' : 'A', stems[i]) < 0)
            return -ENOMEM;
        free(stems[i]);
        stems[i] = longer;
    }
    return 0;
}

static int choose_labels(struct sc_names *names, const char *const bare[2], const char *const given[2], size_t count)
{
    const char *chosen[2] = {NULL, NULL};
    for (size_t i = 0; i < count; i++)
        chosen[i] = given[i] ? given[i] : language(bare[i]);
    if (count == 2 && strcmp(chosen[0], chosen[1]) == 0) {
        if (given[0] && given[1])
            return -EINVAL;
        for (size_t i = 0; i < 2; i++)
            chosen[i] = names->stems[i];
    }
    for (size_t i = 0; i < count; i++) {
        names->labels[i] = sc_label_clean(chosen[i]);
        names->keys[i] = names->labels[i] ? make_key(names->labels[i]) : NULL;
        if (!names->keys[i])
            return -ENOMEM;
    }
    return 0;
}

int sc_names_make(const char *const paths[2], const char *const given[2], struct sc_names *ret_names)
{
    *ret_names = (struct sc_names){0};
    size_t count = paths[1] ? 2 : 1;
    char *bare[2] = {NULL, NULL};
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        bare[i] = make_stem(paths[i]);
        ret_names->stems[i] = bare[i] ? strdup(bare[i]) : NULL;
        if (!ret_names->stems[i])
            error = -ENOMEM;
    }
    if (!error && count == 2)
        error = tell_apart(ret_names->stems);
    if (!error)
        error = choose_labels(ret_names, (const char *const *)bare, given, count);
    if (!error && count == 2 && !(ret_names->pair = make_pair_name(ret_names->stems)))
        error = -ENOMEM;
    free(bare[0]);
    free(bare[1]);
    if (error)
        sc_names_free(ret_names);
    return error;
}

void sc_names_free(struct sc_names *names)
{
    for (size_t i = 0; i < 2; i++) {
        free(names->stems[i]);
        free(names->labels[i]);
        free(names->keys[i]);
    }
    free(names->pair);
    *names = (struct sc_names){0};
}
