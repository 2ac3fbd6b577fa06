/* files_rings.c: requests of io_uring that do what other calls than reads and writes do; a ring's own table of files.
 */
#include <stdlib.h>

#include "array.h"
#include "files_internal.h"

struct sc_table *sc_ring_table(struct sc_files *files, uint32_t process, uint32_t ring)
{
    uint64_t key = (uint64_t)process << 32 | ring;
    uint32_t number = sc_index_get(&files->rings, key);
    if (number != SC_INDEX_NONE)
        return files->ring_tables[number];
    struct sc_table *table = sc_table_new(files);
    if (!table)
        return NULL;
    number = (uint32_t)files->ring_count;
    if (SC_RESERVE(files->ring_tables, files->ring_capacity, files->ring_count + 1) ||
        sc_index_put(&files->rings, key, number)) {
        sc_table_free(files, table);
        files->failed = true;
        return NULL;
    }
    files->ring_count++;
    return files->ring_tables[number] = table;
}

uint32_t sc_files_of_ring(const struct sc_files *files, uint32_t process, uint32_t ring, uint32_t index)
{
    uint32_t number = sc_index_get(&files->rings, (uint64_t)process << 32 | ring);
    const struct sc_table *table = number == SC_INDEX_NONE ? NULL : files->ring_tables[number];
    return table && index < table->count && table->slots[index] ? files->opens[table->slots[index] >> 1].file
                                                                : (uint32_t)SC_NO_FILE;
}

void sc_ring_tables_free(struct sc_files *files)
{
    for (size_t i = 0; i < files->ring_count; i++)
        sc_table_free(files, files->ring_tables[i]);
    free(files->ring_tables);
    sc_index_free(&files->rings);
}

void sc_apply_ring_file(const struct sc_work *work, const struct sc_request_fields *is)
{
    const struct sc_event *event = work->event;
    bool known = work->done && is->key < SC_FD_LIMIT;
    struct sc_table *table = known ? sc_ring_table(work->files, event->process, event->ring) : NULL;
    if (table && is->fd >= 0)
        sc_table_share(work->files, work->table, is->fd, table, (int64_t)is->key);
    else if (table && is->fd == -1) /* -2: it stays as it is */
        sc_table_close(work->files, table, (int64_t)is->key);
}

/* What would be a descriptor goes to the ring's table: it is one of the process's for a moment, a free one. */
static void make_ring_file(const struct sc_work *work, uint32_t index)
{
    struct sc_event event = *work->event;
    struct sc_work made = *work;
    uint32_t count = work->table->count;
    int64_t fd = count < SC_STANDARD ? SC_STANDARD : count;
    event.result = fd;
    made.event = &event;
    sc_apply_any(&made);
    struct sc_table *ring = sc_ring_table(work->files, event.process, event.ring);
    if (work->done && ring)
        sc_table_share(work->files, work->table, fd, ring, index);
    sc_table_close(work->files, work->table, fd);
    work->table->count = count; /* or each one would make the table bigger */
}

static void close_ring_file(const struct sc_work *work, struct sc_table *ring, uint32_t index)
{
    if (index < ring->count && ring->slots[index])
        work->access->file = work->files->opens[ring->slots[index] >> 1].file;
    if (work->done)
        sc_table_close(work->files, ring, index);
}

void sc_apply_ring_request(struct sc_files *files, const struct sc_event *event, struct sc_access *access)
{
    struct sc_table *table = sc_table_of(files, event->process);
    struct sc_table *ring = event->ring_file ? sc_ring_table(files, event->process, event->ring) : table;
    if (!table || !ring)
        return;
    struct sc_work work = {files, table, event, access, event->result >= 0};
    if (!event->ring_file) {
        sc_apply_any(&work);
    } else if (event->desc->means == SC_MEANS_CLOSE) {
        close_ring_file(&work, ring, event->ring_file - 1);
    } else if (event->desc->fd_effect == SC_FD_GIVES) {
        make_ring_file(&work, event->ring_file - 1);
    } else {
        work.table = ring;
        sc_apply_any(&work);
    }
    if (access->file != SC_NO_FILE)
        sc_count_request(&work, &files->files[access->file]);
}
