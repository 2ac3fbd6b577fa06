#include "start_data.h"

#include <linux/prctl.h>
#include <string.h>
#include <sys/personality.h>

#include "../core/raw_syscall.h"
#include "../core/state.h"

struct sc_start_data sc_start_data_of(uint64_t *stack)
{
    struct sc_start_data data = {.stack = stack, .argc = (int)stack[0], .argv = (char **)(stack + 1)};
    data.environment = data.argv + data.argc + 1;
    char **end = data.environment;
    while (*end)
        end++;
    data.auxiliary = (Elf64_auxv_t *)(end + 1);
    return data;
}

Elf64_auxv_t *sc_start_data_find(const struct sc_start_data *data, uint64_t type)
{
    for (Elf64_auxv_t *entry = data->auxiliary; entry->a_type != AT_NULL; entry++)
        if (entry->a_type == type)
            return entry;
    return NULL;
}

static void set(const struct sc_start_data *data, uint64_t type, uint64_t value)
{
    Elf64_auxv_t *entry = sc_start_data_find(data, type);
    if (entry)
        entry->a_un.a_val = value;
}

void sc_start_data_tell(const struct sc_start_data *data, const struct sc_loaded *loaded, const char *execfn)
{
    const struct sc_static_image *image = &loaded->image;
    set(data, AT_PHDR, loaded->bias + image->headers);
    set(data, AT_PHNUM, image->header.e_phnum);
    set(data, AT_ENTRY, loaded->bias + image->header.e_entry);
    set(data, AT_BASE, 0);
    set(data, AT_EXECFN, (uint64_t)execfn);
}

static size_t vector_bytes(const struct sc_start_data *data)
{
    const Elf64_auxv_t *end = data->auxiliary;
    while (end->a_type != AT_NULL)
        end++;
    return (size_t)((const char *)(end + 1) - (const char *)data->auxiliary);
}

void sc_start_data_close(struct sc_start_data *data)
{
    size_t bytes = vector_bytes(data);
    char **end = data->environment;
    while (*end)
        end++;
    memmove(end + 1, data->auxiliary, bytes);
    data->auxiliary = (Elf64_auxv_t *)(end + 1);
}

/* As the kernel's arch_randomize_brk: within 1 GiB of the program's end. */
static uint64_t heap_of(const struct sc_loaded *loaded)
{
    enum { AS_IT_IS = -1, PAGES = (1 << 30) / SC_GRANULE };
    uint64_t end = loaded->bias + loaded->image.high;
    uint32_t pages = 0;
    if (loaded->image.header.e_type != ET_EXEC) /* there the kernel puts it elsewhere, as it did for us */
        return (uint64_t)sc_syscall(SYS_brk, 0);
    if (!(sc_syscall(SYS_personality, (uint32_t)AS_IT_IS) & ADDR_NO_RANDOMIZE))
        sc_syscall(SYS_getrandom, &pages, sizeof pages, 1 /* GRND_NONBLOCK */);
    return end + (uint64_t)(pages % PAGES) * SC_GRANULE;
}

static void add_ranges(struct prctl_mm_map *map, const struct sc_loaded *loaded)
{
    const struct sc_static_image *image = &loaded->image;
    for (unsigned i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *segment = &image->segments[i];
        uint64_t begin = loaded->bias + segment->p_vaddr, end = begin + segment->p_filesz;
        if (segment->p_type != PT_LOAD)
            continue;
        if (!map->start_code)
            map->start_code = begin;
        if (segment->p_flags & PF_X)
            map->end_code = end;
        map->start_data = begin;
        map->end_data = end;
    }
    map->start_brk = map->brk = heap_of(loaded);
}

/* Strings that lie one behind the other; an empty list begins and ends where the list before it ended. */
static void add_strings(char *const *list, uint64_t empty, __u64 *ret_begin, __u64 *ret_end)
{
    *ret_begin = *ret_end = empty;
    for (char *const *text = list; *text; text++) {
        if (text == list)
            *ret_begin = (uint64_t)*text;
        *ret_end = (uint64_t)*text + strlen(*text) + 1;
    }
}

void sc_start_data_to_kernel(const struct sc_start_data *data, const struct sc_loaded *loaded, const char *execfn)
{
    struct prctl_mm_map map = {.start_stack = (uint64_t)data->stack,
                               .auxv = (__u64 *)data->auxiliary,
                               .auxv_size = (uint32_t)vector_bytes(data),
                               .exe_fd = UINT32_MAX};
    const char *slash = strrchr(execfn, '/');
    add_ranges(&map, loaded);
    add_strings(data->argv, (uint64_t)data->stack, &map.arg_start, &map.arg_end);
    add_strings(data->environment, map.arg_end, &map.env_start, &map.env_end);
    sc_syscall(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0);
    sc_syscall(SYS_prctl, PR_SET_NAME, slash ? slash + 1 : execfn);
}
