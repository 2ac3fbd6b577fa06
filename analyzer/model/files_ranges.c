/* files_ranges.c: what the accesses of a file look like: their order, their alignment, and what is done again. */
#include "files_internal.h"

void sc_ranges_free(struct sc_ranges *ranges)
{
    sc_extents_free(&ranges->written);
    sc_extents_free(&ranges->read);
    sc_extents_free(&ranges->zeros.ever);
    sc_extents_free(&ranges->zeros.left);
    sc_touched_free(ranges->touched);
    ranges->touched = NULL;
}

void sc_ranges_cut(struct sc_files *files, uint32_t file, int64_t size)
{
    struct sc_ranges *ranges = &files->ranges[file];
    int64_t gone;
    /* What was written stays written with zeros once; what is there to be overwritten or read again is not. */
    if (sc_extents_remove(&ranges->written, size, INT64_MAX, &gone) ||
        sc_extents_remove(&ranges->read, size, INT64_MAX, &gone) ||
        sc_extents_remove(&ranges->zeros.left, size, INT64_MAX, &gone))
        files->failed = true;
}

/* With their number, since each is moved by itself: where a hostile file has a million moved each time, they are lost.
 */
static int move(struct sc_files *files, struct sc_extents *set, int64_t at, int64_t by)
{
    int64_t gone;
    if (set->count > files->slots_left) {
        sc_extents_free(set);
        return 0;
    }
    files->slots_left -= set->count;
    if (by > 0)
        return sc_extents_move(set, at, by);
    int error = sc_extents_remove(set, at, at - by, &gone);
    return error ? error : sc_extents_move(set, at - by, by);
}

void sc_ranges_move(struct sc_files *files, uint32_t file, int64_t at, int64_t by)
{
    struct sc_ranges *ranges = &files->ranges[file];
    if (move(files, &ranges->written, at, by) || move(files, &ranges->read, at, by) ||
        move(files, &ranges->zeros.left, at, by))
        files->failed = true;
}

/* Distances are kept as they wrap: an offset may be anything that a damaged log says. */
static void note_order(struct sc_file *file, struct sc_track *track, int64_t at, int64_t end, struct sc_access *access)
{
    int64_t step = (int64_t)((uint64_t)at - (uint64_t)track->begin);
    if (!track->any || at == track->end)
        file->counts.sequential++;
    else if (step == track->step)
        file->counts.strided++;
    else
        access->random = true;
    file->counts.random += access->random;
    *track = (struct sc_track){at, end, track->any ? step : 0, true};
}

static void note_zeros(const struct sc_work *work, struct sc_file *file, struct sc_zeros *zeros, int64_t at,
                       int64_t end)
{
    int64_t bytes = 0;
    int error = 0;
    if (work->event->data == SC_DATA_ZERO && !work->access->grows) {
        error = sc_extents_add(&zeros->ever, at, end, &bytes);
        if (!error)
            error = sc_extents_add(&zeros->left, at, end, &bytes);
    } else if (work->event->data != SC_DATA_ZERO) {
        error = sc_extents_remove(&zeros->left, at, end, &bytes);
        file->counts.zeros_overwritten += (uint64_t)bytes;
    }
    work->files->failed |= error != 0;
}

static void note_again(const struct sc_work *work, struct sc_file *file, struct sc_ranges *ranges, int64_t at,
                       int64_t end, bool is_write)
{
    int64_t again = 0;
    if (sc_extents_add(is_write ? &ranges->written : &ranges->read, at, end, &again))
        work->files->failed = true;
    work->access->again = again;
    if (is_write) {
        file->counts.rewrites += again > 0;
        file->counts.rewritten_bytes += (uint64_t)again;
        note_zeros(work, file, &ranges->zeros, at, end);
    } else {
        file->counts.rereads += again > 0;
        file->counts.reread_bytes += (uint64_t)again;
    }
}

static bool only_grows(const struct sc_work *work, const struct sc_open *open, int64_t at)
{
    int64_t size = work->files->sizes[open->file];
    if (sc_work_file(work, open)->counts.maps)
        return true;
    return size == SC_SIZE_UNKNOWN ? open->sought : at > size;
}

void sc_note_access(const struct sc_work *work, struct sc_open *open, int64_t at, int64_t n, bool is_write)
{
    struct sc_file *file = sc_work_file(work, open);
    struct sc_access *access = work->access;
    if (work->files->only_follow)
        return;
    access->open = (uint32_t)(open - work->files->opens);
    access->after_seek = open->sought && at == open->offset;
    if (!file->regular || !open->seekable || at < 0)
        return;
    file->counts.seek_writes += access->after_seek && is_write;
    file->counts.seek_reads += access->after_seek && !is_write;
    if (n <= 0 || at > INT64_MAX - n)
        return;
    struct sc_track *track = is_write ? &open->writes : &open->reads;
    access->follows = track->any && at == track->end;
    note_order(file, track, at, at + n, access);
    file->counts.misaligned += at % SC_PAGE != 0;
    file->counts.small += n < SC_PAGE;
    if (is_write && n == 1 && work->event->data == SC_DATA_ZERO && only_grows(work, open, at)) {
        access->grows = true;
        file->counts.grows++;
    }
    note_again(work, file, &work->files->ranges[open->file], at, at + n, is_write);
}
