/* files_io.c: reading, writing, seeking: offsets, sizes and what is counted for each file. */
#include <fcntl.h>
#include <unistd.h>

#include "files_internal.h"
#include "uring_ops.h"

/* at, n bytes on. */
static int64_t advance(const struct sc_open *open, int64_t at, int64_t n)
{
    return !open->seekable || at == SC_OFFSET_UNKNOWN || at < 0 || at > INT64_MAX - n ? SC_OFFSET_UNKNOWN : at + n;
}

/* The description's own. */
static int64_t offset_of(const struct sc_work *work, const struct sc_open *open)
{
    return work->files->offsets_lost ? SC_OFFSET_UNKNOWN : open->offset;
}

static int64_t end_of(const struct sc_work *work, const struct sc_open *open)
{
    int64_t size = work->files->sizes[open->file];
    return work->files->offsets_lost || size == SC_SIZE_UNKNOWN ? SC_OFFSET_UNKNOWN : size;
}

static void grow_size(const struct sc_work *work, uint32_t file, int64_t end)
{
    int64_t *size = &work->files->sizes[file];
    if (*size != SC_SIZE_UNKNOWN && end != SC_OFFSET_UNKNOWN && end > *size)
        *size = end;
}

static bool asks_for_none(const struct sc_event *event)
{
    for (unsigned i = 0; i < event->nargs; i++)
        if (event->args[i].kind == SC_KIND_SIZE && sc_event_value(event, i) == 0)
            return true;
    return false;
}

/*
 * How far a file was read, and whether that is its end: a read there gets nothing, or the program knew the size. What
 * has no offset (a pipe, a standard input that was never sought in) is as long as what came out of it.
 */
static void note_length(const struct sc_work *work, uint32_t index, int64_t at, int64_t n)
{
    struct sc_file *file = &work->files->files[index];
    int64_t size = work->files->sizes[index];
    bool somewhere = at == SC_OFFSET_UNKNOWN || at < 0;
    uint64_t end = (somewhere ? file->length : (uint64_t)at) + (uint64_t)n;
    if (asks_for_none(work->event) || (n == 0 && end > file->length)) /* behind the end, by how much is not known */
        return;
    file->length = end > file->length ? end : file->length;
    file->read_to_end |= n == 0 || (!somewhere && size != SC_SIZE_UNKNOWN && size > 0 && end >= (uint64_t)size);
}

/* own: the description's offset counts and moves; else at does. */
static void did_read(const struct sc_work *work, struct sc_open *open, bool own, int64_t at)
{
    struct sc_file *file = sc_work_file(work, open);
    int64_t n = work->done ? work->event->result : 0;
    file->counts.reads++;
    if (own)
        at = offset_of(work, open);
    if (work->done) {
        file->counts.bytes_read += (uint64_t)n;
        work->access->length = n;
        note_length(work, open->file, at, n);
        sc_note_access(work, open, at, n, false);
        if (own)
            open->offset = advance(open, at, n);
    }
    if (own)
        open->sought = false;
    work->access->offset = at;
}

/* With O_APPEND every write goes to the end, that of pwrite too; only write moves the offset there. */
static int64_t did_write(const struct sc_work *work, struct sc_open *open, bool own, int64_t at)
{
    struct sc_file *file = sc_work_file(work, open);
    int64_t n = work->done ? work->event->result : 0;
    file->counts.writes++;
    if (open->append)
        at = end_of(work, open);
    else if (own)
        at = offset_of(work, open);
    if (!work->done)
        return at;
    file->counts.bytes_written += (uint64_t)n;
    if (work->event->data == SC_DATA_ZERO && n > 0) {
        file->counts.zero_writes++;
        file->counts.zero_bytes += (uint64_t)n;
    }
    sc_note_access(work, open, at, n, true);
    int64_t end = advance(open, at, n);
    if (own) {
        open->offset = end;
        open->sought = false;
    }
    grow_size(work, open->file, end);
    return at;
}

static void apply_transfer(const struct sc_work *work, bool writes, int offset_arg)
{
    struct sc_open *open = sc_work_first(work, 0);
    if (!open)
        return;
    int64_t at = offset_arg < 0 ? -1 : sc_work_value(work, (unsigned)offset_arg);
    bool own = at < 0; /* preadv2 and pwritev2 take -1 for it; for the others the kernel refuses it */
    if (!writes) {
        did_read(work, open, own, at);
        return;
    }
    work->access->offset = did_write(work, open, own, at);
    work->access->length = work->done ? work->event->result : 0;
    sc_work_file(work, open)->counts.unseen_writes += work->access->length > 0 && work->event->data == SC_DATA_UNSEEN;
}

static void apply_lseek(const struct sc_work *work)
{
    struct sc_open *open = sc_work_first(work, 0);
    if (!open)
        return;
    struct sc_file *file = sc_work_file(work, open);
    int64_t before = offset_of(work, open), after = work->event->result;
    work->access->offset = before;
    file->counts.seeks++;
    if (!work->done)
        return;
    work->access->open = (uint32_t)(open - work->files->opens);
    open->sought = before != after && !work->files->offsets_lost; /* what was between may be missing */
    if (before != SC_OFFSET_UNKNOWN) {
        work->access->redundant_seek = after == before;
        work->access->seek_delta = (int64_t)((uint64_t)after - (uint64_t)before);
        file->counts.redundant_seeks += after == before;
    }
    open->offset = after;
    open->seekable = true;
    if (sc_work_value(work, 2) == SEEK_END && work->event->args[1].state & SC_ARG_VALUE)
        work->files->sizes[open->file] = (int64_t)((uint64_t)after - (uint64_t)work->event->args[1].value);
}

/* Both sides of sendfile, copy_file_range, splice and tee. in_at, out_at: the argument of an own offset, or -1. */
static void apply_copy(const struct sc_work *work, unsigned in, int in_at, unsigned out, int out_at)
{
    struct sc_open *source = sc_work_get(work, in);
    uint32_t source_file = source ? source->file : (uint32_t)SC_NO_FILE;
    struct sc_open *target = sc_work_get(work, out);
    source = sc_work_get(work, in); /* the list may have moved */
    const struct sc_arg *args = work->event->args;
    work->access->file = in == 0 ? source_file : target ? target->file : (uint32_t)SC_NO_FILE;
    work->access->second_file = in == 0 ? target ? target->file : (uint32_t)SC_NO_FILE : source_file;
    if (source) {
        bool own = in_at < 0 || args[in_at].state & SC_ARG_NULL;
        did_read(work, source, own, !own && args[in_at].extra_count ? args[in_at].extra[0] : SC_OFFSET_UNKNOWN);
    }
    if (target) {
        bool own = out_at < 0 || args[out_at].state & SC_ARG_NULL;
        int64_t at =
            did_write(work, target, own, !own && args[out_at].extra_count ? args[out_at].extra[0] : SC_OFFSET_UNKNOWN);
        if (out == 0 || !source)
            work->access->offset = at;
    }
    work->access->length = work->done ? work->event->result : 0;
}

void sc_apply_size(const struct sc_work *work, uint32_t file, int64_t size, bool only_larger)
{
    if (!work->done || file == SC_NO_FILE || size < 0)
        return;
    if (only_larger)
        grow_size(work, file, size);
    else
        work->files->sizes[file] = size;
}

/* By name or by descriptor. */
static void apply_truncate(const struct sc_work *work)
{
    if (work->event->desc->kinds[0] == SC_KIND_PATH)
        work->access->file = sc_work_named(work, -1, 0, SC_FOLLOWED, false);
    else
        (void)sc_work_first(work, 0);
    uint32_t file = work->access->file;
    int64_t size = sc_work_value(work, 1);
    sc_apply_size(work, file, size, false);
    if (work->done && file != SC_NO_FILE && size >= 0)
        sc_ranges_cut(work->files, file, size);
}

/* What lies behind a range that is put in or taken out lies elsewhere then. */
static void move_contents(const struct sc_work *work, uint32_t file, int64_t at, int64_t by)
{
    int64_t *size = &work->files->sizes[file];
    if (!work->done)
        return;
    sc_ranges_move(work->files, file, at, by);
    if (*size != SC_SIZE_UNKNOWN && *size + (by < 0 ? by : 0) >= 0 && *size <= INT64_MAX - (by > 0 ? by : 0))
        *size += by;
}

static void apply_allocate(const struct sc_work *work)
{
    int64_t at = sc_work_value(work, 2), length = sc_work_value(work, 3);
    int64_t mode = sc_work_value(work, 1);
    const struct sc_open *open = sc_work_first(work, 0);
    if (!open || mode < 0 || at < 0 || length < 0 || at > INT64_MAX - length)
        return;
    if (mode & (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE))
        move_contents(work, open->file, at, mode & FALLOC_FL_INSERT_RANGE ? length : -length);
    else if (!(mode & (FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)))
        sc_apply_size(work, open->file, at + length, true);
}

/* Does a request need what its descriptor means now? Those that are about names do not. */
static bool is_about_fd(const struct sc_request_fields *is)
{
    const struct sc_uring_op *op = sc_uring_op(is->operation);
    if (!sc_operation_in_ring(is->operation))
        return true;
    return op && (op->data != SC_URING_NONE ? op->data != SC_URING_MOVES
                                            : op->args[0] == SC_URING_FD && op->args[1] != SC_URING_PATH);
}

/* Does it put something else into the ring's table, or take it out? */
static bool changes_ring_files(const struct sc_request_fields *is)
{
    const struct sc_uring_op *op = sc_uring_op(is->operation);
    const struct sc_call_desc *call = op && is->other ? sc_uring_call(is) : NULL;
    return call && (call->fd_effect == SC_FD_GIVES || call->fd_effect == SC_FD_CLOSES);
}

void sc_apply_submit(const struct sc_work *work)
{
    const struct sc_event *event = work->event;
    bool changed = false;
    for (uint32_t i = 0; i < event->requests_taken; i++) {
        const struct sc_request_fields *is = &event->requests[i].is;
        bool fixed = sc_operation_in_ring(is->operation) && is->flags & SC_URING_FIXED_FILE;
        struct sc_table *table = fixed ? sc_ring_table(work->files, event->process, event->ring) : work->table;
        if (is->operation == SC_OP_RING_FILE) {
            sc_apply_ring_file(work, is);
            continue;
        }
        changed |= changes_ring_files(is);
        sc_table_release(work->files, event->requests[i].slot); /* of one whose end was not seen */
        /* In a chain a request may open what the next one is for: that is there when it ends. */
        bool is_there = table && (!fixed || (is->fd >= 0 && (uint32_t)is->fd < table->count && table->slots[is->fd]));
        if (is_there && is_about_fd(is) && !(fixed && changed))
            sc_table_hold(work->files, table, is->fd, event->requests[i].slot);
    }
}

void sc_count_request(const struct sc_work *work, struct sc_file *file)
{
    file->counts.requests++;
    file->counts.request_ns += sc_event_took(work->event);
    file->counts.errors += sc_event_failed(work->event);
    if (sc_event_bytes(work->event) && !work->files->only_follow &&
        sc_sizes_add(&file->sizes, sc_event_bytes(work->event)))
        work->files->failed = true;
}

static bool is_transfer(const struct sc_event *event)
{
    switch (event->desc->means) {
    case SC_MEANS_READ:
    case SC_MEANS_WRITE:
    case SC_MEANS_PREAD:
    case SC_MEANS_PWRITE: return true;
    default: return false;
    }
}

/* At the file's end as the model has it by then: which of several under way came first nobody can tell. */
static void apply_transfer_request(const struct sc_work *work, struct sc_open *open)
{
    const struct sc_event *event = work->event;
    struct sc_access *access = work->access;
    int64_t at = sc_event_value(event, 3);
    bool own = event->desc->means == SC_MEANS_READ || event->desc->means == SC_MEANS_WRITE;
    if (event->desc->means == SC_MEANS_PREAD || event->desc->means == SC_MEANS_READ)
        did_read(work, open, own, at);
    else
        access->offset = did_write(work, open, own, at);
}

/* Held since it was handed over; or what is there now, where another request made it meanwhile. */
static uint32_t open_of(struct sc_files *files, const struct sc_event *event)
{
    uint32_t number = event->slot < files->held_capacity ? files->held[event->slot] : SC_NO_OPEN;
    const struct sc_table *table = NULL;
    if (!number && event->ring_file)
        table = sc_ring_table(files, event->process, event->ring);
    return table && event->ring_file - 1 < table->count ? table->slots[event->ring_file - 1] >> 1 : number;
}

void sc_apply_request(struct sc_files *files, const struct sc_event *event, struct sc_access *access)
{
    uint32_t number = open_of(files, event);
    if (event->way == SC_WAY_RING && !is_transfer(event) && event->desc->means != SC_MEANS_SYNC) {
        sc_apply_ring_request(files, event, access);
    } else if (number) {
        struct sc_open *open = &files->opens[number];
        struct sc_work work = {files, NULL, event, access, event->result >= 0};
        access->file = open->file;
        if (is_transfer(event))
            apply_transfer_request(&work, open);
        access->length = access->length || event->result < 0 ? access->length : event->result;
        sc_count_request(&work, sc_work_file(&work, open));
    }
    if (!event->more_follow)
        sc_table_release(files, event->slot);
}

bool sc_apply_io(const struct sc_work *work)
{
    switch (work->event->desc->means) {
    case SC_MEANS_READ: apply_transfer(work, false, -1); return true;
    case SC_MEANS_PREAD: apply_transfer(work, false, 3); return true;
    case SC_MEANS_WRITE:
    case SC_MEANS_VMSPLICE: apply_transfer(work, true, -1); return true;
    case SC_MEANS_PWRITE: apply_transfer(work, true, 3); return true;
    case SC_MEANS_SEEK: apply_lseek(work); return true;
    case SC_MEANS_SENDFILE: apply_copy(work, 1, 2, 0, -1); return true;
    case SC_MEANS_COPY:
    case SC_MEANS_SPLICE: apply_copy(work, 0, 1, 2, 3); return true;
    case SC_MEANS_TEE: apply_copy(work, 0, -1, 1, -1); return true;
    case SC_MEANS_TRUNCATE: apply_truncate(work); return true;
    case SC_MEANS_ALLOCATE: apply_allocate(work); return true;
    default: return false;
    }
}
