#include <errno.h>
#include <string.h>

#include "../model/files.h"
#include "../model/intern.h"
#include "normalise.h"
#include "normalise_internal.h"

/* The first component of path that is made of the label: what follows the label in it and all below. NULL: none. */
static const char *tail_of(const char *path, const char *label)
{
    for (const char *at = path; *at; at++) {
        const char *end = strchrnul(at, '/');
        const char *rest = sc_rules_after_label(at, (size_t)(end - at), label);
        if (rest)
            return rest;
        if (!*end)
            return NULL;
        at = end;
    }
    return NULL;
}

static bool is_written(const struct sc_file *file)
{
    return file->regular && file->counts.writes > 0 && file->path[0] == '/';
}

static int collect(const struct sc_files *files, const char *label, struct sc_intern *tails)
{
    int error = 0;
    for (size_t i = 0; i < sc_files_count(files) && !error; i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        const char *tail = is_written(file) ? tail_of(file->path, label) : NULL;
        uint32_t id;
        if (tail)
            error = sc_intern_add(tails, tail, strlen(tail), &id);
    }
    return error == -ENOMEM ? error : 0;
}

static int add_outputs(struct sc_rules *rules, const struct sc_files *files, const char *label,
                       const struct sc_intern *others)
{
    int error = 0;
    for (size_t i = 0; i < sc_files_count(files) && !error; i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        const char *tail = is_written(file) ? tail_of(file->path, label) : NULL;
        if (!tail || sc_intern_find(others, tail, strlen(tail)) == SC_NOT_INTERNED)
            continue;
        const char *end = strchrnul(tail, '/');
        error = sc_rules_add_output(rules, file->path, (size_t)(end - file->path), false, tail, (size_t)(end - tail));
    }
    return error;
}

int sc_normaliser_pair_files(struct sc_normaliser *const normalisers[2], const struct sc_files *const files[2],
                             char *const labels[2])
{
    struct sc_intern tails[2] = {{0}, {0}};
    int error = 0;
    for (unsigned i = 0; i < 2 && !error; i++)
        error = collect(files[i], labels[i], &tails[i]);
    for (unsigned i = 0; i < 2 && !error; i++)
        error = add_outputs(&normalisers[i]->rules, files[i], labels[i], &tails[1 - i]);
    sc_intern_free(&tails[0]);
    sc_intern_free(&tails[1]);
    return error == -ENOMEM ? error : 0;
}
