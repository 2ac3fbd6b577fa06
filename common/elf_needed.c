#include "elf_needed.h"

#include <elf.h>
#include <string.h>

struct image {
    sc_read_at *read_at;
    void *file;
    Elf64_Ehdr head;
};

static bool read_exactly(const struct image *image, void *buffer, size_t bytes, uint64_t offset)
{
    return image->read_at(image->file, buffer, bytes, offset) == (int64_t)bytes;
}

static bool read_segment(const struct image *image, unsigned index, Elf64_Phdr *ret_segment)
{
    return index < image->head.e_phnum &&
           read_exactly(image, ret_segment, sizeof *ret_segment, image->head.e_phoff + index * sizeof *ret_segment);
}

/* Where in the file the address's bytes are. */
static bool file_offset(const struct image *image, uint64_t address, uint64_t *ret_offset)
{
    Elf64_Phdr segment;
    for (unsigned i = 0; read_segment(image, i, &segment); i++) {
        if (segment.p_type == PT_LOAD && address - segment.p_vaddr < segment.p_filesz) {
            *ret_offset = address - segment.p_vaddr + segment.p_offset;
            return true;
        }
    }
    return false;
}

/* The dynamic section, read some entries at a time. */
struct entries {
    const struct image *image;
    uint64_t at, end; /* in the file: what is not read yet */
    Elf64_Dyn read[16];
    unsigned next, count;
};

static bool next_entry(struct entries *entries, Elf64_Dyn *ret_entry)
{
    if (entries->next == entries->count) {
        uint64_t bytes = entries->end - entries->at;
        if (bytes > sizeof entries->read)
            bytes = sizeof entries->read;
        entries->next = 0;
        entries->count = (unsigned)(bytes / sizeof *ret_entry);
        if (!entries->count ||
            !read_exactly(entries->image, entries->read, entries->count * sizeof *ret_entry, entries->at))
            return false;
        entries->at += entries->count * sizeof *ret_entry;
    }
    *ret_entry = entries->read[entries->next++];
    return ret_entry->d_tag != DT_NULL;
}

static struct entries begin_entries(const struct image *image, const Elf64_Phdr *dynamic)
{
    struct entries entries = {.image = image, .at = dynamic->p_offset, .end = dynamic->p_offset + dynamic->p_filesz};
    if (entries.end < entries.at)
        entries.end = entries.at;
    return entries;
}

static bool names_library(const struct image *image, const Elf64_Phdr *dynamic, uint64_t strings, const char *library)
{
    struct entries entries = begin_entries(image, dynamic);
    Elf64_Dyn entry;
    char name[64];
    size_t length = strlen(library);
    while (length < sizeof name && next_entry(&entries, &entry))
        if (entry.d_tag == DT_NEEDED && read_exactly(image, name, length, strings + entry.d_un.d_val) &&
            memcmp(name, library, length) == 0)
            return true;
    return false;
}

bool sc_elf_needs(sc_read_at *read_at, void *file, const char *library)
{
    struct image image = {.read_at = read_at, .file = file};
    Elf64_Phdr dynamic;
    Elf64_Dyn entry;
    uint64_t strings;
    unsigned index = 0;
    if (!read_exactly(&image, &image.head, sizeof image.head, 0))
        return false;
    do
        if (!read_segment(&image, index++, &dynamic))
            return false;
    while (dynamic.p_type != PT_DYNAMIC);
    struct entries entries = begin_entries(&image, &dynamic);
    while (next_entry(&entries, &entry))
        if (entry.d_tag == DT_STRTAB)
            return file_offset(&image, entry.d_un.d_ptr, &strings) && names_library(&image, &dynamic, strings, library);
    return false;
}
