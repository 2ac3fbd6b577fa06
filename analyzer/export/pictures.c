#include "pictures_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"

static uint64_t accesses(const struct sc_report_file *file)
{
    return file->counts.reads + file->counts.writes + file->counts.seeks;
}

static bool has_grid(const struct sc_pictures *pictures, unsigned run, size_t file)
{
    for (size_t i = 0; i < pictures->grid_count; i++)
        if (pictures->grids[i]->file[run] == (int64_t)file)
            return true;
    return false;
}

/* What the other run has under the same role. */
static int64_t counterpart(const struct sc_pictures *pictures, unsigned run, size_t file)
{
    const struct sc_report *report = pictures->report;
    const struct sc_report_run *other = &report->runs[!run];
    for (size_t i = 0; report->run_count == 2 && i < other->file_count; i++)
        if (strcmp(other->files[i].role, report->runs[run].files[file].role) == 0 && !has_grid(pictures, !run, i))
            return (int64_t)i;
    return -1;
}

/* The busiest file that has no grid. False: there is none left. */
static bool busiest(const struct sc_pictures *pictures, unsigned *ret_run, size_t *ret_file)
{
    uint64_t most = 0;
    for (unsigned run = 0; run < pictures->report->run_count; run++) {
        const struct sc_report_run *side = &pictures->report->runs[run];
        for (size_t i = 0; i < side->file_count; i++) {
            if (accesses(&side->files[i]) <= most || has_grid(pictures, run, i))
                continue;
            most = accesses(&side->files[i]);
            *ret_run = run;
            *ret_file = i;
        }
    }
    return most > 0;
}

static int add_grids(struct sc_pictures *pictures)
{
    unsigned run = 0;
    size_t file = 0;
    while (pictures->grid_count < GRID_CANDIDATES && busiest(pictures, &run, &file)) {
        struct grid *grid = calloc(1, sizeof *grid);
        if (!grid)
            return -ENOMEM;
        grid->file[run] = (int64_t)file;
        grid->file[!run] = counterpart(pictures, run, file);
        grid->offset_width = 1;
        grid->time_width = pictures->by_time ? TIME_LEAST : 1;
        pictures->grids[pictures->grid_count++] = grid;
    }
    return 0;
}

struct sc_pictures *sc_pictures_new(const struct sc_report *report)
{
    struct sc_pictures *pictures = calloc(1, sizeof *pictures);
    if (!pictures)
        return NULL;
    pictures->report = report;
    pictures->by_time = true;
    for (unsigned i = 0; i < report->run_count; i++)
        pictures->by_time &= report->runs[i].wall_known;
    for (unsigned i = 0; i < report->run_count; i++) {
        uint64_t span = pictures->by_time ? report->runs[i].wall_ns : report->runs[i].total;
        if (span > pictures->span)
            pictures->span = span;
    }
    if (add_grids(pictures)) {
        sc_pictures_free(pictures);
        return NULL;
    }
    return pictures;
}

void sc_pictures_free(struct sc_pictures *pictures)
{
    if (!pictures)
        return;
    for (size_t i = 0; i < pictures->grid_count; i++)
        free(pictures->grids[i]);
    free(pictures->known_files);
    free(pictures);
}

void sc_pictures_begin_run(struct sc_pictures *pictures)
{
    free(pictures->known_files);
    pictures->known_files = NULL;
    pictures->known_capacity = 0;
}

static bool is_called(const struct sc_file *file, const char *name)
{
    return name && (strcmp(file->first_path, name) == 0 || strcmp(file->path, name) == 0);
}

/* The grid of the model's file, or NULL. Files that have had one name, one after the other, are one in the report. */
static int find_grid(struct sc_pictures *pictures, const struct sc_export_run *run, uint32_t file,
                     struct grid **ret_grid)
{
    *ret_grid = NULL;
    if (SC_RESERVE_ZERO(pictures->known_files, pictures->known_capacity, (size_t)file + 1))
        return -ENOMEM;
    uint8_t *known = &pictures->known_files[file];
    const struct sc_file *looked_for = sc_files_get(run->files, file);
    if (!*known)
        *known = 1;
    else if (*known == 1)
        return 0;
    for (size_t i = 0; *known == 1 && i < pictures->grid_count; i++) {
        int64_t number = pictures->grids[i]->file[run->number];
        const struct sc_report_file *shown = number < 0 ? NULL : &run->report->files[number];
        if (shown && (is_called(looked_for, shown->path) || is_called(looked_for, shown->first_path)))
            *known = (uint8_t)(i + 2);
    }
    if (*known > 1)
        *ret_grid = pictures->grids[*known - 2];
    return 0;
}

/* Two tiles become one, of those that follow each other in time or else in offset. */
static void join_tiles(struct grid *grid, bool in_time)
{
    for (unsigned run = 0; run < 2; run++) {
        for (unsigned time = 0; time < GRID_TIMES; time++) {
            for (unsigned offset = 0; offset < GRID_OFFSETS; offset++) {
                unsigned from_time = in_time ? 2 * time : time, from_offset = in_time ? offset : 2 * offset;
                bool there = from_time < GRID_TIMES && from_offset < GRID_OFFSETS;
                for (unsigned kind = 0; kind < CELL_KINDS; kind++)
                    grid->cells[run][time][offset][kind] =
                        there ? grid->cells[run][from_time][from_offset][kind] +
                                    grid->cells[run][from_time + in_time][from_offset + !in_time][kind]
                              : 0;
            }
        }
    }
    *(in_time ? &grid->time_width : &grid->offset_width) *= 2;
}

static void count_access(struct grid *grid, unsigned run, uint64_t at, uint64_t offset, unsigned kind)
{
    if (!grid->begun[run])
        grid->begin[run] = at;
    grid->begun[run] = true;
    uint64_t since = at > grid->begin[run] ? at - grid->begin[run] : 0;
    while (since / grid->time_width >= GRID_TIMES)
        join_tiles(grid, true);
    while (offset / grid->offset_width >= GRID_OFFSETS)
        join_tiles(grid, false);
    grid->cells[run][since / grid->time_width][offset / grid->offset_width][kind]++;
}

/* Which of so many bins of the same width the time belongs to; what is behind the end to the last one. */
static unsigned bin_of(const struct sc_pictures *pictures, uint64_t at, unsigned bins)
{
    uint64_t bin = at / (pictures->span / bins + 1);
    return bin < bins ? (unsigned)bin : bins - 1;
}

static int add_access(struct sc_pictures *pictures, const struct sc_export_run *run, const struct sc_event *event,
                      const struct sc_access *access, uint64_t at)
{
    bool seeks = event->desc->means == SC_MEANS_SEEK && event->outcome == SC_DONE && event->result >= 0;
    int64_t offset = seeks ? event->result : access->offset;
    if (access->file == SC_NO_FILE || offset < 0 || (!seeks && !sc_event_bytes(event)))
        return 0;
    struct grid *grid;
    int error = find_grid(pictures, run, access->file, &grid);
    if (error || !grid)
        return error;
    unsigned kind = seeks                                  ? CELL_SEEKS
                    : event->desc->category == SC_CAT_READ ? CELL_READS
                    : event->data == SC_DATA_ZERO          ? CELL_ZEROS
                                                           : CELL_WRITES;
    count_access(grid, run->number, at, (uint64_t)offset, kind);
    return 0;
}

/* Over all the bins in which it waited. */
static void add_waiting(struct sc_pictures *pictures, struct run_pictures *shown, uint64_t at, uint64_t took)
{
    uint64_t width = pictures->span / TIMES + 1;
    unsigned bin = bin_of(pictures, at, TIMES);
    if (!pictures->by_time) {
        shown->activity[bin][BIN_WAITING] += took;
        return;
    }
    for (; took; bin++) {
        uint64_t end = (bin + 1) * width, part = bin + 1 < TIMES && at + took > end ? end - at : took;
        shown->activity[bin][BIN_WAITING] += part;
        at += part;
        took -= part;
    }
}

static void add_process(struct sc_pictures *pictures, const struct sc_export_run *run, uint32_t process, uint64_t at)
{
    for (size_t i = 0; i < PROCESSES && i < run->report->process_count; i++)
        if (run->report->process_table[i].number == process)
            pictures->runs[run->number].processes[i][bin_of(pictures, at, PROCESS_TIMES)]++;
}

static unsigned power_of(uint64_t value)
{
    return value ? 63 - (unsigned)__builtin_clzll(value) : 0;
}

int sc_pictures_add(struct sc_pictures *pictures, const struct sc_export_run *run, const struct sc_event *event,
                    const struct sc_access *access)
{
    struct run_pictures *shown = &pictures->runs[run->number];
    uint64_t since = event->start_ns > run->begin_ns ? event->start_ns - run->begin_ns : 0;
    uint64_t at = !pictures->by_time ? shown->shown : event->has_start ? since : 0;
    bool call = event->type == SC_EVENT_CALL; /* of a request its bytes and where they are; it waits beside others */
    shown->shown += call;
    uint64_t bytes = sc_event_bytes(event), *bin = shown->activity[bin_of(pictures, at, TIMES)];
    bool reads = event->desc->category == SC_CAT_READ, writes = event->desc->category == SC_CAT_WRITE;
    bool waits = sc_files_waits(run->files, event->desc, access->file);
    bin[BIN_CALLS] += call;
    if (bytes) {
        bin[reads ? BIN_READ : BIN_WRITTEN] += bytes;
        shown->sizes[reads ? SIZE_READS : SIZE_WRITES][power_of(bytes)]++;
    }
    if (event->has_duration && call) {
        shown->took[waits    ? TOOK_WAITS
                    : reads  ? TOOK_READS
                    : writes ? TOOK_WRITES
                             : TOOK_OTHERS][power_of(event->duration_ns)]++;
        if (waits)
            add_waiting(pictures, shown, at, event->duration_ns);
    }
    if (call)
        add_process(pictures, run, event->process, at);
    return add_access(pictures, run, event, access, at);
}
