#include "objects.h"

#include <link.h>
#include <string.h>

#include "state.h"

enum { MAX_CODE = 512 };

/* Appended to only; count is published last, so that readers need no lock. */
static struct sc_code codes[MAX_CODE];
static uint32_t code_count;

void sc_objects_add(uint64_t begin, uint64_t end, enum sc_owner owner, const struct sc_object *object)
{
    uint32_t index = __atomic_load_n(&code_count, __ATOMIC_ACQUIRE);
    if (index >= MAX_CODE)
        return;
    codes[index] = (struct sc_code){begin, end, owner, *object};
    __atomic_store_n(&code_count, index + 1, __ATOMIC_RELEASE);
}

const struct sc_code *sc_objects_find(uint64_t address)
{
    uint32_t count = __atomic_load_n(&code_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++)
        if (address >= codes[i].begin && address < codes[i].end)
            return &codes[i];
    return NULL;
}

static bool has_name(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strncmp(slash ? slash + 1 : path, name, strlen(name)) == 0;
}

enum sc_owner sc_objects_owner(const char *path, bool own)
{
    if (own)
        return SC_OWNER_SHIM;
    if (has_name(path, "libc.so"))
        return SC_OWNER_C_LIBRARY;
    return has_name(path, "ld-linux") ? SC_OWNER_LOADER : SC_OWNER_PROGRAM;
}

static unsigned read_build_id(const char *at, const char *end, uint8_t *id)
{
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        const char *name = at + sizeof *note;
        const char *value = name + (note->n_namesz + 3u) / 4 * 4;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0 &&
            note->n_descsz <= SC_BUILD_ID_MOST) {
            sc_copy(id, value, note->n_descsz);
            return note->n_descsz;
        }
        at = value + (note->n_descsz + 3u) / 4 * 4;
    }
    return 0;
}

unsigned sc_objects_build_id(const struct sc_object *object, uint8_t id[SC_BUILD_ID_MOST])
{
    unsigned length = 0;
    for (unsigned i = 0; i < object->segment_count && !length; i++) {
        const Elf64_Phdr *segment = &object->segments[i];
        const char *notes = (const char *)(object->bias + segment->p_vaddr);
        if (segment->p_type == PT_NOTE)
            length = read_build_id(notes, notes + segment->p_memsz, id);
    }
    return length;
}

static int list_object(struct dl_phdr_info *info, size_t size, void *unused)
{
    struct sc_object object = {.bias = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    uint64_t here = (uint64_t)list_object;
    bool own = false;
    (void)size;
    (void)unused;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        uint64_t begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        own |= info->dlpi_phdr[i].p_type == PT_LOAD && here >= begin && here < begin + info->dlpi_phdr[i].p_memsz;
    }
    sc_functions_open(&object);
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uint64_t begin = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X)
            sc_objects_add(begin, begin + segment->p_memsz, sc_objects_owner(info->dlpi_name, own), &object);
    }
    return 0;
}

void sc_objects_list(void)
{
    dl_iterate_phdr(list_object, NULL);
}
