/* files_links.c: calls that give files names, move these and take them away. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files_internal.h"

static void apply_rename(const struct sc_work *work)
{
    bool at = work->event->desc->kinds[0] == SC_KIND_DIRFD;
    int dir1 = at ? 0 : -1, dir2 = at ? 2 : -1;
    unsigned path1 = at, path2 = at ? 3 : 1;
    int64_t flags = sc_work_value(work, 4); /* -1 where there are none */
    work->access->file = sc_work_named(work, dir1, path1, false);
    work->access->second_file = sc_work_named(work, dir2, path2, false);
    size_t from_len, to_len;
    char from[4352];
    if (!work->done || !sc_work_resolve(work, dir1, path1, &from_len) || from_len >= sizeof from)
        return;
    memcpy(from, work->files->scratch, from_len + 1);
    if (sc_work_resolve(work, dir2, path2, &to_len))
        sc_file_rename(work->files, from, from_len, work->files->scratch, to_len, flags > 0 && flags & RENAME_EXCHANGE);
}

/* The descriptor that a name in /proc stands for, or -1. */
static int64_t descriptor_named(const struct sc_work *work, const char *name)
{
    static const char *const own[] = {"/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/"};
    char by_pid[32];
    snprintf(by_pid, sizeof by_pid, "/proc/%d/fd/", (int)work->event->pid);
    const char *number = NULL;
    for (size_t i = 0; i < sizeof own / sizeof own[0] && !number; i++)
        if (strncmp(name, own[i], strlen(own[i])) == 0)
            number = name + strlen(own[i]);
    if (!number && work->event->pid && strncmp(name, by_pid, strlen(by_pid)) == 0)
        number = name + strlen(by_pid);
    if (!number || !*number || strlen(number) > 9 || strspn(number, "0123456789") != strlen(number))
        return -1;
    return strtol(number, NULL, 10);
}

/* By name, or one that a descriptor means: it may have no name yet. */
static uint32_t linked_file(const struct sc_work *work, int dir, unsigned path)
{
    const struct sc_arg *arg = &work->event->args[path];
    bool itself = dir >= 0 && arg->state & SC_ARG_TEXT && !arg->text_len; /* AT_EMPTY_PATH */
    size_t len;
    if (!itself && !sc_work_resolve(work, dir, path, &len))
        return SC_NO_FILE;
    if (itself) {
        const struct sc_open *open = sc_work_get(work, (unsigned)dir);
        return open ? open->file : (uint32_t)SC_NO_FILE;
    }
    int64_t fd = descriptor_named(work, work->files->scratch);
    return fd >= 0 ? sc_files_of_descriptor(work->files, work->event->process, (int)fd)
                   : sc_file_named(work->files, work->files->scratch, len, false);
}

static void apply_link(const struct sc_work *work)
{
    bool at = work->event->desc->kinds[0] == SC_KIND_DIRFD;
    size_t len;
    uint32_t file = linked_file(work, at ? 0 : -1, at);
    work->access->file = file;
    if (file == SC_NO_FILE && work->event->args[at].state & SC_ARG_TEXT)
        work->access->path = work->files->scratch; /* resolved just now */
    else if (file != SC_NO_FILE && work->done && sc_work_resolve(work, at ? 2 : -1, at ? 3 : 1, &len))
        sc_file_link(work->files, file, work->files->scratch, len);
}

static void apply_unlink(const struct sc_work *work)
{
    unsigned path = work->event->desc->kinds[0] == SC_KIND_DIRFD;
    size_t len;
    if (!sc_work_resolve(work, (int)path - 1, path, &len))
        return;
    work->access->file = sc_file_named(work->files, work->files->scratch, len, false);
    if (work->access->file == SC_NO_FILE)
        work->access->path = work->files->scratch;
    else if (work->done)
        sc_file_unlink(work->files, work->files->scratch, len);
}

bool sc_apply_names(const struct sc_work *work)
{
    switch (work->event->desc->means) {
    case SC_MEANS_RENAME: apply_rename(work); return true;
    case SC_MEANS_LINK: apply_link(work); return true;
    case SC_MEANS_UNLINK: apply_unlink(work); return true;
    default: return false;
    }
}
