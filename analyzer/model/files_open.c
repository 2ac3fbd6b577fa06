/* files_open.c: calls that make, duplicate or drop descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "files_internal.h"

/* Flags that are not known are negative. */
static bool cloexec(int64_t flags)
{
    return flags > 0 && flags & O_CLOEXEC;
}

/* O_CREAT|O_EXCL and mode 0600: how mkstemp makes a file. */
static bool is_own(const struct sc_work *work, unsigned path, int64_t flags)
{
    unsigned mode = path + 2;
    return flags >= 0 && flags & O_CREAT && flags & O_EXCL && mode < work->event->nargs &&
           work->event->args[mode].kind == SC_KIND_OPEN_MODE && sc_work_value(work, mode) == (S_IRUSR | S_IWUSR);
}

/* A file of its own in the folder that is named. */
static uint32_t make_unnamed(const struct sc_work *work, int dir, unsigned path)
{
    static const char no_name[] = "/(no name)";
    struct sc_files *files = work->files;
    size_t len;
    if (!sc_work_resolve(work, dir, path, SC_FOLLOWED, &len))
        return SC_NO_FILE;
    if (SC_RESERVE(files->scratch, files->scratch_bytes, len + sizeof no_name)) {
        files->failed = true;
        return SC_NO_FILE;
    }
    len -= len == 1 && files->scratch[0] == '/';
    memcpy(files->scratch + len, no_name, sizeof no_name);
    return sc_file_unnamed(files, files->scratch, len + sizeof no_name - 1);
}

/*
 * By the path; where the source tells the kernel's name of what was opened, by that: the path may go through links that
 * were there before. Then both mean it.
 */
static uint32_t opened_file(const struct sc_work *work, int dir, unsigned path, bool is_new, enum sc_follow follow)
{
    struct sc_files *files = work->files;
    const char *name = work->event->opened;
    size_t name_len = work->event->opened_len, len;
    bool resolved = sc_work_resolve(work, dir, path, follow, &len);
    if (resolved && is_new)
        sc_file_unlink(files, files->scratch, len);
    if (!work->done || !name || !name_len || name[0] != '/' ||
        (resolved && sc_descriptor_named(work, files->scratch) >= 0))
        return sc_work_named(work, dir, path, follow, work->done);
    if (is_new)
        sc_file_unlink(files, name, name_len);
    uint32_t file = sc_file_named(files, name, name_len, true);
    if (resolved && file != SC_NO_FILE && sc_file_named(files, files->scratch, len, false) != file)
        sc_file_link(files, file, files->scratch, len);
    return file;
}

static bool is_fifo(const struct sc_files *files, const char *path)
{
    return sc_intern_find(&files->fifos, path, strlen(path)) != SC_NOT_INTERNED;
}

static void apply_open(const struct sc_work *work, int dir, unsigned path, int64_t flags)
{
    bool known = flags >= 0, unnamed = work->done && known && (flags & O_TMPFILE) == O_TMPFILE;
    bool is_new = known && flags & O_CREAT && flags & O_EXCL;
    enum sc_follow follow = known && flags & O_NOFOLLOW ? SC_ITSELF : SC_FOLLOWED;
    uint32_t file =
        unnamed ? make_unnamed(work, dir, path) : opened_file(work, dir, path, work->done && is_new, follow);
    struct sc_files *files = work->files;
    if (work->done && file == SC_NO_FILE) { /* the source does not know the name */
        char text[32];
        int len = snprintf(text, sizeof text, "fd %d", (int)work->event->result);
        file = sc_file_named(files, text, (size_t)len, true);
    }
    work->access->file = file;
    if (file == SC_NO_FILE && sc_event_has_text(work->event, path))
        work->access->path = files->scratch; /* resolved just now */
    if (!work->done || file == SC_NO_FILE)
        return;
    files->files[file].counts.opens++;
    if (files->fifos.count)
        files->files[file].fifo |= is_fifo(files, files->files[file].path);
    /* By a name in /proc it is what the descriptor is, a pipe maybe. */
    if (unnamed || !sc_event_has_text(work->event, path) || sc_descriptor_named(work, files->scratch) < 0)
        files->files[file].regular = !files->files[file].fifo;
    bool regular = files->files[file].regular;
    bool emptied = unnamed || is_new || (known && flags & O_TRUNC);
    files->files[file].made_here |= unnamed || is_new;
    files->files[file].made |= emptied;
    files->files[file].own |= is_own(work, path, flags);
    work->access->empties = regular && emptied && files->files[file].counts.bytes_written && files->sizes[file] > 0;
    if (regular && emptied)
        sc_ranges_cut(files, file, files->sizes[file] = 0);
    sc_table_got(files, work->table, work->event->result, work->event);
    sc_table_open(files, work->table, work->event->result, file, regular ? 0 : SC_OFFSET_UNKNOWN,
                  known && flags & O_APPEND, known && flags & O_CLOEXEC);
}

/* Files without a name in a directory: one for each pipe or socket, one for all of each other kind. */
static uint32_t make_nameless(struct sc_files *files, const char *kind, unsigned *counter)
{
    char text[64];
    int len =
        counter ? snprintf(text, sizeof text, "%s:[%u]", kind, ++*counter) : snprintf(text, sizeof text, "%s", kind);
    uint32_t file = sc_file_named(files, text, (size_t)len, true);
    if (file != SC_NO_FILE)
        files->files[file].counts.opens++; /* NOLINT(clang-analyzer-core.NullDereference): it was named just now */
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
    sc_table_got(work->files, work->table, work->event->result, work->event);
    sc_table_open(work->files, work->table, work->event->result, file, SC_OFFSET_UNKNOWN, false, cloexec(flags));
}

static void apply_pair(const struct sc_work *work, unsigned arg, const char *kind, unsigned *counter, int64_t flags)
{
    const struct sc_arg *pair = &work->event->args[arg];
    if (!work->done || arg >= work->event->nargs || pair->extra_count < 2)
        return;
    uint32_t file = make_nameless(work->files, kind, counter);
    work->access->file = file;
    for (unsigned i = 0; i < 2; i++) {
        sc_table_got(work->files, work->table, pair->extra[i], work->event);
        sc_table_open(work->files, work->table, pair->extra[i], file, SC_OFFSET_UNKNOWN, false, cloexec(flags));
    }
}

static void apply_memfd(const struct sc_work *work)
{
    const struct sc_arg *name = &work->event->args[0];
    char text[280];
    if (!work->done)
        return;
    bool named = sc_event_has_text(work->event, 0);
    int len =
        snprintf(text, sizeof text, "/memfd:%.*s", named ? (int)name->text_len & 0xff : 0, named ? name->text : "");
    uint32_t file = sc_file_named(work->files, text, (size_t)len, true);
    work->access->file = file;
    if (file == SC_NO_FILE)
        return;
    work->files->files[file].counts.opens++;
    work->files->sizes[file] = 0;
    sc_table_got(work->files, work->table, work->event->result, work->event);
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
    if (work->done && !to_given)
        sc_table_got(work->files, work->table, to, work->event);
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
    case F_DUPFD_CLOEXEC: apply_dup(work, false, command == F_DUPFD_CLOEXEC); break;
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
                             flags >= 0 && flags & CLOSE_RANGE_CLOEXEC);
}

/* One whose opening was not seen needs no name any more. */
static void apply_close(const struct sc_work *work)
{
    const struct sc_event *event = work->event;
    int64_t fd = sc_work_value(work, 0);
    if (sc_event_has_text(event, 0))
        sc_work_first(work, 0);
    else if (fd >= 0 && fd < SC_FD_LIMIT)
        work->access->file = sc_files_of_descriptor(work->files, event->process, (int)fd);
    /* The descriptor is gone whatever else close says. */
    if (event->outcome != SC_DONE || event->result == -EBADF)
        return;
    const struct sc_open *before = sc_table_overtaken(work->files, work->table, fd, event);
    if (before)
        work->access->file = before->file;
    else
        sc_table_close(work->files, work->table, fd);
}

/* What a call makes that has no name in a directory: its name in a line, and the kernel's in /proc/PID/fd. */
static const struct {
    const char *name, *path;
} made[] = {
    [SC_MEANS_SOCKET] = {"socket", "socket"},
    [SC_MEANS_ACCEPT] = {"socket", "socket"},
    [SC_MEANS_EPOLL] = {"epoll", "anon_inode:[eventpoll]"},
    [SC_MEANS_EVENTFD] = {"eventfd", "anon_inode:[eventfd]"},
    [SC_MEANS_TIMERFD] = {"timerfd", "anon_inode:[timerfd]"},
    [SC_MEANS_INOTIFY] = {"inotify", "anon_inode:inotify"},
    [SC_MEANS_USERFAULTFD] = {"userfaultfd", "anon_inode:[userfaultfd]"},
    [SC_MEANS_PERF_EVENT] = {"perf_event", "anon_inode:[perf_event]"},
    [SC_MEANS_MEMFD] = {"memfd", NULL}, /* it has one */
    [SC_MEANS_PIDFD] = {"pidfd", "anon_inode:[pidfd]"},
    [SC_MEANS_IO_URING] = {"io_uring", "anon_inode:[io_uring]"},
    [SC_MEANS_SIGNALFD] = {"signalfd", "anon_inode:[signalfd]"},
};

const char *sc_made_name(enum sc_means means)
{
    return (size_t)means < sizeof made / sizeof made[0] ? made[means].name : NULL;
}

/* Flags with O_CLOEXEC among them; 0 where the call has none. */
static int64_t made_flags(const struct sc_work *work)
{
    if (work->event->desc->means == SC_MEANS_PIDFD || work->event->desc->means == SC_MEANS_IO_URING)
        return O_CLOEXEC;
    for (unsigned i = 0; i < work->event->nargs; i++)
        switch (work->event->args[i].kind) {
        case SC_KIND_OPEN_FLAGS:
        case SC_KIND_PIPE_FLAGS:
        case SC_KIND_EPOLL_FLAGS:
        case SC_KIND_EVENTFD_FLAGS:
        case SC_KIND_SIGNALFD_FLAGS:
        case SC_KIND_TIMERFD_FLAGS:
        case SC_KIND_INOTIFY_FLAGS:
        case SC_KIND_SOCK_TYPE:
        case SC_KIND_SOCK_FLAGS: return sc_work_value(work, i);
        default: break;
        }
    return 0;
}

/*
 * A ring may have no descriptor (IORING_SETUP_REGISTERED_FD_ONLY): what setup returns then is an index, and that
 * descriptor is something else still.
 */
static bool is_in_use(const struct sc_work *work, int64_t fd)
{
    bool given = fd >= 0 && fd < SC_STANDARD && !(work->table->std_closed & 1 << fd);
    return given || sc_files_of_descriptor(work->files, work->event->process, (int)fd) != SC_NO_FILE;
}

static void apply_made(const struct sc_work *work)
{
    enum sc_means means = work->event->desc->means;
    if (means == SC_MEANS_IO_URING && is_in_use(work, work->event->result))
        return;
    bool socket = means == SC_MEANS_SOCKET || means == SC_MEANS_ACCEPT;
    if (means == SC_MEANS_SIGNALFD && sc_work_value(work, 0) >= 0)
        return; /* one that is there */
    apply_nameless(work, made[means].path, socket ? &work->files->sockets : NULL, made_flags(work));
}

/* By its kinds: the name with the directory before it, and the flags. */
static void apply_open_by_kinds(const struct sc_work *work)
{
    const struct sc_event *event = work->event;
    unsigned path = event->desc->kinds[0] == SC_KIND_DIRFD;
    int64_t flags = O_CREAT | O_TRUNC | O_WRONLY; /* creat */
    if (event->desc->kinds[path + 1] == SC_KIND_OPEN_FLAGS)
        flags = sc_work_value(work, path + 1);
    else if (event->desc->kinds[path + 1] == SC_KIND_OPEN_HOW)
        flags = event->args[path + 1].extra_count ? event->args[path + 1].extra[0] : -1;
    apply_open(work, (int)path - 1, path, flags);
}

bool sc_apply_open(const struct sc_work *work)
{
    struct sc_files *files = work->files;
    switch (work->event->desc->means) {
    case SC_MEANS_OPEN: apply_open_by_kinds(work); return true;
    case SC_MEANS_CLOSE: apply_close(work); return true;
    case SC_MEANS_CLOSE_RANGE: apply_close_range(work); return true;
    case SC_MEANS_DUP: apply_dup(work, false, false); return true;
    case SC_MEANS_DUP_TO: apply_dup(work, true, cloexec(made_flags(work))); return true;
    case SC_MEANS_FCNTL: apply_fcntl(work); return true;
    case SC_MEANS_MAKE_PAIR: apply_pair(work, 0, "pipe", &files->pipes, made_flags(work)); return true;
    case SC_MEANS_SOCKETPAIR: apply_pair(work, 3, "socket", &files->sockets, made_flags(work)); return true;
    case SC_MEANS_MEMFD: apply_memfd(work); return true;
    default:
        if (!sc_made_name(work->event->desc->means))
            return false;
        apply_made(work);
        return true;
    }
}
