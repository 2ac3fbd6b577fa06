#include "file_roles.h"

#include <string.h>

/* Where the program's output begins in a normalised path, so that a file has one role wherever its table lies. */
static const char *from_table(const char *role, const char *path)
{
    const char *table = strncmp(role, "TABLE", 5) == 0 ? role : strstr(role, "/TABLE");
    if (!table || strstr(path, "TABLE"))
        return role;
    return *table == '/' ? table + 1 : table;
}

char *sc_make_file_role(struct sc_normaliser *normaliser, const char *path, bool regular)
{
    if (!regular && strncmp(path, "anon_inode:", strlen("anon_inode:")) == 0)
        return strdup(sc_kind_without_path(path, strlen(path))); /* one is for waiting, another for waking */
    const char *bracket = regular ? NULL : strstr(path, ":[");
    if (bracket)
        return strndup(path, (size_t)(bracket - path)); /* pipe:[1234] is another number in every run */
    const char *role = normaliser && regular ? sc_normalise_path(normaliser, path, strlen(path)) : path;
    return role ? strdup(from_table(role, path)) : NULL;
}
