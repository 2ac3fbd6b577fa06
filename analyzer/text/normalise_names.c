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

/* How much of a clean path goes up. SIZE_MAX: it goes up behind a name too, or nowhere else. */
static size_t upward(const char *path)
{
    size_t up = 0;
    while (strncmp(path + up, "../", 3) == 0)
        up += 3;
    const char *rest = path + up, *again = strstr(rest, "/..");
    if (!*rest || strcmp(rest, "..") == 0 || strcmp(rest, ".") == 0 || (again && (again[3] == '/' || !again[3])))
        return SIZE_MAX;
    return up;
}

/* The last components of a name, as many as like has. NULL: there are not so many. */
static const char *last_components(const char *name, const char *like)
{
    const char *at = name + strlen(name);
    for (const char *slash = like - 1; slash; slash = strchr(slash + 1, '/')) {
        while (at > name && at[-1] != '/')
            at--;
        if (at == name)
            return NULL;
        at--;
    }
    return at + 1;
}

/* clean: path without what says nothing. NULL: the path alone tells how it is shown. */
static const char *shown_below(struct sc_normaliser *normaliser, const char *directory, const char *clean)
{
    size_t up = upward(clean);
    char *full = up == SIZE_MAX ? NULL : path_below(directory, clean, strlen(clean));
    if (!full)
        return NULL;
    const char *name = sc_normalise_path(normaliser, full, strlen(full));
    free(full);
    const char *base = sc_normalise_path(normaliser, directory, strlen(directory));
    size_t base_len = strlen(base);
    if (base_len == 1)
        base_len = 0; /* the root's slash is the one behind it too */
    if (!up && strncmp(name, base, base_len) == 0 && name[base_len] == '/')
        return name + base_len + 1;
    const char *last = last_components(name, clean + up);
    if (!last || !up)
        return last;
    char *text = malloc(up + strlen(last) + 1);
    uint32_t id;
    if (!text)
        return sc_normalise_no_memory;
    memcpy(text, clean, up);
    memcpy(text + up, last, strlen(last) + 1);
    bool good = sc_intern_add(&normaliser->upward, text, strlen(text), &id) == 0;
    free(text);
    return good ? sc_intern_text(&normaliser->upward, id) : sc_normalise_no_memory;
}

const char *sc_normalise_below(struct sc_normaliser *normaliser, const char *directory, const char *path, size_t len)
{
    const void *nul = memchr(path, '\0', len);
    if (nul)
        len = (size_t)((const char *)nul - path);
    bool relative = directory && directory[0] == '/' && len && path[0] != '/';
    char *clean = relative ? malloc(len + 1) : NULL;
    const char *shown = NULL;
    if (clean) {
        sc_clean_path(path, len, false, clean);
        shown = shown_below(normaliser, directory, clean);
    }
    free(clean);
    return shown ? shown : sc_normalise_path(normaliser, path, len);
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
