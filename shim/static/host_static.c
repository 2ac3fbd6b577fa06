/* host_static.c: what our loader knows of the process (core/host.h): it was there before the program. */
#include <elf.h>

#include "../core/host.h"
#include "../core/state.h"
#include "static_program.h"

struct sc_static_program sc_static_program;

/* Where our own file begins in memory, with its header: the linker's name for it. */
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

static struct dl_phdr_info object_at(const Elf64_Ehdr *header, uint64_t bias, const Elf64_Phdr *segments,
                                     const char *name)
{
    return (struct dl_phdr_info){
        .dlpi_addr = bias, .dlpi_name = name, .dlpi_phdr = segments, .dlpi_phnum = header->e_phnum};
}

/* Of an object whose first page holds its header, in memory as in its file. */
static struct dl_phdr_info object_of(const Elf64_Ehdr *header, const char *name)
{
    const Elf64_Phdr *segments = (const Elf64_Phdr *)((const char *)header + header->e_phoff);
    uint64_t linked_at = 0;
    for (unsigned i = header->e_phnum; i-- > 0;)
        if (segments[i].p_type == PT_LOAD)
            linked_at = segments[i].p_vaddr;
    return object_at(header, (uint64_t)header - linked_at, segments, name);
}

void sc_host_objects(sc_host_each *each, void *argument)
{
    const struct sc_loaded *loaded = &sc_static_program.loaded;
    struct dl_phdr_info info =
        object_at(&loaded->image.header, loaded->bias, (const Elf64_Phdr *)(loaded->bias + loaded->image.headers),
                  sc_static_program.path);
    const Elf64_Ehdr *vdso = (const Elf64_Ehdr *)sc_host_auxiliary(AT_SYSINFO_EHDR);
    if (each(&info, sizeof info, argument) != 0)
        return;
    info = object_of(&__ehdr_start, sc_process.loader);
    if (each(&info, sizeof info, argument) != 0 || !vdso)
        return;
    info = object_of(vdso, "linux-vdso.so.1");
    each(&info, sizeof info, argument);
}

uint64_t sc_host_auxiliary(uint64_t type)
{
    const Elf64_auxv_t *entry = sc_start_data_find(&sc_static_program.data, type);
    return entry ? entry->a_un.a_val : 0;
}

uint64_t sc_host_libc(void)
{
    return 0;
}

sc_addr sc_host_environment(void)
{
    return (sc_addr)sc_static_program.data.environment;
}

bool sc_host_functions(struct sc_elf_module *module)
{
    const struct sc_elf_module *known = &sc_static_program.functions;
    if (!known->table || module->bias != known->bias || module->segments != known->segments)
        return false;
    *module = *known;
    return true;
}
