/* files_table.c: descriptors of processes, and the open file descriptions behind them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "files_internal.h"

enum { FIRST_SLOTS = 64, BLOCK = 64, STANDARD = SC_STANDARD };

static uint32_t new_open(struct sc_files *files, uint32_t file)
{
    uint32_t number = files->free_open;
    if (number) {
        files->free_open = files->opens[number].references;
    } else {
        files->open_count += files->open_count == 0; /* number 0 means none */
        if (files->open_count >= UINT32_MAX / 4 ||
            SC_RESERVE(files->opens, files->open_capacity, (size_t)files->open_count + 1)) {
            files->failed = true;
            return SC_NO_OPEN;
        }
        number = files->open_count++;
    }
    files->opens[number] = (struct sc_open){.file = file, .references = 1, .offset = SC_OFFSET_UNKNOWN};
    return number;
}

static void drop(struct sc_files *files, sc_slot slot)
{
    uint32_t number = slot >> 1;
    if (number && --files->opens[number].references == 0) {
        files->opens[number].references = files->free_open;
        files->free_open = number;
    }
}

static bool afford(struct sc_files *files, size_t slots)
{
    if (slots > files->slots_left)
        return false;
    files->slots_left -= slots;
    return true;
}

static bool grow(struct sc_files *files, struct sc_table *table, uint32_t fd)
{
    size_t capacity = table->capacity ? table->capacity : FIRST_SLOTS;
    while (capacity <= fd)
        capacity *= 2;
    if (!afford(files, capacity - table->capacity))
        return false;
    if (SC_RESERVE_ZERO(table->slots, table->capacity, capacity)) {
        files->failed = true;
        return false;
    }
    table->count = fd + 1;
    return true;
}

static bool followed(int64_t fd)
{
    return fd >= 0 && fd < SC_FD_LIMIT;
}

/* Puts what slot means behind fd, whose former meaning is closed. Takes slot's reference over. */
static void set(struct sc_files *files, struct sc_table *table, int64_t fd, sc_slot slot)
{
    if (!followed(fd) || ((uint64_t)fd >= table->count && !grow(files, table, (uint32_t)fd))) {
        drop(files, slot);
        return;
    }
    drop(files, table->slots[fd]);
    table->slots[fd] = slot;
    if (fd < STANDARD)
        table->std_closed |= (uint8_t)(1 << fd);
}

struct sc_table *sc_table_new(struct sc_files *files)
{
    struct sc_table *table = calloc(1, sizeof *table);
    if (!table)
        files->failed = true;
    return table;
}

struct sc_table *sc_table_of(struct sc_files *files, uint32_t process)
{
    if (process < files->table_count && files->tables[process])
        return files->tables[process];
    if (process >= SC_PROCESS_LIMIT)
        return NULL;
    if (SC_RESERVE_ZERO(files->tables, files->table_count, (size_t)process + 1)) {
        files->failed = true;
        return NULL;
    }
    struct sc_table *table = sc_table_new(files);
    if (table && process == 0 && files->root_cwd)
        table->cwd = strdup(files->root_cwd);
    return files->tables[process] = table;
}

/* Descriptors may be few and far apart: blocks in which there are none are passed in one step. */
static bool is_free_block(const sc_slot *slots)
{
    static const sc_slot none[BLOCK];
    return memcmp(slots, none, sizeof none) == 0;
}

/* The first descriptor from fd on that is open, or the table's count or more. */
static uint32_t next_open(const struct sc_table *table, uint32_t fd)
{
    while (fd < table->count && !table->slots[fd])
        fd += fd % BLOCK == 0 && table->count - fd >= BLOCK && is_free_block(&table->slots[fd]) ? BLOCK : 1;
    return fd;
}

/* What is free at its end is not looked at again. False where it was looked at too often. */
static bool trim(struct sc_files *files, struct sc_table *table)
{
    if (!afford(files, table->count / BLOCK))
        return false;
    while (table->count > FIRST_SLOTS && !table->slots[table->count - 1])
        table->count -= table->count % BLOCK == 0 && is_free_block(&table->slots[table->count - BLOCK]) ? BLOCK : 1;
    return true;
}

struct sc_table *sc_table_copy(struct sc_files *files, struct sc_table *from)
{
    struct sc_table *table = sc_table_new(files);
    if (!table)
        return NULL;
    table->std_closed = from->std_closed;
    table->cwd = from->cwd ? strdup(from->cwd) : NULL;
    if (!trim(files, from) || !from->count || !grow(files, table, from->count - 1))
        return table;
    for (uint32_t fd = next_open(from, 0); fd < from->count; fd = next_open(from, fd + 1)) {
        table->slots[fd] = from->slots[fd];
        files->opens[from->slots[fd] >> 1].references++;
    }
    return table;
}

void sc_table_free(struct sc_files *files, struct sc_table *table)
{
    if (!table)
        return;
    for (uint32_t fd = next_open(table, 0); fd < table->count; fd = next_open(table, fd + 1))
        drop(files, table->slots[fd]);
    free(table->slots);
    free(table->cwd);
    free(table);
}

void sc_table_exec(struct sc_files *files, struct sc_table *table)
{
    if (!afford(files, table->count)) {
        sc_table_close_range(files, table, STANDARD, INT64_MAX, false);
        return;
    }
    for (uint32_t fd = next_open(table, 0); fd < table->count; fd = next_open(table, fd + 1))
        if (table->slots[fd] & 1)
            sc_table_close(files, table, fd);
}

void sc_table_close(struct sc_files *files, struct sc_table *table, int64_t fd)
{
    if (fd >= 0 && fd < STANDARD)
        table->std_closed |= (uint8_t)(1 << fd);
    if (fd < 0 || fd >= table->count)
        return;
    drop(files, table->slots[fd]);
    table->slots[fd] = 0;
}

void sc_table_close_range(struct sc_files *files, struct sc_table *table, int64_t first, int64_t last, bool on_exec)
{
    if (first < STANDARD && !on_exec)
        for (int64_t fd = first < 0 ? 0 : first; fd <= last && fd < STANDARD; fd++)
            sc_table_close(files, table, fd);
    int64_t from = first < 0 ? 0 : first;
    if (from < table->count && !afford(files, table->count - (uint32_t)from)) {
        last = INT64_MAX;
        on_exec = false;
    }
    for (int64_t fd = from; fd < table->count; fd++) {
        fd = next_open(table, (uint32_t)fd);
        if (fd > last)
            break;
        if (on_exec)
            sc_table_cloexec(table, fd, true);
        else
            sc_table_close(files, table, fd);
    }
    /* Programs close everything from some number on, each time: what is free is not looked at again. */
    if (!on_exec && last >= table->count && from < table->count)
        table->count = (uint32_t)from;
}

void sc_table_got(struct sc_files *files, const struct sc_table *table, int64_t fd, const struct sc_event *event)
{
    if (fd < 0 || fd >= table->count || !table->slots[fd] || !event->has_start || !event->has_duration)
        return;
    struct sc_overtaken *next = &files->overtaken[files->next_overtaken++ % SC_OVERTAKEN];
    drop(files, next->open << 1);
    uint32_t open = table->slots[fd] >> 1;
    files->opens[open].references++;
    *next = (struct sc_overtaken){table, fd, event->thread, event->start_ns + event->duration_ns, open};
    files->overtaken_until = next->until > files->overtaken_until ? next->until : files->overtaken_until;
}

struct sc_open *sc_table_overtaken(struct sc_files *files, const struct sc_table *table, int64_t fd,
                                   const struct sc_event *event)
{
    if (!event->has_start || event->start_ns > files->overtaken_until)
        return NULL;
    for (unsigned i = 0; i < SC_OVERTAKEN; i++) {
        const struct sc_overtaken *known = &files->overtaken[i];
        if (known->table == table && known->fd == fd && known->thread != event->thread &&
            event->start_ns <= known->until)
            return &files->opens[known->open];
    }
    return NULL;
}

void sc_table_open(struct sc_files *files, struct sc_table *table, int64_t fd, uint32_t file, int64_t offset,
                   bool append, bool cloexec)
{
    if (!followed(fd) || file == SC_NO_FILE)
        return;
    uint32_t number = new_open(files, file);
    if (!number)
        return;
    files->opens[number].offset = offset;
    files->opens[number].append = append;
    files->opens[number].seekable = offset != SC_OFFSET_UNKNOWN;
    set(files, table, fd, number << 1 | cloexec);
}

void sc_table_dup(struct sc_files *files, struct sc_table *table, int64_t from, int64_t to, bool cloexec)
{
    if (from == to || !sc_table_get(files, table, from, NULL))
        return;
    uint32_t number = table->slots[from] >> 1;
    files->opens[number].references++;
    set(files, table, to, number << 1 | cloexec);
}

void sc_table_share(struct sc_files *files, struct sc_table *table, int64_t from, struct sc_table *to_table, int64_t to)
{
    const struct sc_open *open = sc_table_get(files, table, from, NULL);
    if (!open)
        return;
    uint32_t number = (uint32_t)(open - files->opens);
    files->opens[number].references++;
    set(files, to_table, to, number << 1);
}

void sc_table_cloexec(struct sc_table *table, int64_t fd, bool on)
{
    if (fd >= 0 && fd < table->count && table->slots[fd])
        table->slots[fd] = (table->slots[fd] & ~UINT32_C(1)) | on;
}

void sc_table_release(struct sc_files *files, uint32_t slot)
{
    if (slot >= files->held_capacity)
        return;
    drop(files, files->held[slot] << 1);
    files->held[slot] = SC_NO_OPEN;
}

void sc_table_hold(struct sc_files *files, struct sc_table *table, int64_t fd, uint32_t slot)
{
    struct sc_open *open = sc_table_get(files, table, fd, NULL);
    if (SC_RESERVE_ZERO(files->held, files->held_capacity, (size_t)slot + 1)) {
        files->failed = true;
        return;
    }
    if (!open)
        return;
    open->references++;
    files->held[slot] = (uint32_t)(open - files->opens);
}

/* A descriptor whose opening was not seen: inherited, or opened where we could not look. */
static struct sc_open *adopt(struct sc_files *files, struct sc_table *table, int64_t fd, const char *name, size_t len)
{
    static const char *const standard[STANDARD] = {"stdin", "stdout", "stderr"};
    char text[32];
    bool closed = fd < STANDARD && table->std_closed & 1 << fd;
    if (!name) {
        if (fd < STANDARD && !closed)
            snprintf(text, sizeof text, "%s", standard[fd]);
        else
            snprintf(text, sizeof text, "fd %d", (int)fd);
        name = text;
        len = strlen(text);
    }
    uint32_t file = sc_file_named(files, name, len, true);
    if (file == SC_NO_FILE)
        return NULL;
    files->files[file].regular |= name[0] == '/';
    files->files[file].given |= fd == 0 && !closed;
    bool cloexec = fd < table->count && table->slots[fd] & 1;
    uint8_t std_closed = table->std_closed;
    sc_table_open(files, table, fd, file, SC_OFFSET_UNKNOWN, false, cloexec);
    table->std_closed = std_closed;
    if (fd >= table->count || !table->slots[fd])
        return NULL;
    struct sc_open *open = &files->opens[table->slots[fd] >> 1];
    open->seekable = true; /* a successful lseek will tell where it stands */
    return open;
}

/*
 * A name may hold a NUL where a log is damaged. To the kernel a file that was made without a name is called "#" and its
 * inode for as long as it is open, whatever links it gets.
 */
static bool is_called(const struct sc_file *file, const char *name, size_t len)
{
    const char *slash = memrchr(name, '/', len);
    if (file->unnamed && slash && slash + 1 < name + len && slash[1] == '#')
        return true;
    return (strlen(file->path) == len && memcmp(file->path, name, len) == 0) ||
           (strlen(file->first_path) == len && memcmp(file->first_path, name, len) == 0);
}

struct sc_open *sc_table_get(struct sc_files *files, struct sc_table *table, int64_t fd, const struct sc_arg *arg)
{
    if (!followed(fd))
        return NULL;
    struct sc_open *open = fd < table->count && table->slots[fd] ? &files->opens[table->slots[fd] >> 1] : NULL;
    if (!arg || !(arg->state & SC_ARG_TEXT) || !arg->text_len)
        return open ? open : adopt(files, table, fd, NULL, 0);
    if (open && files->own_names)
        return open;
    if (open && is_called(&files->files[open->file], arg->text, arg->text_len))
        return open;
    if (!open)
        return adopt(files, table, fd, arg->text, arg->text_len);
    /*
     * The source knows the file's name of this moment, as the kernel has it (symbolic links resolved, a pipe's own
     * number); what was followed of its offset stays true.
     */
    uint32_t file = sc_file_named(files, arg->text, arg->text_len, true);
    if (file == SC_NO_FILE)
        return NULL;
    files->files[file].regular |= arg->text[0] == '/';
    open->file = file;
    return open;
}
