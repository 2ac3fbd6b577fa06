#include "elf_static.h"

enum { PAGE = 4096 };

/*
 * Where a program may lie: above what vm.mmap_min_addr keeps, and well below the kernel's own mappings. Linkers put
 * those that have a place of their own at 2 or 4 MiB. One that was moved out of the way makes room there for another
 * program, whose calls it makes (valgrind, wine): it looks in its handlers at which instruction a call was interrupted.
 */
static const uint64_t LOWEST = 0x10000, USUAL_MOST = UINT64_C(1) << 24, HIGHEST = UINT64_C(1) << 46;

static bool is_mappable(const Elf64_Phdr *segment)
{
    bool cleared = segment->p_filesz == segment->p_memsz || segment->p_flags & PF_W;
    return cleared && segment->p_filesz <= segment->p_memsz && segment->p_vaddr % PAGE == segment->p_offset % PAGE &&
           segment->p_vaddr < HIGHEST && segment->p_memsz < HIGHEST && segment->p_align <= HIGHEST;
}

/* Segments ascend and do not share pages; else what one maps would cover another. */
static bool add_segment(struct sc_static_image *image, const Elf64_Phdr *segment)
{
    uint64_t begin = segment->p_vaddr & ~(uint64_t)(PAGE - 1), end = segment->p_vaddr + segment->p_memsz;
    const Elf64_Ehdr *header = &image->header;
    if (!segment->p_memsz)
        return true;
    if (!is_mappable(segment) || (image->high && begin < image->high))
        return false;
    if (!image->high)
        image->low = begin;
    image->high = (end + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    image->brk = end;
    if (header->e_phoff >= segment->p_offset && header->e_phoff - segment->p_offset < segment->p_filesz)
        image->headers = segment->p_vaddr + (header->e_phoff - segment->p_offset);
    return true;
}

bool sc_static_image_read(sc_read_at *read_at, void *file, struct sc_static_image *ret_image)
{
    struct sc_static_image *image = ret_image;
    Elf64_Ehdr *header = &image->header;
    image->low = image->high = image->headers = image->brk = 0;
    if (read_at(file, header, sizeof *header, 0) != sizeof *header ||
        (header->e_type != ET_EXEC && header->e_type != ET_DYN) || header->e_phentsize != sizeof(Elf64_Phdr) ||
        header->e_phnum > SC_STATIC_SEGMENTS)
        return false;
    int64_t bytes = (int64_t)(header->e_phnum * sizeof(Elf64_Phdr));
    if (read_at(file, image->segments, (size_t)bytes, header->e_phoff) != bytes)
        return false;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        const Elf64_Phdr *segment = &image->segments[i];
        if (segment->p_type == PT_LOAD && !add_segment(image, segment))
            return false;
        if (segment->p_type == PT_INTERP || (segment->p_type == PT_GNU_STACK && segment->p_flags & PF_X))
            return false;
    }
    return image->high && image->headers &&
           (header->e_type == ET_DYN || (image->low >= LOWEST && image->low < USUAL_MOST));
}
