#include "load_program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "../core/helper.h"
#include "../core/placement.h"
#include "../core/raw_syscall.h"
#include "../core/state.h"
#include "../core/word_hash.h"

static const uint64_t WITHIN_PAGE = SC_GRANULE - 1;

static uint64_t page_of(uint64_t address)
{
    return address & ~WITHIN_PAGE;
}

static uint64_t pages_to(uint64_t address)
{
    return (address + WITHIN_PAGE) & ~WITHIN_PAGE;
}

static int64_t read_at(void *file, void *buffer, size_t bytes, uint64_t offset)
{
    return sc_own_read(*(long *)file, buffer, bytes, (int64_t)offset);
}

static int protection(const Elf64_Phdr *segment)
{
    return (segment->p_flags & PF_R ? PROT_READ : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0) |
           (segment->p_flags & PF_X ? PROT_EXEC : 0);
}

/* A program that may lie anywhere goes where the kernel puts mappings, which is where it puts such programs. */
static long choose_bias(const struct sc_static_image *image)
{
    uint64_t align = SC_GRANULE, bytes = image->high - image->low;
    if (image->header.e_type == ET_EXEC)
        return 0;
    for (unsigned i = 0; i < image->header.e_phnum; i++)
        if (image->segments[i].p_type == PT_LOAD && image->segments[i].p_align > align)
            align = image->segments[i].p_align;
    long place = sc_syscall(SYS_mmap, 0, bytes + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    if (sc_failed(place))
        return place;
    sc_syscall(SYS_munmap, place, bytes + align);
    return (long)(((uint64_t)place + align - 1) / align * align - image->low);
}

/* What lies behind the file's bytes is zero, in their last page too. */
static int map_segment(long fd, const Elf64_Phdr *segment, uint64_t bias)
{
    enum { PLACED = MAP_PRIVATE | MAP_FIXED_NOREPLACE };
    uint64_t begin = bias + segment->p_vaddr, file_end = begin + segment->p_filesz, end = begin + segment->p_memsz;
    uint64_t page = page_of(begin), mapped = segment->p_filesz ? pages_to(file_end) : page;
    int flags = protection(segment);
    if (mapped > page) {
        long map = sc_syscall(SYS_mmap, page, mapped - page, flags, PLACED, fd, page_of(segment->p_offset));
        if (map != (long)page)
            return sc_failed(map) ? (int)map : -EEXIST;
    }
    if (segment->p_memsz > segment->p_filesz && mapped > file_end && flags & PROT_WRITE)
        memset((void *)file_end, 0, mapped - file_end);
    if (pages_to(end) > mapped) {
        long map = sc_syscall(SYS_mmap, mapped, pages_to(end) - mapped, flags, PLACED | MAP_ANONYMOUS, -1);
        if (map != (long)mapped)
            return sc_failed(map) ? (int)map : -EEXIST;
    }
    return 0;
}

static int map_program(long fd, struct sc_loaded *loaded)
{
    const struct sc_static_image *image = &loaded->image;
    long bias = choose_bias(image);
    int result = sc_failed(bias) ? (int)bias : 0;
    loaded->bias = (uint64_t)bias;
    for (unsigned i = 0; i < image->header.e_phnum && result == 0; i++)
        if (image->segments[i].p_type == PT_LOAD && image->segments[i].p_memsz)
            result = map_segment(fd, &image->segments[i], loaded->bias);
    return result;
}

/* Not by the time alone: files of one build may share it. */
static uint64_t identity_of(const struct stat *st)
{
    const uint64_t words[] = {st->st_dev,
                              st->st_ino,
                              (uint64_t)st->st_size,
                              (uint64_t)st->st_mtim.tv_sec,
                              (uint64_t)st->st_mtim.tv_nsec,
                              (uint64_t)st->st_ctim.tv_sec,
                              (uint64_t)st->st_ctim.tv_nsec};
    uint64_t hash = sc_hash(SC_HASH_BEGIN, words, sizeof words);
    return hash ? hash : 1;
}

static int load_open(long fd, struct sc_loaded *loaded)
{
    struct stat st;
    if (sc_syscall(SYS_fstat, fd, &st) != 0 || !sc_static_image_read(read_at, &fd, &loaded->image))
        return -ENOEXEC;
    loaded->dev = st.st_dev;
    loaded->ino = st.st_ino;
    loaded->identity = identity_of(&st);
    loaded->file_bytes = (size_t)st.st_size;
    long place = sc_place_memory(pages_to(loaded->file_bytes), PROT_NONE);
    if (sc_failed(place))
        return (int)place;
    long file = sc_syscall(SYS_mmap, place, loaded->file_bytes, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
    if (sc_failed(file))
        return (int)file;
    loaded->file = (const uint8_t *)file;
    return map_program(fd, loaded);
}

int sc_load_program(const char *path, struct sc_loaded *ret_loaded)
{
    long fd = sc_syscall(SYS_open, path, O_RDONLY | O_CLOEXEC);
    if (sc_failed(fd))
        return (int)fd;
    int result = load_open(fd, ret_loaded);
    sc_syscall(SYS_close, fd);
    return result;
}

void sc_load_done(struct sc_loaded *loaded)
{
    sc_syscall(SYS_munmap, loaded->file, loaded->file_bytes);
    loaded->file = NULL;
}
