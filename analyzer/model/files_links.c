/* files_links.c: calls that give files names, move these and take them away. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "files_internal.h"

static void apply_rename(const struct sc_work *work)
{
    bool at = work->event->desc->kinds[0] == SC_KIND_DIRFD;
    int dir1 = at ? 0 : -1, dir2 = at ? 2 : -1;
    unsigned path1 = at, path2 = at ? 3 : 1;
    int64_t flags = sc_work_value(work, 4); /* -1 where there are none */
    work->access->file = sc_work_named(work, dir1, path1, SC_ITSELF, false);
    work->access->second_file = sc_work_named(work, dir2, path2, SC_ITSELF, false);
    size_t from_len, to_len;
    char from[SC_PATH_LIMIT];
    if (!work->done || !sc_work_resolve(work, dir1, path1, SC_ITSELF, &from_len) || from_len >= sizeof from)
        return;
    memcpy(from, work->files->scratch, from_len + 1);
    if (!sc_work_resolve(work, dir2, path2, SC_ITSELF, &to_len))
        return;
    bool exchange = flags > 0 && flags & RENAME_EXCHANGE;
    sc_file_rename(work->files, from, from_len, work->files->scratch, to_len, exchange);
    sc_link_rename(work->files, from, from_len, work->files->scratch, to_len, exchange);
    if (!exchange)
        sc_folder_rename(work->files, from, from_len, work->files->scratch, to_len);
}

/*
 * By name, or by a descriptor: it may have no name yet. What was never opened is a file from now on, since two names
 * mean it.
 */
static uint32_t linked_file(const struct sc_work *work, int dir, unsigned path, enum sc_follow follow)
{
    if (dir < 0 || !sc_event_has_text(work->event, path) || work->event->args[path].text_len)
        return sc_work_named(work, dir, path, follow, work->done);
    const struct sc_open *open = sc_work_get(work, (unsigned)dir); /* AT_EMPTY_PATH */
    return open ? open->file : (uint32_t)SC_NO_FILE;
}

static void apply_link(const struct sc_work *work)
{
    bool at = work->event->desc->kinds[0] == SC_KIND_DIRFD;
    size_t len;
    bool follow = at && sc_work_value(work, 4) > 0 && sc_work_value(work, 4) & AT_SYMLINK_FOLLOW;
    uint32_t file = linked_file(work, at ? 0 : -1, at, follow ? SC_FOLLOWED : SC_ITSELF);
    work->access->file = file;
    if (file == SC_NO_FILE && sc_event_has_text(work->event, at) && work->event->args[at].text_len)
        work->access->path = work->files->scratch; /* resolved just now */
    else if (file != SC_NO_FILE && work->done && sc_work_resolve(work, at ? 2 : -1, at ? 3 : 1, SC_ITSELF, &len)) {
        work->files->files[file].regular = true;
        sc_file_link(work->files, file, work->files->scratch, len);
    }
}

/* The path is the link's; where it leads to is as the program wrote it, and may be nowhere. */
static void apply_symlink(const struct sc_work *work)
{
    const struct sc_arg *to = &work->event->args[0];
    bool at = work->event->desc->kinds[1] == SC_KIND_DIRFD;
    size_t len;
    if (!sc_work_resolve(work, at ? 1 : -1, at ? 2 : 1, SC_ITSELF, &len))
        return;
    work->access->file = sc_file_named(work->files, work->files->scratch, len, false);
    if (work->access->file == SC_NO_FILE)
        work->access->path = work->files->scratch;
    char name[SC_PATH_LIMIT];
    if (!work->done || !(to->state & SC_ARG_TEXT) || to->state & SC_ARG_CUT || len >= sizeof name)
        return;
    memcpy(name, work->files->scratch, len + 1);
    sc_link_set(work->files, name, len, to->text, to->text_len);
    memcpy(work->files->scratch, name, len + 1); /* it is what access->path says */
    if (work->access->path)
        work->access->path = work->files->scratch;
}

static void apply_unlink(const struct sc_work *work)
{
    unsigned path = work->event->desc->kinds[0] == SC_KIND_DIRFD;
    size_t len;
    if (!sc_work_resolve(work, (int)path - 1, path, SC_ITSELF, &len))
        return;
    work->access->file = sc_file_named(work->files, work->files->scratch, len, false);
    if (work->access->file == SC_NO_FILE)
        work->access->path = work->files->scratch;
    if (work->done) {
        sc_file_unlink(work->files, work->files->scratch, len);
        sc_link_drop(work->files, work->files->scratch, len);
    }
}

bool sc_apply_names(const struct sc_work *work)
{
    switch (work->event->desc->means) {
    case SC_MEANS_RENAME: apply_rename(work); return true;
    case SC_MEANS_LINK: apply_link(work); return true;
    case SC_MEANS_SYMLINK: apply_symlink(work); return true;
    case SC_MEANS_UNLINK: apply_unlink(work); return true;
    default: return false;
    }
}
