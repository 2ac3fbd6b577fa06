/*
 * files_inodes.c: which names are one file, where a program asks for device and inode: a path through a link that was
 * there before the run, another name of a hard link.
 *
 * An inode's number is given to another file once the first is gone. So two are one only while the first has a name, by
 * all that is known, and nothing that is known of the second contradicts it.
 */
#include <string.h>

#include "add_counters.h"
#include "array.h"
#include "files_internal.h"

enum { READS_LIMIT = 64 }; /* ld.so reads a library's head before it asks */

static bool has_name(const struct sc_files *files, uint32_t file)
{
    return files->name_files[files->files[file].name] == file;
}

/* Of the second so little was seen that all of it is the first's as well. */
static bool can_unite(const struct sc_files *files, uint32_t file, uint32_t other, int64_t size)
{
    const struct sc_file *is = &files->files[other];
    return files->files[file].regular && !is->made_here && !is->identified && !is->counts.writes &&
           is->counts.reads <= READS_LIMIT && (files->sizes[file] == SC_SIZE_UNKNOWN || files->sizes[file] == size) &&
           files->open_count <= files->slots_left;
}

static void unite_reads(struct sc_files *files, uint32_t file, uint32_t other)
{
    struct sc_extent read[READS_LIMIT];
    size_t count = sc_extents_list(&files->ranges[other].read, read, READS_LIMIT);
    int64_t again;
    for (size_t i = 0; i < count; i++)
        if (sc_extents_add(&files->ranges[file].read, read[i].begin, read[i].end, &again))
            files->failed = true;
    sc_ranges_free(&files->ranges[other]);
}

/* Names, descriptors and counts of other become file's. */
static void unite(struct sc_files *files, uint32_t file, uint32_t other)
{
    struct sc_file *to = &files->files[file], *from = &files->files[other];
    files->slots_left -= files->open_count;
    for (uint32_t i = 0; i < files->open_count; i++)
        if (files->opens[i].file == other)
            files->opens[i].file = file;
    const uint32_t names[] = {from->name, from->link};
    for (unsigned i = 0; i < 2; i++) {
        if (names[i] == SC_NOT_INTERNED || files->name_files[names[i]] != other)
            continue;
        files->name_files[names[i]] = file;
        to->link = names[i];
    }
    unite_reads(files, file, other);
    SC_ADD_COUNTERS(&to->counts, &from->counts);
    from->counts = (struct sc_file_counts){0};
    files->failed |= sc_sizes_join(&to->sizes, from->sizes) != 0;
    sc_sizes_free(from->sizes);
    from->sizes = NULL;
    to->given |= from->given;
    to->made |= from->made;
    to->own |= from->own;
    to->read_to_end |= from->read_to_end;
    to->length = from->length > to->length ? from->length : to->length;
    from->same_as = file;
}

/* Where the inode's file is noted; with create it is made. NULL: there is none. */
static uint32_t *file_of(struct sc_files *files, int64_t device, int64_t inode, bool create)
{
    const int64_t identity[2] = {device, inode};
    uint32_t number;
    if (!create) {
        number = sc_intern_find(&files->inodes, (const char *)identity, sizeof identity);
        return number == SC_NOT_INTERNED ? NULL : &files->inode_files[number];
    }
    if (SC_RESERVE(files->inode_files, files->inode_capacity, files->inode_count + 1) ||
        sc_intern_add(&files->inodes, (const char *)identity, sizeof identity, &number)) {
        files->failed = true;
        return NULL;
    }
    if (number == files->inode_count)
        files->inode_files[files->inode_count++] = SC_NO_FILE;
    return &files->inode_files[number];
}

void sc_apply_inode(const struct sc_work *work, int64_t size, int64_t device, int64_t inode)
{
    struct sc_files *files = work->files;
    struct sc_access *access = work->access;
    uint32_t *known = file_of(files, device, inode, access->file != SC_NO_FILE);
    if (!known || *known == access->file)
        return;
    bool lives = *known != SC_NO_FILE && has_name(files, *known);
    if (access->file == SC_NO_FILE) {
        if (!lives || !access->path)
            return;
        sc_file_link(files, *known, access->path, strlen(access->path));
        access->file = *known;
        access->path = NULL;
    } else if (lives && can_unite(files, *known, access->file, size)) {
        unite(files, *known, access->file);
        access->united = access->file;
        access->file = *known;
    } else if (!lives) {
        *known = access->file;
        files->files[access->file].identified = true;
    }
}
