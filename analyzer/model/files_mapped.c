/* files_mapped.c: what is done to files through memory that they are mapped into. */
#include <stdlib.h>

#include "files_internal.h"

void sc_touched_free(struct sc_touched *touched)
{
    if (!touched)
        return;
    sc_extents_free(&touched->all);
    sc_extents_free(&touched->zeros);
    sc_extents_free(&touched->unseen);
    free(touched);
}

static uint32_t begin(struct sc_files *files, const struct sc_event *event)
{
    struct sc_table *table = sc_table_of(files, event->process);
    const struct sc_open *open = table ? sc_table_get(files, table, event->mapped->descriptor, NULL) : NULL;
    if (!open)
        return SC_NO_FILE;
    if (sc_index_put(&files->mappings, event->mapped->mapping, open->file) != 0)
        files->failed = true;
    return open->file;
}

/* Puts the run into the set, or takes it out, and counts its pages. 0 or -ENOMEM. */
static int mark(struct sc_extents *set, const struct sc_page_run *run, bool in, uint64_t *count)
{
    int64_t from = (int64_t)(run->first * SC_FILE_PAGE), to = (int64_t)((run->first + run->pages) * SC_FILE_PAGE);
    int64_t had;
    int error = in ? sc_extents_add(set, from, to, &had) : sc_extents_remove(set, from, to, &had);
    if (error)
        return error;
    uint64_t pages = (uint64_t)had / SC_FILE_PAGE;
    *count = in ? *count + run->pages - pages : *count - pages;
    return 0;
}

/* A page counts once for its file, however often it is met; what it held the last time counts. */
static void touch(struct sc_files *files, uint32_t index, const struct sc_mapped_pages *mapped)
{
    struct sc_ranges *ranges = &files->ranges[index];
    struct sc_file_counts *counts = &files->files[index].counts;
    if (!ranges->touched && !(ranges->touched = calloc(1, sizeof *ranges->touched))) {
        files->failed = true;
        return;
    }
    struct sc_touched *touched = ranges->touched;
    for (uint32_t i = 0; i < mapped->count; i++) {
        const struct sc_page_run *run = &mapped->runs[i];
        if (mark(&touched->all, run, true, &counts->touched_pages) ||
            mark(&touched->zeros, run, run->data == SC_DATA_ZERO, &counts->touched_zero_pages) ||
            mark(&touched->unseen, run, run->data == SC_DATA_UNSEEN, &counts->touched_unseen_pages))
            files->failed = true;
    }
}

void sc_apply_mapped(struct sc_files *files, const struct sc_event *event, struct sc_access *access)
{
    if (event->mapped->began) {
        access->file = begin(files, event);
        return;
    }
    uint32_t index = sc_index_get(&files->mappings, event->mapped->mapping);
    if (index == SC_INDEX_NONE)
        return;
    while (files->files[index].same_as != SC_NO_FILE)
        index = files->files[index].same_as;
    access->file = index;
    if (!files->only_follow)
        touch(files, index, event->mapped);
}
