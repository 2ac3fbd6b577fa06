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

/* Its paths, the first and the last: lines have both. None unless it is a file that was written. */
static unsigned output_paths(const struct sc_file *file, const char *ret_paths[2])
{
    if (!file->regular || !file->counts.writes)
        return 0;
    unsigned count = 0;
    if (file->path[0] == '/')
        ret_paths[count++] = file->path;
    if (file->first_path != file->path && file->first_path[0] == '/')
        ret_paths[count++] = file->first_path;
    return count;
}

static int collect(const struct sc_files *files, const char *label, struct sc_intern *tails)
{
    int error = 0;
    for (size_t i = 0; i < sc_files_count(files) && !error; i++) {
        const char *paths[2];
        unsigned count = output_paths(sc_files_get(files, (uint32_t)i), paths);
        for (unsigned p = 0; p < count && !error; p++) {
            const char *tail = tail_of(paths[p], label);
            uint32_t id;
            if (tail)
                error = sc_intern_add(tails, tail, strlen(tail), &id);
        }
    }
    return error == -ENOMEM ? error : 0;
}

static int add_outputs(struct sc_rules *rules, const struct sc_files *files, const char *label,
                       const struct sc_intern *others)
{
    int error = 0;
    for (size_t i = 0; i < sc_files_count(files) && !error; i++) {
        const char *paths[2];
        unsigned count = output_paths(sc_files_get(files, (uint32_t)i), paths);
        for (unsigned p = 0; p < count && !error; p++) {
            const char *tail = tail_of(paths[p], label);
            if (!tail || sc_intern_find(others, tail, strlen(tail)) == SC_NOT_INTERNED)
                continue;
            const char *end = strchrnul(tail, '/');
            error = sc_rules_add_output(rules, paths[p], (size_t)(end - paths[p]), false, tail, (size_t)(end - tail));
        }
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
