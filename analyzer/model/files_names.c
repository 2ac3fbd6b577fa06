/*
 * files_names.c: names of files, and which file each means now.
 *
 * A rename takes the name along: the new name means
 * the file from then on, and the file goes by it; what was called so before has no name any more. A name that was taken
 * away means no file, so that one which is made anew under it is another; so is what open() says it made (O_EXCL): who
 * took the name away may not have been recorded. A file that is made without a name gets one by a link.
 */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "files_internal.h"

/* The name's number, by which its file is noted. With create it is made, with no file. Or SC_NOT_INTERNED. */
static uint32_t number_of(struct sc_files *files, const char *text, size_t len, bool create)
{
    uint32_t name = SC_NOT_INTERNED;
    len = strnlen(text, len);
    if (!create)
        return sc_intern_find(&files->names, text, len);
    if (SC_RESERVE(files->name_files, files->name_capacity, files->name_count + 1) ||
        sc_intern_add(&files->names, text, len, &name)) {
        files->failed = true;
        return SC_NOT_INTERNED;
    }
    if (name == files->name_count) {
        files->name_files[files->name_count++] = SC_NO_FILE;
        sc_folders_note(files, text, len);
    }
    return name;
}

static void goes_by(struct sc_files *files, uint32_t file, uint32_t name)
{
    files->files[file].name = name;
    files->files[file].path = sc_intern_text(&files->names, name);
}

static uint32_t new_file(struct sc_files *files, uint32_t name)
{
    if (files->file_count == files->file_capacity) {
        /* Three arrays with one capacity, which counts once all have it. */
        size_t needed = files->file_count + 1, file = files->file_capacity, size = file, range = file;
        if (SC_RESERVE(files->files, file, needed) || SC_RESERVE(files->sizes, size, needed) ||
            SC_RESERVE(files->ranges, range, needed)) {
            files->failed = true;
            return SC_NO_FILE;
        }
        files->file_capacity = file;
    }
    files->files[files->file_count] = (struct sc_file){.link = SC_NOT_INTERNED, .same_as = SC_NO_FILE};
    goes_by(files, (uint32_t)files->file_count, name);
    files->files[files->file_count].first_path = files->files[files->file_count].path;
    files->sizes[files->file_count] = SC_SIZE_UNKNOWN;
    files->ranges[files->file_count] = (struct sc_ranges){0};
    return (uint32_t)files->file_count++;
}

uint32_t sc_name_number(struct sc_files *files, const char *text, size_t len)
{
    return number_of(files, text, len, true);
}

uint32_t sc_file_named(struct sc_files *files, const char *text, size_t len, bool create)
{
    uint32_t name = number_of(files, text, len, create);
    if (name == SC_NOT_INTERNED)
        return SC_NO_FILE;
    if (files->name_files[name] == SC_NO_FILE && create)
        files->name_files[name] = new_file(files, name);
    return files->name_files[name];
}

uint32_t sc_file_unnamed(struct sc_files *files, const char *text, size_t len)
{
    uint32_t name = number_of(files, text, len, true);
    uint32_t file = name == SC_NOT_INTERNED ? (uint32_t)SC_NO_FILE : new_file(files, name);
    if (file != SC_NO_FILE)
        files->files[file].unnamed = true;
    return file;
}

void sc_file_link(struct sc_files *files, uint32_t file, const char *text, size_t len)
{
    uint32_t name = number_of(files, text, len, true);
    if (name == SC_NOT_INTERNED)
        return;
    files->name_files[name] = file;
    if (files->files[file].unnamed)
        goes_by(files, file, name);
    files->files[file].link = name;
}

void sc_file_unlink(struct sc_files *files, const char *text, size_t len)
{
    uint32_t name = number_of(files, text, len, false);
    uint32_t file = name == SC_NOT_INTERNED ? (uint32_t)SC_NO_FILE : files->name_files[name];
    if (file == SC_NO_FILE)
        return;
    files->name_files[name] = SC_NO_FILE;
    uint32_t link = files->files[file].link;
    if (files->files[file].name == name && link != SC_NOT_INTERNED && files->name_files[link] == file)
        goes_by(files, file, link);
}

/* What was called from is called to. */
static void move(struct sc_files *files, uint32_t file, uint32_t from, uint32_t to)
{
    files->name_files[to] = file;
    if (file == SC_NO_FILE)
        return;
    if (files->files[file].name == from)
        goes_by(files, file, to);
    if (files->files[file].link == from)
        files->files[file].link = to;
}

void sc_file_rename(struct sc_files *files, const char *from, size_t from_len, const char *to, size_t to_len,
                    bool exchange)
{
    uint32_t source = number_of(files, from, from_len, true), target = number_of(files, to, to_len, true);
    if (source == SC_NOT_INTERNED || target == SC_NOT_INTERNED)
        return;
    uint32_t file = files->name_files[source], other = files->name_files[target];
    if (file == other && file != SC_NO_FILE)
        return; /* two names of one file: the kernel leaves both */
    move(files, file, source, target);
    move(files, exchange ? other : (uint32_t)SC_NO_FILE, target, source);
}
