/* files_calls.c: what an event's arguments mean, and the calls that only say something about a file or a process. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "files_internal.h"

struct sc_open *sc_work_get(const struct sc_work *work, unsigned arg)
{
    const struct sc_event *event = work->event;
    if (arg >= event->nargs || !(event->args[arg].state & SC_ARG_VALUE))
        return NULL;
    if (event->outcome == SC_DONE && event->result == -EBADF &&
        sc_files_of_descriptor(work->files, event->process, (int)event->args[arg].value) == SC_NO_FILE)
        return NULL;
    struct sc_open *before = sc_table_overtaken(work->files, work->table, event->args[arg].value, event);
    return before ? before : sc_table_get(work->files, work->table, event->args[arg].value, &event->args[arg]);
}

struct sc_open *sc_work_first(const struct sc_work *work, unsigned arg)
{
    struct sc_open *open = sc_work_get(work, arg);
    if (open)
        work->access->file = open->file;
    return open;
}

/* The directory that a relative path begins at. strace -y prints it even beside AT_FDCWD. Where both are known, as the
 * model of a run of own names has it. */
static const char *directory_of(const struct sc_work *work, int dir, size_t *ret_len)
{
    const char *path = work->table->cwd;
    if (dir >= 0) {
        const struct sc_arg *arg = &work->event->args[dir];
        bool told = sc_event_has_text(work->event, (unsigned)dir),
             at_cwd = arg->state & SC_ARG_VALUE && arg->value == AT_FDCWD;
        if (told && !(work->files->own_names && (path || !at_cwd))) {
            *ret_len = arg->text_len;
            return arg->text;
        }
        if (arg->state & SC_ARG_VALUE && arg->value != AT_FDCWD) {
            const struct sc_open *open = sc_work_get(work, (unsigned)dir);
            path = open ? sc_work_file(work, open)->path : NULL;
        }
    }
    *ret_len = path ? strlen(path) : 0;
    return path;
}

/*
 * The number that a name below the folder of the calling process's descriptors has, or -1. ret_rest: what follows it,
 * "" or "/in/file".
 */
static int64_t descriptor_in(const struct sc_work *work, const char *name, const char **ret_rest)
{
    static const char *const own[] = {"/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/"};
    char by_pid[32];
    const char *number = NULL;
    if (name[0] != '/' || (name[1] != 'p' && name[1] != 'd'))
        return -1;
    for (size_t i = 0; i < sizeof own / sizeof own[0] && !number; i++)
        if (strncmp(name, own[i], strlen(own[i])) == 0)
            number = name + strlen(own[i]);
    if (!number && work->event->pid && name[1] == 'p') {
        snprintf(by_pid, sizeof by_pid, "/proc/%d/fd/", (int)work->event->pid);
        if (strncmp(name, by_pid, strlen(by_pid)) == 0)
            number = name + strlen(by_pid);
    }
    size_t digits = number ? strspn(number, "0123456789") : 0;
    if (!digits || digits > 9 || (number[digits] && number[digits] != '/'))
        return -1;
    *ret_rest = number + digits;
    return strtol(number, NULL, 10);
}

/*
 * The name in files->scratch may lie below a folder that is open: /proc/self/fd/4/name. It is that folder's file, by
 * whatever way it is named. Returns the new length, or len.
 */
static size_t enter_descriptor(const struct sc_work *work, size_t len)
{
    struct sc_files *files = work->files;
    const char *rest;
    int64_t fd = descriptor_in(work, files->scratch, &rest);
    uint32_t folder = fd >= 0 && *rest ? sc_files_of_descriptor(files, work->event->process, (int)fd) : SC_NO_FILE;
    const char *path = folder != SC_NO_FILE ? files->files[folder].path : "";
    if (path[0] != '/')
        return len;
    char *below = strdup(rest + 1); /* it stands where the new name is made */
    if (below)
        len = sc_resolve(files, path, strlen(path), below, strlen(below));
    files->failed |= !below;
    free(below);
    return len;
}

bool sc_work_resolve(const struct sc_work *work, int dir, unsigned path, enum sc_follow follow, size_t *ret_len)
{
    const struct sc_arg *arg = &work->event->args[path];
    if (!sc_event_has_text(work->event, path))
        return false;
    size_t directory_len = 0;
    const char *directory = arg->text_len && arg->text[0] == '/' ? NULL : directory_of(work, dir, &directory_len);
    *ret_len = sc_resolve(work->files, directory, directory_len, arg->text, arg->text_len);
    if (*ret_len)
        *ret_len = enter_descriptor(work, *ret_len);
    if (*ret_len)
        *ret_len = sc_links_follow(work->files, *ret_len, follow == SC_FOLLOWED);
    return *ret_len > 0;
}

int64_t sc_descriptor_named(const struct sc_work *work, const char *name)
{
    static const char *const standard[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    const char *rest;
    for (int i = 0; i < 3; i++)
        if (strcmp(name, standard[i]) == 0)
            return i;
    int64_t fd = descriptor_in(work, name, &rest);
    return fd >= 0 && !*rest ? fd : -1;
}

uint32_t sc_work_named(const struct sc_work *work, int dir, unsigned path, enum sc_follow follow, bool create)
{
    size_t len;
    if (!sc_work_resolve(work, dir, path, follow, &len))
        return SC_NO_FILE;
    int64_t fd = follow == SC_FOLLOWED ? sc_descriptor_named(work, work->files->scratch) : -1;
    if (fd < 0)
        return sc_file_named(work->files, work->files->scratch, len, create);
    const struct sc_open *open = create ? sc_table_get(work->files, work->table, fd, NULL) : NULL;
    return open ? open->file : sc_files_of_descriptor(work->files, work->event->process, (int)fd);
}

static void set_cwd(const struct sc_work *work, const char *path)
{
    char *copy = path && path[0] == '/' ? strdup(path) : NULL;
    free(work->table->cwd);
    work->table->cwd = copy;
}

/* By name or by descriptor. */
static void apply_chdir(const struct sc_work *work)
{
    size_t len;
    if (work->event->desc->kinds[0] == SC_KIND_PATH) {
        if (work->done)
            set_cwd(work, sc_work_resolve(work, -1, 0, SC_FOLLOWED, &len) ? work->files->scratch : NULL);
        return;
    }
    const struct sc_open *open = sc_work_first(work, 0);
    if (work->done)
        set_cwd(work, open ? sc_work_file(work, open)->path : NULL);
}

static void apply_fork(const struct sc_work *work)
{
    const struct sc_event *event = work->event;
    unsigned flags = event->desc->kinds[0];
    if (!work->done || event->result <= 0 || flags == SC_KIND_PTR || /* clone3's: not known */
        (flags == SC_KIND_CLONE_FLAGS &&
         (!(event->args[0].state & SC_ARG_VALUE) || event->args[0].value & CLONE_THREAD)))
        return;
    struct sc_files *files = work->files;
    struct sc_table *table = sc_table_copy(files, work->table);
    if (files->fork_count == SC_FORKS_LIMIT) {
        sc_table_free(files, files->forks[0].table);
        memmove(files->forks, files->forks + 1, --files->fork_count * sizeof *files->forks);
    }
    if (table)
        files->forks[files->fork_count++] = (struct sc_fork){(int32_t)event->result, table};
}

static void note_map(const struct sc_work *work, const struct sc_open *open)
{
    if (open && work->event->desc->means == SC_MEANS_MAP && work->event->outcome == SC_DONE &&
        !sc_event_failed(work->event))
        sc_work_file(work, open)->counts.maps++;
}

/* Is the call about what a link leads to, or about the link? lstat, lchown, llistxattr ... say so in their names. */
static enum sc_follow follows(const struct sc_event *event)
{
    const char *name = event->desc->name;
    if (name && name[0] == 'l' && strcmp(name, "listxattr") != 0)
        return SC_ITSELF;
    if (event->desc->means == SC_MEANS_READ_LINK)
        return SC_ITSELF;
    for (unsigned i = 0; i < event->nargs; i++)
        if (event->args[i].kind == SC_KIND_AT_FLAGS || event->args[i].kind == SC_KIND_AT_STATX)
            return sc_event_value(event, i) > 0 && sc_event_value(event, i) & AT_SYMLINK_NOFOLLOW ? SC_ITSELF
                                                                                                  : SC_FOLLOWED;
    return SC_FOLLOWED;
}

static void name_file(const struct sc_work *work, int dir, unsigned path)
{
    work->access->file = sc_work_named(work, dir, path, follows(work->event), false);
    if (work->access->file == SC_NO_FILE && sc_event_has_text(work->event, path))
        work->access->path = work->files->scratch; /* resolved just now */
}

/* A pipe or socket in a folder: what it takes and gives goes to somebody and comes from somebody. */
static void note_fifo(const struct sc_work *work)
{
    struct sc_files *files = work->files;
    uint32_t id;
    if (work->access->file != SC_NO_FILE) {
        files->files[work->access->file].fifo = true;
        files->files[work->access->file].regular = false;
    } else if (work->access->path) {
        files->failed |= sc_intern_add(&files->fifos, work->access->path, strlen(work->access->path), &id) != 0;
    }
}

/* Any other call: whose file it is about, by the kinds of its arguments. */
static void apply_other(const struct sc_work *work)
{
    const struct sc_event *event = work->event;
    int dir = -1;
    for (unsigned i = 0; i < event->nargs; i++) {
        switch (event->args[i].kind) {
        case SC_KIND_FD: {
            struct sc_open *open = sc_work_get(work, i);
            uint32_t *to = work->access->file == SC_NO_FILE ? &work->access->file : &work->access->second_file;
            if (open)
                *to = open->file;
            break;
        }
        case SC_KIND_MAP_FD:
            if (sc_work_value(work, i) >= 0 &&
                !(event->desc->means == SC_MEANS_MAP && sc_work_value(work, 3) & MAP_ANONYMOUS))
                note_map(work, sc_work_first(work, i));
            break;
        case SC_KIND_DIRFD: dir = (int)i; break;
        case SC_KIND_PATH:
            if (work->access->file == SC_NO_FILE) {
                bool itself = dir >= 0 && sc_event_has_text(event, i) && !event->args[i].text_len;
                if (itself && sc_work_value(work, (unsigned)dir) >= 0) /* AT_EMPTY_PATH */
                    sc_work_first(work, (unsigned)dir);
                else
                    name_file(work, dir, i);
            }
            break;
        case SC_KIND_FILE_MODE:
            if (work->done && S_ISFIFO((mode_t)sc_work_value(work, i)))
                note_fifo(work);
            break;
        case SC_KIND_STAT: /* for what has a size */
        case SC_KIND_STATX:
            if (event->args[i].extra_count >= 1 && work->done &&
                (S_ISFIFO(event->args[i].extra[0]) || S_ISSOCK(event->args[i].extra[0])))
                note_fifo(work);
            if (event->args[i].extra_count >= 4 && S_ISREG(event->args[i].extra[0]) && work->done)
                sc_apply_inode(work, event->args[i].extra[1], event->args[i].extra[2], event->args[i].extra[3]);
            if (event->args[i].extra_count >= 2 && S_ISREG(event->args[i].extra[0]))
                sc_apply_size(work, work->access->file, event->args[i].extra[1], false);
            break;
        default: break;
        }
    }
}

/* As mkdtemp makes one: for nobody else. */
static void note_private_folder(const struct sc_work *work)
{
    const char *name = work->event->desc->name;
    bool at = name && strcmp(name, "mkdirat") == 0;
    size_t len;
    uint32_t id;
    if (!work->done || !name || (!at && strcmp(name, "mkdir") != 0) || sc_work_value(work, at ? 2 : 1) != S_IRWXU)
        return;
    if (sc_work_resolve(work, at ? 0 : -1, at ? 1 : 0, SC_ITSELF, &len))
        work->files->failed |= sc_intern_add(&work->files->private_folders, work->files->scratch, len, &id) != 0;
}

/* What runs from here on. A file that is executed is not opened, and is none of the model's. */
static void apply_exec(const struct sc_work *work)
{
    apply_other(work);
    int dir = work->event->desc->kinds[0] == SC_KIND_DIRFD ? 0 : -1;
    size_t len;
    uint32_t id;
    if (work->event->outcome == SC_NO_RETURN && sc_work_resolve(work, dir, (unsigned)(dir + 1), SC_ITSELF, &len))
        work->files->failed |= sc_intern_add(&work->files->executed, work->files->scratch, len, &id) != 0;
}

static void apply_rest(const struct sc_work *work)
{
    switch (work->event->desc->means) {
    case SC_MEANS_FORK: apply_fork(work); break;
    case SC_MEANS_CHDIR: apply_chdir(work); break;
    case SC_MEANS_EXEC: apply_exec(work); break;
    case SC_MEANS_AIO_SUBMIT: sc_apply_submit(work); break;
    case SC_MEANS_RING_ENTER:
    case SC_MEANS_RING_REGISTER:
        apply_other(work);
        sc_apply_submit(work);
        break;
    default:
        apply_other(work);
        note_private_folder(work);
        break;
    }
}

static void count_whole(struct sc_files *files, struct sc_file *file, const struct sc_event *event)
{
    file->counts.errors += sc_event_failed(event);
    file->counts.time_ns += sc_event_took(event);
    if (sc_event_bytes(event) && !files->only_follow && sc_sizes_add(&file->sizes, sc_event_bytes(event)))
        files->failed = true;
}

void sc_apply_any(const struct sc_work *work)
{
    if (!sc_apply_io(work) && !sc_apply_open(work) && !sc_apply_names(work))
        apply_rest(work);
}

void sc_apply_call(struct sc_files *files, const struct sc_event *event, struct sc_access *access)
{
    struct sc_table *table = sc_table_of(files, event->process);
    if (!table)
        return;
    struct sc_work work = {files, table, event, access, event->outcome == SC_DONE && event->result >= 0};
    sc_apply_any(&work);
    if (access->file != SC_NO_FILE)
        count_whole(files, &files->files[access->file], event);
}
