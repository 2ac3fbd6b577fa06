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

static bool names_library(const struct image *image, const Elf64_Phdr *dynamic, uint64_t strings, const char *library)
{
    Elf64_Dyn entry;
    char name[64];
    size_t length = strlen(library);
    for (uint64_t at = 0; at + sizeof entry <= dynamic->p_filesz && length < sizeof name; at += sizeof entry) {
        if (!read_exactly(image, &entry, sizeof entry, dynamic->p_offset + at) || entry.d_tag == DT_NULL)
            return false;
        if (entry.d_tag == DT_NEEDED && read_exactly(image, name, length, strings + entry.d_un.d_val) &&
            memcmp(name, library, length) == 0)
            return true;
    }
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
    for (uint64_t at = 0; at + sizeof entry <= dynamic.p_filesz; at += sizeof entry) {
        if (!read_exactly(&image, &entry, sizeof entry, dynamic.p_offset + at) || entry.d_tag == DT_NULL)
            return false;
        if (entry.d_tag == DT_STRTAB)
            return file_offset(&image, entry.d_un.d_ptr, &strings) && names_library(&image, &dynamic, strings, library);
    }
    return false;
}
