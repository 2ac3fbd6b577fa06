#include "rewrite.h"

#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "../session/process.h"
#include "../unwind/modules.h"
#include "../unwind/unwind.h"
#include "patch.h"

static uint64_t vdso; /* the kernel's own object: not ours to change */

static bool holds(const struct dl_phdr_info *info, uint64_t address)
{
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        uint64_t begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        if (info->dlpi_phdr[i].p_type == PT_LOAD && address >= begin && address < begin + info->dlpi_phdr[i].p_memsz)
            return true;
    }
    return false;
}

struct taking {
    bool loader; /* this round takes ld.so, which comes last */
    bool libc_taken;
    struct sc_site_cache *cache; /* or NULL */
};

static int take_listed(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct taking *taking = argument;
    (void)size;
    if (holds(info, vdso) || holds(info, (uint64_t)&sc_process))
        return 0;
    enum sc_owner owner = sc_objects_owner(info->dlpi_name, false);
    if ((owner == SC_OWNER_LOADER) != taking->loader)
        return 0;
    struct sc_object object = {.bias = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    sc_functions_open(&object);
    bool taken = sc_take_object(taking->cache, &object);
    if (owner == SC_OWNER_C_LIBRARY)
        taking->libc_taken = taken;
    return 0;
}

enum sc_fallback sc_full_begin(void)
{
    struct taking taking = {.cache = sc_store_map_cache(sizeof *taking.cache)};
    uint64_t all = ~UINT64_C(0), before;
    vdso = getauxval(AT_SYSINFO_EHDR);
    sc_sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &all, &before, sizeof all);
    dl_iterate_phdr(take_listed, &taking);
    if (taking.libc_taken) {
        taking.loader = true;
        dl_iterate_phdr(take_listed, &taking);
    }
    sc_sys(SYS_rt_sigprocmask, 2, &before, 0, sizeof before);
    sc_store_unmap_cache(taking.cache);
    return taking.libc_taken ? SC_FALLBACK_NONE : SC_FALLBACK_LIBC;
}

/* Of the sites that were found since then. */
static void note_sites(uint64_t found_before, uint64_t left_before)
{
    if (sc_taken.found == found_before)
        return;
    sc_put_note(SC_NOTE_SITES, sc_taken.found - found_before, sc_taken.left - left_before);
    for (uint64_t i = left_before; i < sc_taken.left && i < SC_SITES_NAMED; i++)
        sc_put_note(SC_NOTE_SITE_LEFT, sc_taken.left_at[i], 0);
}

void sc_full_add(uint64_t base, const char *path, size_t path_bytes)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)base;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return;
    struct sc_object object = {.segments = (const Elf64_Phdr *)(base + header->e_phoff),
                               .segment_count = header->e_phnum};
    for (unsigned i = 0; i < object.segment_count; i++) {
        if (object.segments[i].p_type == PT_LOAD) {
            object.bias = base - (object.segments[i].p_vaddr & ~(uint64_t)(SC_GRANULE - 1));
            break;
        }
    }
    sc_functions_open(&object);
    sc_process_loaded(&object, path, path_bytes);
    for (unsigned i = 0; i < object.segment_count; i++) {
        uint64_t begin = object.bias + object.segments[i].p_vaddr;
        if (object.segments[i].p_type == PT_LOAD && object.segments[i].p_flags & PF_X)
            sc_objects_add(begin, begin + object.segments[i].p_memsz, &object);
    }
    uint64_t found = sc_taken.found, left = sc_taken.left;
    struct sc_site_cache *cache = sc_store_map_cache(sizeof *cache);
    sc_take_object(cache, &object);
    sc_store_unmap_cache(cache);
    note_sites(found, left);
}

void sc_full_note(void)
{
    note_sites(0, 0);
}

bool sc_full_is_loader(uint64_t address)
{
    return sc_objects_owner_at(address) == SC_OWNER_LOADER;
}

enum { LIBC_FRAMES = 32 }; /* deeper than any way through stdio */

/* Kept where the return address of the site's function is the answer, and stands at the same place every time. */
static void keep(struct sc_came *came, const struct sc_regs *regs, uint64_t caller)
{
    int32_t at = sc_unwind_fixed(regs->after);
    if (at < 0 || sc_proved_u64(sc_regs_stack(regs) + (uint32_t)at) != caller)
        return;
    came->after = 0; /* a handler may come by here */
    SC_BARRIER();
    came->caller = caller;
    came->at = (uint32_t)at;
    SC_BARRIER();
    came->after = regs->after;
}

uint64_t sc_full_find_caller(struct sc_came *came, const struct sc_regs *regs)
{
    struct sc_cursor cursor = {regs->after, sc_regs_stack(regs), sc_regs_rbp(regs)};
    uint64_t caller = sc_unwind_program(&cursor, LIBC_FRAMES);
    if (!caller)
        return regs->after;
    keep(came, regs, caller);
    return caller;
}
