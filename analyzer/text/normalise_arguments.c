/*
 * normalise_arguments.c: outputs that the command lines name: where both runs wrote what stands for one another in
 * them, or below it, the components in which the two paths differ are one.
 *
 * Words (normalise_words.c) find what is called after an argument too. What they can't tell is a number, two trees that
 * have no file in common, and the folders above: o1/c and o2/c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/command_pairs.h"
#include "normalise_internal.h"

enum { ARGUMENTS = 16 }; /* each is held to all files */

/* Two paths that stand for one another, looked at from their ends. */
struct outputs {
    struct sc_rules *const *rules;
    char *paths[2];
    size_t roots[2]; /* of a path below the working directory: what is above is no part of the output's name */
    size_t ends[2];  /* where the component at hand ends */
};

/* It, or something below, was made or written. */
static bool was_written(const struct sc_files *files, const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < sc_files_count(files); i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        if (sc_is_written(file) && strncmp(file->path, path, len) == 0 && (!file->path[len] || file->path[len] == '/'))
            return true;
    }
    return false;
}

static size_t component_begin(const struct outputs *outputs, unsigned side)
{
    size_t begin = outputs->ends[side];
    while (begin > outputs->roots[side] && outputs->paths[side][begin - 1] != '/')
        begin--;
    return begin;
}

static bool is_replaced(const struct outputs *outputs, unsigned side, size_t begin)
{
    char text[SC_COMPONENT_MAX];
    bool directory;
    const char *path = outputs->paths[side];
    return sc_rules_replace(outputs->rules[side], path, strlen(path), begin, outputs->ends[side], text, &directory);
}

/* TABLE, and the ending that both have. */
static void name_both(const struct outputs *outputs, const size_t begins[2], char *name, size_t capacity)
{
    const char *dots[2];
    size_t lens[2];
    for (unsigned i = 0; i < 2; i++) {
        dots[i] = memrchr(outputs->paths[i] + begins[i], '.', outputs->ends[i] - begins[i]);
        lens[i] = dots[i] ? (size_t)(outputs->paths[i] + outputs->ends[i] - dots[i]) : 0;
    }
    bool ending =
        lens[0] && lens[0] == lens[1] && lens[0] + sizeof "TABLE" <= capacity && memcmp(dots[0], dots[1], lens[0]) == 0;
    memcpy(name, "TABLE", sizeof "TABLE");
    if (ending) {
        memcpy(name + strlen(name), dots[0], lens[0]);
        name[5 + lens[0]] = '\0';
    }
}

/* Component by component. What the other rules name keeps that name, and a folder above an output is OUT. */
static int name_components(struct outputs *outputs)
{
    bool named = false;
    int error = 0;
    for (unsigned depth = 0; depth < SC_REPLACED_MAX && !error; depth++) {
        size_t begins[2] = {component_begin(outputs, 0), component_begin(outputs, 1)};
        size_t lens[2] = {outputs->ends[0] - begins[0], outputs->ends[1] - begins[1]};
        char name[SC_COMPONENT_MAX] = "OUT";
        bool same =
            lens[0] == lens[1] && memcmp(outputs->paths[0] + begins[0], outputs->paths[1] + begins[1], lens[0]) == 0;
        bool replaced = is_replaced(outputs, 0, begins[0]) || is_replaced(outputs, 1, begins[1]);
        if (!lens[0] || !lens[1])
            break;
        if (!named)
            name_both(outputs, begins, name, sizeof name);
        for (unsigned i = 0; i < 2 && !same && !replaced && error >= 0; i++)
            error =
                sc_rules_add_name(outputs->rules[i], outputs->paths[i], outputs->ends[i], false, name, strlen(name));
        error = error == -ENOMEM ? error : 0; /* too long a name has none */
        named |= replaced || !same;
        if (begins[0] <= outputs->roots[0] || begins[1] <= outputs->roots[1])
            break;
        for (unsigned i = 0; i < 2; i++)
            outputs->ends[i] = begins[i] - 1;
    }
    return error;
}

static char *path_of(const struct sc_run *run, const char *value)
{
    char *path = sc_path_below(run->cwd, value);
    size_t len = path ? strlen(path) : 0;
    while (len > 1 && path[len - 1] == '/')
        path[--len] = '\0';
    return path;
}

static bool has_name(const struct sc_intern *names, const char *name)
{
    return sc_intern_find(names, name, strlen(name)) != SC_NOT_INTERNED;
}

static int look_at(struct sc_rules *const rules[2], const struct sc_files *const files[2],
                   const struct sc_run *const runs[2], const struct sc_intern *const written[2],
                   const char *const values[2])
{
    struct outputs outputs = {.rules = rules};
    bool good = true, apart = true;
    for (unsigned i = 0; i < 2; i++) {
        char *path = path_of(runs[i], values[i]);
        outputs.paths[i] = path;
        good &= path != NULL;
        if (!path)
            continue;
        const char *name = sc_from_cwd(runs[i], path);
        outputs.roots[i] = (size_t)(name - path);
        outputs.ends[i] = strlen(path);
        apart &= was_written(files[i], path) && !has_name(written[1 - i], name); /* else both have it */
    }
    int error = good && apart ? name_components(&outputs) : good ? 0 : -ENOMEM;
    free(outputs.paths[0]);
    free(outputs.paths[1]);
    return error;
}

int sc_rules_find_arguments(struct sc_rules *const rules[2], const struct sc_files *const files[2],
                            const struct sc_run *const runs[2], const struct sc_intern *const written[2])
{
    struct sc_command_pairs pairs;
    if (!runs[0]->argv || !runs[1]->argv)
        return 0;
    int error = sc_command_pairs_find(runs, &pairs);
    unsigned looked_at = 0;
    for (size_t i = 0; i < pairs.count && looked_at < ARGUMENTS && !error; i++) {
        const struct sc_command_word *const *sides = pairs.items[i].sides;
        if (!sides[0] || !sides[1] || !sides[0]->value || !sides[1]->value)
            continue;
        const char *values[2] = {sides[0]->value, sides[1]->value};
        if (sides[0]->cut || sides[1]->cut || !*values[0] || !*values[1] || strcmp(values[0], values[1]) == 0)
            continue;
        looked_at++;
        error = look_at(rules, files, runs, written, values);
    }
    sc_command_pairs_free(&pairs);
    return error;
}
