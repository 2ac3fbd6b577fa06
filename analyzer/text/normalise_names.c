/* normalise_names.c: short names for lines of calls: as much of a path's end as no other file has. */
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/files.h"
#include "normalise_internal.h"

/* "fd 7": the model knows but the number, which says nothing in another run. */
static bool is_bare_number(const char *path, size_t len)
{
    if (len <= 3 || memcmp(path, "fd ", 3) != 0)
        return false;
    for (size_t i = 3; i < len; i++)
        if (path[i] < '0' || path[i] > '9')
            return false;
    return true;
}

const char *sc_kind_without_path(const char *path, size_t len)
{
    static const char *const names[][2] = {
        {"pipe:[", "pipe"},
        {"socket:[", "socket"},
        {"UNIX:[", "socket"},
        {"UNIX-STREAM:[", "socket"},
        {"UNIX-DGRAM:[", "socket"},
        {"TCP:[", "socket"},
        {"TCPv6:[", "socket"},
        {"UDP:[", "socket"},
        {"UDPv6:[", "socket"},
        {"NETLINK:[", "socket"},
        {"anon_inode:[eventpoll]", "epoll"},
        {"anon_inode:[eventfd]", "eventfd"},
        {"anon_inode:[timerfd]", "timerfd"},
        {"anon_inode:[signalfd]", "signalfd"},
        {"anon_inode:inotify", "inotify"},
        {"anon_inode:[io_uring]", "io_uring"},
        {"anon_inode:", "anon_inode"},
    };
    if (is_bare_number(path, len))
        return "?";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t begin = strlen(names[i][0]);
        if (len >= begin && memcmp(path, names[i][0], begin) == 0)
            return names[i][1];
    }
    return NULL;
}

static const char *choose_name(struct sc_normaliser *normaliser, const char *path, size_t len)
{
    const char *name = sc_kind_without_path(path, len);
    if (name)
        return name;
    const char *full = sc_normalise_path(normaliser, path, len);
    size_t end = strlen(full);
    while (end > 1 && full[end - 1] == '/')
        end--;
    size_t begin = end;
    uint32_t id;
    do {
        while (begin > 0 && full[begin - 1] == '/')
            begin--;
        while (begin > 0 && full[begin - 1] != '/')
            begin--;
        if (begin == 1 && full[0] == '/')
            begin = end > 1 ? 1 : 0;
        id = sc_intern_find(&normaliser->short_names, full + begin, end - begin);
        if (id == SC_NOT_INTERNED)
            return sc_intern_add(&normaliser->short_names, full + begin, end - begin, &id) == 0
                       ? sc_intern_text(&normaliser->short_names, id)
                       : sc_normalise_no_memory;
    } while (begin > 1 && end - begin < SC_OUTPUT_MAX); /* no name is longer, and each try costs its length */
    return full;
}

const char *sc_normalise_name(struct sc_normaliser *normaliser, const char *path, size_t len)
{
    struct sc_path_entry *entry = sc_normalise_entry(normaliser, path, len);
    if (!entry)
        return sc_normalise_no_memory;
    if (entry->name)
        return entry->name;
    char *clean = malloc(len + 1);
    if (!clean)
        return sc_normalise_no_memory;
    size_t clean_len = sc_clean_path(path, len, false, clean);
    bool is_clean = clean_len == len && memcmp(clean, path, len) == 0;
    const char *name = is_clean ? choose_name(normaliser, path, len) : sc_normalise_name(normaliser, clean, clean_len);
    free(clean);
    entry = sc_normalise_entry(normaliser, path, len); /* they have moved where there are more now */
    if (entry)
        entry->name = name;
    return name;
}

static char *path_below(const char *directory, const char *path, size_t len)
{
    size_t base = directory && !(len && path[0] == '/') ? strlen(directory) + 1 : 0;
    char *clean = malloc(base + len + 1), *joined = malloc(base + len + 1);
    if (clean && joined) {
        if (base) {
            memcpy(joined, directory, base - 1);
            joined[base - 1] = '/';
        }
        memcpy(joined + base, path, len);
        sc_clean_path(joined, base + len, true, clean);
    } else {
        free(clean);
        clean = NULL;
    }
    free(joined);
    return clean;
}

char *sc_path_below(const char *directory, const char *path)
{
    return path_below(directory, path, strlen(path));
}

const char *sc_normalise_name_at(struct sc_normaliser *normaliser, const char *directory, const char *path, size_t len)
{
    const char *base = directory ? directory : normaliser->cwd;
    if (!base || (len > 0 && path[0] == '/'))
        return sc_normalise_name(normaliser, path, len);
    char *below = path_below(base, path, len);
    if (!below)
        return sc_normalise_no_memory;
    const char *name = sc_normalise_name(normaliser, below, strlen(below));
    free(below);
    return name;
}

const char *sc_normalise_file(struct sc_normaliser *normaliser, const struct sc_file *file)
{
    if (SC_RESERVE_ZERO(normaliser->by_number, normaliser->number_capacity, (size_t)file->name + 1))
        return sc_normalise_no_memory;
    const char **names = normaliser->by_number;
    if (!names[file->name])
        names[file->name] = sc_normalise_name(normaliser, file->path, strlen(file->path));
    return names[file->name];
}
