/* files.c: the file model's public side, and what happens to processes. */
#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files_internal.h"

struct sc_files *sc_files_new(const char *cwd)
{
    struct sc_files *files = calloc(1, sizeof *files);
    if (!files)
        return NULL;
    files->last_ended = UINT32_MAX;
    files->slots_left = SC_SLOTS_FREE;
    files->names_left = files->links_left = SC_NAMES_FREE;
    files->root_cwd = cwd ? strdup(cwd) : NULL;
    if (cwd && !files->root_cwd) {
        free(files);
        return NULL;
    }
    return files;
}

struct sc_files *sc_files_of_run(const struct sc_run *run)
{
    struct sc_files *files = sc_files_new(run->cwd);
    if (!files)
        return NULL;
    files->own_names = run->own_names;
    files->offsets_lost = run->offsets_lost;
    return files;
}

void sc_files_free(struct sc_files *files)
{
    if (!files)
        return;
    sc_ring_tables_free(files);
    for (size_t i = 0; i < files->table_count; i++)
        sc_table_free(files, files->tables[i]);
    for (size_t i = 0; i < files->fork_count; i++)
        sc_table_free(files, files->forks[i].table);
    for (size_t i = 0; i < files->file_count; i++) {
        sc_sizes_free(files->files[i].sizes);
        sc_ranges_free(&files->ranges[i]);
    }
    free(files->ranges);
    free(files->tables);
    free(files->opens);
    free(files->held);
    sc_index_free(&files->mappings);
    free(files->files);
    free(files->sizes);
    free(files->name_files);
    sc_intern_free(&files->names);
    sc_intern_free(&files->executed);
    sc_intern_free(&files->private_folders);
    sc_intern_free(&files->fifos);
    sc_intern_free(&files->folders);
    sc_intern_free(&files->inodes);
    free(files->inode_files);
    sc_intern_free(&files->links);
    free(files->link_targets);
    free(files->scratch);
    free(files->root_cwd);
    free(files);
}

void sc_files_only_follow(struct sc_files *files)
{
    files->only_follow = true;
}

/* The parent's descriptors at the fork itself, where that call was seen: by now the parent may have closed some. */
static struct sc_table *inherited(struct sc_files *files, const struct sc_event *event)
{
    for (size_t i = files->fork_count; event->pid && i-- > 0;) {
        if (files->forks[i].pid != event->pid)
            continue;
        struct sc_table *table = files->forks[i].table;
        memmove(&files->forks[i], &files->forks[i + 1], (--files->fork_count - i) * sizeof *files->forks);
        return table;
    }
    struct sc_table *parent = event->parent != event->process ? sc_table_of(files, event->parent) : NULL;
    return parent ? sc_table_copy(files, parent) : NULL;
}

static void apply_process(struct sc_files *files, const struct sc_event *event)
{
    if (!sc_table_of(files, event->process) || event->origin == SC_ORIGIN_ROOT)
        return;
    struct sc_table *table = inherited(files, event);
    if (!table)
        return;
    if (event->origin == SC_ORIGIN_SPAWN)
        sc_table_exec(files, table);
    sc_table_free(files, files->tables[event->process]);
    files->tables[event->process] = table;
}

/* The one that ended before cannot write any more; this one's destructors may. */
static void apply_end(struct sc_files *files, const struct sc_event *event)
{
    uint32_t old = files->last_ended;
    if (old < files->table_count && old != event->process) {
        sc_table_free(files, files->tables[old]);
        files->tables[old] = NULL;
    }
    files->last_ended = event->process;
}

int sc_files_apply(struct sc_files *files, const struct sc_event *event, struct sc_access *ret_access)
{
    *ret_access = (struct sc_access){
        .file = SC_NO_FILE,
        .united = SC_NO_FILE,
        .second_file = SC_NO_FILE,
        .offset = SC_OFFSET_UNKNOWN,
        .seek_delta = SC_OFFSET_UNKNOWN,
    };
    files->slots_left += SC_SLOTS_EACH;
    files->names_left += SC_NAMES_EACH;
    files->links_left += SC_NAMES_EACH;
    struct sc_table *table;
    switch (event->type) {
    case SC_EVENT_CALL: sc_apply_call(files, event, ret_access); break;
    case SC_EVENT_PROCESS: apply_process(files, event); break;
    case SC_EVENT_EXEC:
        if ((table = sc_table_of(files, event->process)))
            sc_table_exec(files, table);
        break;
    case SC_EVENT_PROCESS_END: apply_end(files, event); break;
    case SC_EVENT_REQUEST: sc_apply_request(files, event, ret_access); break;
    case SC_EVENT_MAPPED: sc_apply_mapped(files, event, ret_access); break;
    default: break;
    }
    return files->failed ? -ENOMEM : 0;
}

uint32_t sc_files_of_descriptor(const struct sc_files *files, uint32_t process, int fd)
{
    const struct sc_table *table = process < files->table_count ? files->tables[process] : NULL;
    if (!table || fd < 0 || (uint32_t)fd >= table->count || !table->slots[fd])
        return SC_NO_FILE;
    return files->opens[table->slots[fd] >> 1].file;
}

const char *sc_files_directory(const struct sc_files *files, uint32_t process)
{
    const struct sc_table *table = process < files->table_count ? files->tables[process] : NULL;
    return table ? table->cwd : process == 0 ? files->root_cwd : NULL;
}

const struct sc_intern *sc_files_private_folders(const struct sc_files *files)
{
    return &files->private_folders;
}

bool sc_files_executed(const struct sc_files *files, const char *path)
{
    return sc_intern_find(&files->executed, path, strlen(path)) != SC_NOT_INTERNED;
}

bool sc_files_lost_offsets(const struct sc_files *files)
{
    return files->offsets_lost;
}

size_t sc_files_count(const struct sc_files *files)
{
    return files->file_count;
}

static bool begins_with(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

bool sc_file_carries(const struct sc_file *file)
{
    const char *path = file->path;
    if (file->fifo)
        return true;
    if (*path == '/')
        return begins_with(path, "/dev/pts/") || begins_with(path, "/dev/tty");
    return !file->regular && (begins_with(path, "pipe") || begins_with(path, "socket") || begins_with(path, "std"));
}

bool sc_files_waits(const struct sc_files *files, const struct sc_call_desc *call, uint32_t file)
{
    switch (call->means) {
    case SC_MEANS_TURN:
    case SC_MEANS_WAIT:
    case SC_MEANS_AIO_EVENTS:
    case SC_MEANS_RING_ENTER:
    case SC_MEANS_WAIT_CHILD:
    case SC_MEANS_ACCEPT:
    case SC_MEANS_RECEIVE: return true;
    case SC_MEANS_READ:
        return file != SC_NO_FILE && (!files->files[file].regular || sc_file_carries(&files->files[file]));
    case SC_MEANS_WRITE:
    case SC_MEANS_SEND: return file != SC_NO_FILE && sc_file_carries(&files->files[file]);
    case SC_MEANS_FORK: return call->name && strcmp(call->name, "vfork") == 0;
    default: return false;
    }
}

size_t sc_files_names(const struct sc_files *files)
{
    return files->name_count;
}

const struct sc_file *sc_files_get(const struct sc_files *files, uint32_t index)
{
    return &files->files[index];
}

const struct sc_file *sc_files_get_last(const struct sc_files *files, uint32_t index)
{
    const struct sc_file *file = &files->files[index];
    while (file->same_as != SC_NO_FILE)
        file = &files->files[file->same_as];
    return file;
}

int64_t sc_files_size(const struct sc_files *files, uint32_t index)
{
    const struct sc_file *file = &files->files[index];
    return file->read_to_end ? (int64_t)file->length : files->sizes[index];
}

const struct sc_zeros *sc_files_zeros(const struct sc_files *files, uint32_t index)
{
    return &files->ranges[index].zeros;
}
