/* files_open.c: calls that make, duplicate or drop descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "files_internal.h"

enum {
    DUPFD_CLOEXEC = 1030, /* F_DUPFD_CLOEXEC */
    CLOSE_ON_EXEC = 4,    /* CLOSE_RANGE_CLOEXEC */
};

/* Flags that are not known are negative. */
static bool cloexec(int64_t flags)
{
    return flags > 0 && flags & O_CLOEXEC;
}

static void apply_open(const struct sc_work *work, int dir, unsigned path, int64_t flags)
{
    uint32_t file = sc_work_named(work, dir, path, work->done);
    struct sc_files *files = work->files;
    if (work->done && file == SC_NO_FILE) { /* the source does not know the name */
        char text[32];
        int len = snprintf(text, sizeof text, "fd %d", (int)work->event->result);
        file = sc_file_named(files, text, (size_t)len, true);
    }
    work->access->file = file;
    if (file == SC_NO_FILE && work->event->args[path].state & SC_ARG_TEXT)
        work->access->path = files->scratch; /* resolved just now */
    if (!work->done || file == SC_NO_FILE)
        return;
    bool known = flags >= 0;
    files->files[file].opens++;
    files->files[file].regular = true;
    if (known && (flags & O_TRUNC || (flags & O_CREAT && flags & O_EXCL)))
        sc_ranges_cut(files, file, files->sizes[file] = 0);
    sc_table_open(files, work->table, work->event->result, file, 0, known && flags & O_APPEND,
                  known && flags & O_CLOEXEC);
}

/* Files without a name in a directory: one for each pipe or socket, one for all of each other kind. */
static uint32_t make_nameless(struct sc_files *files, const char *kind, unsigned *counter)
{
    char text[64];
    int len =
        counter ? snprintf(text, sizeof text, "%s:[%u]", kind, ++*counter) : snprintf(text, sizeof text, "%s", kind);
    uint32_t file = sc_file_named(files, text, (size_t)len, true);
    if (file != SC_NO_FILE)
        files->files[file].opens++; /* NOLINT(clang-analyzer-core.NullDereference): it was named just now */
    return file;
}

/* The descriptor that the call returned. */
static void apply_nameless(const struct sc_work *work, const char *kind, unsigned *counter, int64_t flags)
{
    if (!work->done)
        return;
    uint32_t file = make_nameless(work->files, kind, counter);
    if (work->event->args[0].kind != SC_KIND_FD || !sc_work_first(work, 0)) /* accept is about the one that listens */
        work->access->file = file;
    sc_table_open(work->files, work->table, work->event->result, file, SC_OFFSET_UNKNOWN, false, cloexec(flags));
}

static void apply_pair(const struct sc_work *work, unsigned arg, const char *kind, unsigned *counter, int64_t flags)
{
    const struct sc_arg *pair = &work->event->args[arg];
    if (!work->done || arg >= work->event->nargs || pair->extra_count < 2)
        return;
    uint32_t file = make_nameless(work->files, kind, counter);
    work->access->file = file;
    for (unsigned i = 0; i < 2; i++)
        sc_table_open(work->files, work->table, pair->extra[i], file, SC_OFFSET_UNKNOWN, false, cloexec(flags));
}

static void apply_memfd(const struct sc_work *work)
{
    const struct sc_arg *name = &work->event->args[0];
    char text[280];
    if (!work->done)
        return;
    int len = snprintf(text, sizeof text, "/memfd:%.*s", name->state & SC_ARG_TEXT ? (int)name->text_len & 0xff : 0,
                       name->state & SC_ARG_TEXT ? name->text : "");
    uint32_t file = sc_file_named(work->files, text, (size_t)len, true);
    work->access->file = file;
    if (file == SC_NO_FILE)
        return;
    work->files->files[file].opens++;
    work->files->sizes[file] = 0;
    sc_table_open(work->files, work->table, work->event->result, file, 0, false,
                  sc_work_value(work, 1) > 0 && sc_work_value(work, 1) & 1);
}

static void apply_dup(const struct sc_work *work, bool to_given, bool cloexec)
{
    sc_work_first(work, 0);
    int64_t from = sc_work_value(work, 0);
    int64_t to = work->event->result;
    if (to_given) {
        const struct sc_table *table = work->table;
        int64_t wanted = sc_work_value(work, 1);
        if (wanted >= 0 && wanted < table->count && table->slots[wanted])
            work->access->second_file = work->files->opens[table->slots[wanted] >> 1].file;
    }
    if (work->done)
        sc_table_dup(work->files, work->table, from, to, cloexec);
}

static void apply_fcntl(const struct sc_work *work)
{
    int64_t command = sc_work_value(work, 1), argument = sc_work_value(work, 2);
    struct sc_open *open = sc_work_first(work, 0);
    if (!open || !work->done)
        return;
    switch (command) {
    case F_DUPFD:
    case DUPFD_CLOEXEC: apply_dup(work, false, command == DUPFD_CLOEXEC); break;
    case F_SETFD: sc_table_cloexec(work->table, sc_work_value(work, 0), argument & FD_CLOEXEC); break;
    case F_SETFL: open->append = argument & O_APPEND; break;
    case F_GETFL: open->append = work->event->result & O_APPEND; break;
    default: break;
    }
}

static void apply_close_range(const struct sc_work *work)
{
    int64_t first_fd = sc_work_value(work, 0), last = sc_work_value(work, 1), flags = sc_work_value(work, 2);
    if (work->done && first_fd >= 0)
        sc_table_close_range(work->files, work->table, first_fd, last < 0 ? UINT32_MAX : last & UINT32_MAX,
                             flags >= 0 && flags & CLOSE_ON_EXEC);
}

/* One whose opening was not seen needs no name any more. */
static void apply_close(const struct sc_work *work)
{
    const struct sc_event *event = work->event;
    const struct sc_arg *arg = &event->args[0];
    int64_t fd = sc_work_value(work, 0);
    if (arg->state & SC_ARG_TEXT)
        sc_work_first(work, 0);
    else if (fd >= 0 && fd < SC_FD_LIMIT)
        work->access->file = sc_files_of_descriptor(work->files, event->process, (int)fd);
    /* The descriptor is gone whatever else close says. */
    if (event->outcome == SC_DONE && event->result != -EBADF)
        sc_table_close(work->files, work->table, fd);
}

static bool apply_nameless_kind(const struct sc_work *work)
{
    struct sc_files *files = work->files;
    switch (work->event->desc->nr) {
    case SC_NR_pipe: apply_pair(work, 0, "pipe", &files->pipes, 0); return true;
    case SC_NR_pipe2: apply_pair(work, 0, "pipe", &files->pipes, sc_work_value(work, 1)); return true;
    case SC_NR_socketpair: apply_pair(work, 3, "socket", &files->sockets, sc_work_value(work, 1)); return true;
    case SC_NR_socket: apply_nameless(work, "socket", &files->sockets, sc_work_value(work, 1)); return true;
    case SC_NR_accept: apply_nameless(work, "socket", &files->sockets, 0); return true;
    case SC_NR_accept4: apply_nameless(work, "socket", &files->sockets, sc_work_value(work, 3)); return true;
    case SC_NR_epoll_create: apply_nameless(work, "anon_inode:[eventpoll]", NULL, 0); return true;
    case SC_NR_epoll_create1: apply_nameless(work, "anon_inode:[eventpoll]", NULL, sc_work_value(work, 0)); return true;
    case SC_NR_eventfd: apply_nameless(work, "anon_inode:[eventfd]", NULL, 0); return true;
    case SC_NR_eventfd2: apply_nameless(work, "anon_inode:[eventfd]", NULL, sc_work_value(work, 1)); return true;
    case SC_NR_timerfd_create: apply_nameless(work, "anon_inode:[timerfd]", NULL, sc_work_value(work, 1)); return true;
    case SC_NR_inotify_init: apply_nameless(work, "anon_inode:inotify", NULL, 0); return true;
    case SC_NR_inotify_init1: apply_nameless(work, "anon_inode:inotify", NULL, sc_work_value(work, 0)); return true;
    case SC_NR_pidfd_open: apply_nameless(work, "anon_inode:[pidfd]", NULL, O_CLOEXEC); return true;
    case SC_NR_userfaultfd: apply_nameless(work, "anon_inode:[userfaultfd]", NULL, sc_work_value(work, 0)); return true;
    case SC_NR_io_uring_setup: apply_nameless(work, "anon_inode:[io_uring]", NULL, O_CLOEXEC); return true;
    case SC_NR_perf_event_open: apply_nameless(work, "anon_inode:[perf_event]", NULL, 0); return true;
    case SC_NR_signalfd: /* may also change a descriptor that is there */
    case SC_NR_signalfd4:
        if (sc_work_value(work, 0) < 0)
            apply_nameless(work, "anon_inode:[signalfd]", NULL, sc_work_value(work, 3));
        return true;
    case SC_NR_memfd_create: apply_memfd(work); return true;
    default: return false;
    }
}

bool sc_apply_open(const struct sc_work *work)
{
    const struct sc_event *event = work->event;
    switch (event->desc->nr) {
    case SC_NR_open: apply_open(work, -1, 0, sc_work_value(work, 1)); return true;
    case SC_NR_openat: apply_open(work, 0, 1, sc_work_value(work, 2)); return true;
    case SC_NR_openat2: apply_open(work, 0, 1, event->args[2].extra_count ? event->args[2].extra[0] : -1); return true;
    case SC_NR_creat: apply_open(work, -1, 0, O_CREAT | O_TRUNC | O_WRONLY); return true;
    case SC_NR_close: apply_close(work); return true;
    case SC_NR_close_range: apply_close_range(work); return true;
    case SC_NR_dup: apply_dup(work, false, false); return true;
    case SC_NR_dup2: apply_dup(work, true, false); return true;
    case SC_NR_dup3: apply_dup(work, true, cloexec(sc_work_value(work, 2))); return true;
    case SC_NR_fcntl: apply_fcntl(work); return true;
    default: return apply_nameless_kind(work);
    }
}
