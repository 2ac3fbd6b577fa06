/* files_folders.c: a renamed folder takes the names of what is in it along. */
#include <string.h>

#include "files_internal.h"

static bool afford(struct sc_files *files, size_t bytes)
{
    if (bytes > files->links_left)
        return false;
    files->links_left -= bytes;
    return true;
}

void sc_folders_note(struct sc_files *files, const char *name, size_t len)
{
    const char *slash;
    if (len >= SC_PATH_LIMIT)
        return; /* it is not renamed, and each of its folders is nearly as long */
    while ((slash = memrchr(name, '/', len)) && slash > name) {
        uint32_t folder;
        len = (size_t)(slash - name);
        if (!afford(files, len) || sc_intern_find(&files->folders, name, len) != SC_NOT_INTERNED)
            return; /* then those above it are known, too */
        if (sc_intern_add(&files->folders, name, len, &folder))
            files->failed = true;
    }
}

void sc_folder_rename(struct sc_files *files, const char *from, size_t from_len, const char *to, size_t to_len)
{
    char moved[SC_PATH_LIMIT];
    size_t names = files->name_count; /* those that are made here are none of them */
    if (sc_intern_find(&files->folders, from, from_len) == SC_NOT_INTERNED || to_len >= sizeof moved ||
        !afford(files, names))
        return;
    memcpy(moved, to, to_len);
    for (uint32_t i = 0; i < names; i++) {
        const char *name = sc_intern_text(&files->names, i);
        if (files->name_files[i] == SC_NO_FILE || strncmp(name, from, from_len) != 0 || name[from_len] != '/')
            continue;
        size_t rest = strlen(name + from_len);
        if (to_len + rest >= sizeof moved || !afford(files, to_len + rest))
            continue;
        memcpy(moved + to_len, name + from_len, rest + 1);
        sc_file_rename(files, name, from_len + rest, moved, to_len + rest, false);
    }
}
