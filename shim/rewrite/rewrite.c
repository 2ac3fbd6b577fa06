#include "rewrite.h"

#include <sys/mman.h>

#include "../core/clock.h"
#include "../core/host.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "../session/process.h"
#include "../unwind/modules.h"
#include "../unwind/unwind.h"
#include "patch.h"
#include "plan_files.h"
#include "span_cache.h"

struct patching {
    bool loader; /* this round takes ld.so, which comes last */
    enum sc_owner callers;
    bool patched;                /* the code of the callers */
    struct sc_site_cache *cache; /* or NULL */
};

static int patch_listed(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct patching *patching = argument;
    struct sc_elf_module module = {
        .bias = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    uint64_t code = 0;
    (void)size;
    for (unsigned i = 0; i < module.segment_count && !code; i++)
        if (module.segments[i].p_type == PT_LOAD && module.segments[i].p_flags & PF_X)
            code = module.bias + module.segments[i].p_vaddr;
    const struct sc_code *staying = sc_modules_staying(code);
    enum sc_owner owner = staying ? staying->owner : SC_OWNER_PROGRAM;
    if (!code || owner == SC_OWNER_SHIM || (owner == SC_OWNER_LOADER) != patching->loader)
        return 0;
    if (staying)
        module = staying->module;
    else
        sc_eh_frame_open(&module);
    if (module.by_symbols) {
        sc_span_cache_refine(patching->cache, &module);
        sc_modules_refined(&module);
    }
    bool patched = sc_patch_module(patching->cache, &module, info->dlpi_name);
    if (sc_modules_in_vdso(code))
        sc_process.vdso_taken = patched;
    else if (owner == patching->callers)
        patching->patched = patched;
    return 0;
}

enum sc_fallback sc_rewrite_begin(enum sc_owner callers, char *const *environment)
{
    struct patching patching = {.callers = callers, .cache = sc_store_map_cache(sizeof *patching.cache)};
    uint64_t all = ~UINT64_C(0), before;
    sc_syscall(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &all, &before, sizeof all);
    sc_plan_files_begin(environment);
    sc_host_objects(patch_listed, &patching);
    if (patching.patched) {
        patching.loader = true;
        sc_host_objects(patch_listed, &patching);
    }
    sc_syscall(SYS_rt_sigprocmask, 2, &before, 0, sizeof before);
    sc_plan_files_end();
    sc_store_unmap_cache(patching.cache);
    return patching.patched ? SC_FALLBACK_NONE : SC_FALLBACK_LIBC;
}

/* Of the sites that were found since then. */
static void note_sites(uint64_t found_before, uint64_t left_before)
{
    if (sc_patched_sites.found == found_before)
        return;
    sc_put_note(SC_NOTE_SITES, sc_patched_sites.found - found_before, sc_patched_sites.left - left_before);
    for (uint64_t i = left_before; i < sc_patched_sites.left && i < SC_SITES_NAMED; i++)
        sc_put_note(SC_NOTE_SITE_LEFT, sc_patched_sites.left_at[i], 0);
}

void sc_rewrite_add(uint64_t base, const char *path, size_t path_bytes)
{
    struct sc_elf_module module;
    if (!sc_modules_open(base, &module))
        return;
    sc_process_loaded(sc_now(), &module, path, path_bytes);
    sc_modules_note(&module, SC_NAME_PASSES);
    uint64_t found = sc_patched_sites.found, left = sc_patched_sites.left;
    struct sc_site_cache *cache = sc_store_map_cache(sizeof *cache);
    sc_patch_module(cache, &module, NULL);
    sc_store_unmap_cache(cache);
    note_sites(found, left);
}

void sc_rewrite_note(void)
{
    note_sites(0, 0);
}

/*
 * Its code is the kernel's to begin with: once the pages that we changed are dropped, the kernel's are there again, and
 * jump nowhere from wherever they are moved to.
 */
void sc_rewrite_vdso_going(void)
{
    uint64_t begin = sc_vdso.begin, end = sc_vdso.end;
    sc_clock_without_object();
    sc_modules_vdso_gone();
    if (!sc_process.vdso_taken || sc_process.no_syscalls)
        return;
    sc_process.vdso_taken = false;
    sc_syscall(SYS_madvise, begin, (end - begin + SC_GRANULE - 1) & ~(uint64_t)(SC_GRANULE - 1), MADV_DONTNEED);
}

bool sc_rewrite_is_loader(const struct sc_regs *regs)
{
    if (!sc_process.musl)
        return sc_modules_owner_at(regs->after) == SC_OWNER_LOADER;
    int32_t at = sc_modules_owner_at(regs->after) == SC_OWNER_C_LIBRARY ? sc_unwind_fixed(regs->after) : -1;
    return at >= 0 && sc_modules_owner_at(sc_proved_u64(sc_regs_stack(regs) + (uint32_t)at)) == SC_OWNER_C_LIBRARY;
}

enum { LIBC_FRAMES = 32 }; /* deeper than any call chain through stdio */

/* Cached if the caller is the return address of the site's function, which is at the same place every time. */
static void keep(struct sc_cached_caller *cached, const struct sc_regs *regs, uint64_t caller)
{
    int32_t at = sc_unwind_fixed(regs->after);
    if (at < 0 || sc_proved_u64(sc_regs_stack(regs) + (uint32_t)at) != caller)
        return;
    cached->after = 0; /* a handler may come by here */
    SC_BARRIER();
    cached->caller = caller;
    cached->at = (uint32_t)at;
    SC_BARRIER();
    cached->after = regs->after;
}

/* Calls that move file data are the program's work, whichever stream made them; others may be the language's own. */
static bool is_data(unsigned nr)
{
    unsigned category = nr < SC_NR_LIMIT ? sc_call(nr)->category : SC_CAT_OTHER;
    return category == SC_CAT_WRITE || category == SC_CAT_READ || category == SC_CAT_SEEK;
}

uint64_t sc_rewrite_find_caller(struct sc_cached_caller *cached, const struct sc_regs *regs, unsigned nr)
{
    struct sc_cursor cursor = {regs->after, sc_regs_stack(regs), sc_regs_rbp(regs)};
    uint64_t caller = sc_unwind_program(&cursor, LIBC_FRAMES, is_data(nr));
    if (!caller)
        return regs->after;
    keep(cached, regs, caller);
    return caller;
}
