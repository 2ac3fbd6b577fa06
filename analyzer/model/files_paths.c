/*
 * files_paths.c: what a path means.
 *
 * Lexical, since the file systems of the run are not here to be asked; but links that the run made are known, and
 * followed wherever a path goes through them.
 */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "files_internal.h"

enum { LINKS_IN_A_PATH = 40 }; /* the kernel's limit */

/* Appends the components of path to the folded name of len bytes at to. */
static size_t fold(char *to, size_t len, const char *path, size_t path_len)
{
    const char *end = path + path_len;
    bool absolute = len > 0 && to[0] == '/';
    while (path < end) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        size_t part = (size_t)((slash ? slash : end) - path);
        if (part == 2 && path[0] == '.' && path[1] == '.' && len > 0) {
            const char *last = memrchr(to, '/', len);
            const char *tail = last ? last + 1 : to;
            bool up = len - (size_t)(tail - to) == 2 && tail[0] == '.' && tail[1] == '.';
            if (!up) {
                len = last ? (size_t)(last - to) : 0;
                if (absolute && len == 0)
                    len = 1;
                path += part + (slash != NULL);
                continue;
            }
        }
        if (part > 0 && !(part == 1 && path[0] == '.')) {
            if (len > 0 && to[len - 1] != '/')
                to[len++] = '/';
            memmove(to + len, path, part);
            len += part;
        }
        path += part + (slash != NULL);
    }
    return len;
}

size_t sc_resolve(struct sc_files *files, const char *base, size_t base_len, const char *path, size_t len)
{
    const char *nul = memchr(path, '\0', len);
    if (nul)
        len = (size_t)(nul - path);
    if (len > 0 && path[0] == '/')
        base_len = 0;
    if (base_len + len > files->names_left)
        base_len = 0; /* the name as the program gave it is part of the input */
    files->names_left -= base_len + len < files->names_left ? base_len + len : files->names_left;
    size_t needed = base_len + len + 3;
    if (SC_RESERVE(files->scratch, files->scratch_bytes, needed)) {
        files->failed = true;
        return 0;
    }
    if (base_len)
        memcpy(files->scratch, base, base_len);
    if (len > 0 && path[0] == '/')
        files->scratch[base_len++] = '/';
    size_t folded = fold(files->scratch, base_len, path, len);
    if (folded == 0)
        files->scratch[folded++] = '.';
    files->scratch[folded] = '\0';
    return folded;
}

/* The number of the link that the first len bytes of files->scratch are the name of, or SC_NOT_INTERNED. */
static uint32_t link_named(struct sc_files *files, size_t len)
{
    if (len > files->links_left)
        return SC_NOT_INTERNED;
    files->links_left -= len;
    uint32_t link = sc_intern_find(&files->links, files->scratch, len);
    return link != SC_NOT_INTERNED && files->link_targets[link] != SC_NOT_INTERNED ? link : SC_NOT_INTERNED;
}

static uint32_t first_link(struct sc_files *files, size_t len, bool last, size_t *ret_end)
{
    for (size_t at = 1; at <= len; at++) {
        if (at < len ? files->scratch[at] != '/' : !last)
            continue;
        uint32_t link = link_named(files, at);
        if (link != SC_NOT_INTERNED) {
            *ret_end = at;
            return link;
        }
    }
    return SC_NOT_INTERNED;
}

size_t sc_links_follow(struct sc_files *files, size_t len, bool last)
{
    for (unsigned i = 0; i < LINKS_IN_A_PATH && files->links.count; i++) {
        size_t end;
        uint32_t link = first_link(files, len, last, &end);
        if (link == SC_NOT_INTERNED)
            break;
        const char *target = sc_intern_text(&files->names, files->link_targets[link]);
        size_t target_len = strlen(target), rest = len - end;
        if (target_len + rest > files->links_left ||
            SC_RESERVE(files->scratch, files->scratch_bytes, target_len + rest + 1))
            break;
        files->links_left -= target_len + rest;
        memmove(files->scratch + target_len, files->scratch + end, rest);
        memcpy(files->scratch, target, target_len);
        len = target_len + rest;
        files->scratch[len] = '\0';
    }
    return len;
}

static void set_target(struct sc_files *files, const char *name, size_t len, uint32_t target)
{
    uint32_t link = sc_intern_find(&files->links, name, len);
    if (link == SC_NOT_INTERNED && target == SC_NOT_INTERNED)
        return;
    if (SC_RESERVE(files->link_targets, files->link_capacity, files->link_count + 1) ||
        sc_intern_add(&files->links, name, len, &link)) {
        files->failed = true;
        return;
    }
    files->link_targets[link] = target;
    if (link == files->link_count)
        files->link_count++;
}

static uint32_t target_of(const struct sc_files *files, const char *name, size_t len)
{
    uint32_t link = sc_intern_find(&files->links, name, len);
    return link == SC_NOT_INTERNED ? SC_NOT_INTERNED : files->link_targets[link];
}

void sc_link_set(struct sc_files *files, const char *name, size_t len, const char *to, size_t to_len)
{
    const char *slash = memrchr(name, '/', len);
    size_t folder = slash == name ? 1 : slash ? (size_t)(slash - name) : 0;
    size_t target_len = sc_resolve(files, name, folder, to, to_len);
    if (target_len)
        set_target(files, name, len, sc_name_number(files, files->scratch, target_len));
}

void sc_link_drop(struct sc_files *files, const char *name, size_t len)
{
    set_target(files, name, len, SC_NOT_INTERNED);
}

void sc_link_rename(struct sc_files *files, const char *from, size_t from_len, const char *to, size_t to_len,
                    bool exchange)
{
    uint32_t target = target_of(files, from, from_len), other = target_of(files, to, to_len);
    set_target(files, to, to_len, target);
    set_target(files, from, from_len, exchange ? other : SC_NOT_INTERNED);
}
