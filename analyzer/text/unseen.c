#include "unseen.h"

#include <errno.h>
#include <string.h>

/* Pipes have no name that another run would know. */
static const char *name_of(struct sc_normaliser *normaliser, const char *path)
{
    const char *kind = sc_kind_without_path(path, strlen(path));
    return kind ? kind : sc_normalise_path(normaliser, path, strlen(path));
}

/* Lines have the name that the file had at that time: its first one, and its last. */
int sc_unseen_add(struct sc_unseen *unseen, struct sc_normaliser *normaliser, const struct sc_files *files)
{
    int error = 0;
    for (uint32_t i = 0; i < sc_files_count(files) && !error; i++) {
        const struct sc_file *file = sc_files_get(files, i);
        const char *const paths[] = {file->path, file->first_path};
        for (unsigned k = 0; k < 2 && file->counts.unseen_writes && !error; k++) {
            const char *name = name_of(normaliser, paths[k]);
            uint32_t id;
            error = sc_intern_add(&unseen->names, name, strlen(name), &id) == -ENOMEM ? -ENOMEM : 0;
        }
    }
    return error;
}

void sc_unseen_free(struct sc_unseen *unseen)
{
    sc_intern_free(&unseen->names);
}

bool sc_is_unseen(const struct sc_unseen *unseen, struct sc_normaliser *normaliser, const struct sc_file *file)
{
    if (!unseen || !unseen->names.count)
        return false;
    const char *name = name_of(normaliser, file->path);
    return sc_intern_find(&unseen->names, name, strlen(name)) != SC_NOT_INTERNED;
}
