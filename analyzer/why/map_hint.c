#include "map_hint.h"

#include <stdlib.h>
#include <string.h>

#include "../model/intern.h"
#include "file_roles.h"

enum { CANDIDATES = 256 }; /* each is held to each */

/* What one side wrote and the other has no file for. */
struct unmatched {
    const struct sc_file *files[CANDIDATES];
    size_t count;
    bool more;
};

static bool add_roles(const struct sc_side *side, struct sc_intern *roles)
{
    bool good = true;
    for (size_t i = 0; i < sc_files_count(side->files) && good; i++) {
        const struct sc_file *file = sc_files_get(side->files, (uint32_t)i);
        char *role = sc_make_file_role(side->normaliser, file->path, file->regular);
        uint32_t id;
        good = role && sc_intern_add(roles, role, strlen(role), &id) == 0;
        free(role);
    }
    return good;
}

static bool find_unmatched(const struct sc_side *side, const struct sc_intern *others, struct unmatched *ret)
{
    ret->count = 0;
    ret->more = false;
    for (size_t i = 0; i < sc_files_count(side->files) && !ret->more; i++) {
        const struct sc_file *file = sc_files_get(side->files, (uint32_t)i);
        if (!file->regular || !file->counts.bytes_written)
            continue;
        char *role = sc_make_file_role(side->normaliser, file->path, true);
        if (!role)
            return false;
        bool unmatched = sc_intern_find(others, role, strlen(role)) == SC_NOT_INTERNED;
        ret->more = unmatched && ret->count == CANDIDATES;
        if (unmatched && !ret->more)
            ret->files[ret->count++] = file;
        free(role);
    }
    return true;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* As much was written to both, and their endings are the same; or only their directories are others. */
static bool look_alike(const struct sc_file *a, const struct sc_file *b)
{
    const char *base_a = base_of(a->path), *base_b = base_of(b->path);
    const char *dot_a = strrchr(base_a, '.'), *dot_b = strrchr(base_b, '.');
    if (strcmp(base_a, base_b) == 0)
        return true;
    return a->counts.bytes_written == b->counts.bytes_written && strcmp(dot_a ? dot_a : "", dot_b ? dot_b : "") == 0;
}

/* Up to where they differ last, in whole components: what both end with needs no rule. */
static void without_common_end(const char *a, const char *b, size_t *ret_a, size_t *ret_b)
{
    *ret_a = strlen(a);
    *ret_b = strlen(b);
    for (size_t i = 1; i < *ret_a && i < *ret_b && a[*ret_a - i] == b[*ret_b - i]; i++) {
        if (a[*ret_a - i] != '/')
            continue;
        *ret_a -= i;
        *ret_b -= i;
        i = 0;
    }
}

void sc_add_map_hint(const struct sc_side *a, const struct sc_side *b, struct sc_strings *notes)
{
    struct sc_intern roles[2] = {{0}, {0}};
    struct unmatched of_a, of_b;
    const struct sc_file *first[2] = {NULL, NULL};
    size_t alike = 0;
    if (!a->files || !b->files || !a->normaliser || !b->normaliser)
        return;
    bool good = add_roles(a, &roles[0]) && add_roles(b, &roles[1]) && find_unmatched(a, &roles[1], &of_a) &&
                find_unmatched(b, &roles[0], &of_b);
    for (size_t i = 0; good && i < of_a.count; i++) {
        size_t k = 0;
        while (k < of_b.count && !(of_b.files[k] && look_alike(of_a.files[i], of_b.files[k])))
            k++;
        if (k == of_b.count)
            continue;
        if (alike++ == 0) {
            first[0] = of_a.files[i];
            first[1] = of_b.files[k];
        }
        of_b.files[k] = NULL; /* no file is two others */
    }
    if (alike) {
        const char *to = sc_normalise_path(b->normaliser, first[1]->path, strlen(first[1]->path));
        size_t from_len, to_len;
        without_common_end(first[0]->path, to, &from_len, &to_len);
        sc_strings_addf(notes,
                        "%s%zu file%s of both sides look%s like the same under other names; try --map %.*s=%.*s.",
                        of_a.more && of_b.more ? "at least " : "", alike, alike == 1 ? "" : "s", alike == 1 ? "s" : "",
                        (int)from_len, first[0]->path, (int)to_len, to);
    }
    notes->failed |= !good;
    sc_intern_free(&roles[0]);
    sc_intern_free(&roles[1]);
}
