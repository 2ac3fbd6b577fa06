#include "file_tally.h"

#include <errno.h>
#include <stdlib.h>

#include "../model/add_counters.h"
#include "../model/array.h"

struct entry {
    struct sc_file_counts shown, last; /* last: the model's, when a call was about the file before */
    struct sc_sizes *sizes;
};

struct sc_file_tally {
    struct entry *items; /* by number of the file */
    size_t count, capacity;
};

struct sc_file_tally *sc_file_tally_new(void)
{
    return calloc(1, sizeof(struct sc_file_tally));
}

void sc_file_tally_free(struct sc_file_tally *tally)
{
    if (!tally)
        return;
    for (size_t i = 0; i < tally->count; i++)
        sc_sizes_free(tally->items[i].sizes);
    free(tally->items);
    free(tally);
}

/* What this call added to the model's counts is what they are more than before. */
static void note(const struct sc_files *files, struct sc_file_tally *tally, uint32_t file, bool passes)
{
    struct entry *entry = &tally->items[file];
    const struct sc_file_counts *now = &sc_files_get(files, file)->counts;
    struct sc_file_counts added = *now;
    SC_SUBTRACT_COUNTERS(&added, &entry->last);
    if (passes)
        SC_ADD_COUNTERS(&entry->shown, &added);
    entry->last = *now;
}

/* The model gave all that it had counted of one file to another. */
static int unite(const struct sc_files *files, struct sc_file_tally *tally, uint32_t from)
{
    struct entry *gone = &tally->items[from], *kept = &tally->items[sc_files_get(files, from)->same_as];
    SC_ADD_COUNTERS(&kept->shown, &gone->shown);
    SC_ADD_COUNTERS(&kept->last, &gone->last);
    int error = sc_sizes_join(&kept->sizes, gone->sizes);
    sc_sizes_free(gone->sizes);
    *gone = (struct entry){.sizes = NULL};
    return error;
}

int sc_file_tally_add(struct sc_file_tally *tally, const struct sc_files *files, const struct sc_event *event,
                      const struct sc_access *access, bool passes)
{
    size_t count = sc_files_count(files);
    if (SC_RESERVE_ZERO(tally->items, tally->capacity, count))
        return -ENOMEM;
    tally->count = count;
    int error = access->united == SC_NO_FILE ? 0 : unite(files, tally, access->united);
    if (access->file != SC_NO_FILE)
        note(files, tally, access->file, passes);
    if (access->second_file != SC_NO_FILE && access->second_file != access->file)
        note(files, tally, access->second_file, passes);
    if (!error && passes && sc_event_does(event) && access->file != SC_NO_FILE && sc_event_bytes(event))
        error = sc_sizes_add(&tally->items[access->file].sizes, sc_event_bytes(event));
    return error;
}

const struct sc_file_counts *sc_file_tally_counts(const struct sc_file_tally *tally, uint32_t file)
{
    static const struct sc_file_counts none;
    return file < tally->count ? &tally->items[file].shown : &none;
}

const struct sc_sizes *sc_file_tally_sizes(const struct sc_file_tally *tally, uint32_t file)
{
    return file < tally->count ? tally->items[file].sizes : NULL;
}
