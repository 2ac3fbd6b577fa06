#include "full.h"

#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "objects.h"
#include "process.h"
#include "site_cache.h"
#include "store.h"
#include "stub.h"
#include "sys.h"
#include "unwind.h"

static uint64_t sites_found, sites_left;
static uint64_t left_at[SC_SITES_NAMED];
static uint64_t vdso; /* the kernel's own object: not ours to change */

static void leave_alone(uint64_t address)
{
    if (sites_left < SC_SITES_NAMED)
        left_at[sites_left] = address;
    sites_left++;
}

/* Takes over the sites of one function, whose code is writable. taken: how far earlier patches reach. */
static void take_function(struct sc_stubs *stubs, const struct sc_found_site *sites, int count)
{
    uint64_t taken = 0;
    for (int i = 0; i < count; i++) {
        const struct sc_found_site *site = &sites[i];
        uint64_t patch_end = site->address + 2 + site->moved_after + (site->way == SC_WAY_LOOP ? 2 : 0);
        sites_found++;
        if (site->way == SC_WAY_SIGRETURN)
            continue;
        if (site->way == SC_WAY_NONE || site->patch < taken || !sc_stub_install(stubs, site))
            leave_alone(site->address);
        else
            taken = patch_end;
    }
}

/*
 * glibc's clone and clone3 end their unwind tables just ahead of the syscall, because those would be wrong in the
 * child: a function that runs into it belongs together with it. Only a jump in place of the instruction before is safe
 * here.
 */
static int find_behind_end(const struct sc_object *object, uint64_t at, struct sc_found_site *sites)
{
    uint64_t begin, end;
    if (!sc_functions_find(object, at - 1, &begin, &end) || end != at)
        return -1;
    int count = sc_find_sites(object, begin, at + 2, sites);
    if (count < 1 || sites[count - 1].address != at || sites[count - 1].way != SC_WAY_BEFORE)
        return -1;
    sites[0] = sites[count - 1]; /* the others, within the function, were seen before */
    return 1;
}

/* A function in which places are looked at one after the other. */
struct visit {
    uint64_t begin, end; /* of the function */
    uint64_t at;         /* the instructions up to here are known */
    uint64_t judged;     /* places below are done with */
};

/* 1: an instruction begins there; 0: none does; -1: that cannot be told. */
static int begins_at(const struct sc_object *object, struct visit *visit, uint64_t at)
{
    if (at >= visit->end) {
        if (!object->count || !sc_functions_find(object, at, &visit->begin, &visit->end))
            return -1;
        visit->at = visit->begin;
    }
    return sc_reach_instruction(&visit->at, at, visit->end);
}

/* The two bytes are an instruction, or may be one. */
static void take_place(const struct sc_object *object, struct sc_stubs *stubs, struct visit *visit, uint64_t at,
                       bool known)
{
    struct sc_found_site sites[SC_SITES_PER_FUNCTION];
    int found = -1;
    if (known)
        found = sc_find_sites(object, visit->begin, visit->end, sites);
    else if (object->count && at >= visit->end)
        found = find_behind_end(object, at, sites);
    visit->judged = at < visit->end ? visit->end : at + 2;
    if (found >= 0) {
        take_function(stubs, sites, found);
    } else { /* may be data: whoever counts sites is told the worst case */
        sites_found++;
        leave_alone(at);
    }
}

/*
 * Takes over the sites among the places, which ascend. Most are none: the two bytes are part of a longer instruction.
 * Returns how many of them others have to look at; those are left in ret_kept, where it is not NULL.
 */
static size_t take_places(const struct sc_object *object, struct sc_stubs *stubs, uint64_t begin,
                          const uint32_t *places, size_t count, uint32_t *ret_kept)
{
    struct visit visit = {0};
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t at = begin + places[i];
        int is = at < visit.judged ? 1 : begins_at(object, &visit, at);
        if (is == 0)
            continue;
        if (at >= visit.judged)
            take_place(object, stubs, &visit, at, is == 1);
        if (ret_kept)
            ret_kept[kept++] = places[i];
    }
    return kept;
}

/* The places of a segment that have the bytes of `syscall`. */
enum { MAX_PLACES = 8192 };
static uint32_t looked_up[MAX_PLACES]; /* one object at a time: the constructor, then the loader under its lock */

static size_t look_up(uint64_t begin, uint64_t end)
{
    size_t count = 0;
    const uint8_t *last = (const uint8_t *)end;
    for (const uint8_t *at = sc_scan_pair((const uint8_t *)begin, last); at < last; at = sc_scan_pair(at + 1, last)) {
        if (count == MAX_PLACES) {
            sites_found++;
            leave_alone((uint64_t)at);
            continue;
        }
        looked_up[count++] = (uint32_t)((uint64_t)at - begin);
    }
    return count;
}

/* What the session's cache knows a segment by. 0: not at all. */
static uint64_t cache_key(const struct sc_object *object, uint64_t begin, uint64_t end)
{
    uint8_t id[SC_BUILD_ID_MOST];
    uint64_t key;
    if (sc_objects_build_id(object, id) < sizeof key)
        return 0;
    memcpy(&key, id, sizeof key);
    return key ^ (begin - object->bias) << 20 ^ (end - begin);
}

/*
 * Makes the segment's pages writable beside executable for the moment: nobody runs in them but us (the constructor's
 * one thread, or an object that is not running yet), and at no time is running code without its execute bit.
 */
static bool take_object_segment(struct sc_site_cache *cache, const struct sc_object *object, uint64_t begin,
                                uint64_t end)
{
    struct sc_stubs stubs;
    uint64_t key = cache ? cache_key(object, begin, end) : 0;
    size_t count;
    const uint32_t *known = key ? sc_site_cache_find(cache, key, &count) : NULL;
    if (!known)
        count = look_up(begin, end);
    if (!count)
        return true;
    uint64_t page = begin & ~(uint64_t)(SC_GRANULE - 1);
    if (sc_stubs_open(&stubs, page, end, count + 1) != 0)
        return false;
    if (sc_failed(sc_sys(SYS_mprotect, page, end - page, PROT_READ | PROT_WRITE | PROT_EXEC))) {
        sc_sys(SYS_munmap, stubs.begin, stubs.end - stubs.begin);
        return false;
    }
    /* A forked child of ours never runs while a stub is unsealed: seal comes before the jumps would be followed. */
    size_t kept = take_places(object, &stubs, begin, known ? known : looked_up, count, known ? NULL : looked_up);
    bool sealed = sc_stubs_seal(&stubs) == 0;
    sc_sys(SYS_mprotect, page, end - page, PROT_READ | PROT_EXEC);
    if (key && !known && count < MAX_PLACES)
        sc_site_cache_add(cache, key, looked_up, kept);
    return sealed;
}

static bool take_object(struct sc_site_cache *cache, const struct sc_object *object)
{
    bool taken = true;
    for (unsigned i = 0; i < object->segment_count; i++) {
        const Elf64_Phdr *segment = &object->segments[i];
        uint64_t begin = object->bias + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X)
            taken &= take_object_segment(cache, object, begin, begin + segment->p_filesz);
    }
    return taken;
}

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
    bool taken = take_object(taking->cache, &object);
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
    if (sites_found == found_before)
        return;
    sc_process_note(SC_NOTE_SITES, sites_found - found_before, sites_left - left_before);
    for (uint64_t i = left_before; i < sites_left && i < SC_SITES_NAMED; i++)
        sc_process_note(SC_NOTE_SITE_LEFT, left_at[i], 0);
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
    uint64_t found = sites_found, left = sites_left;
    struct sc_site_cache *cache = sc_store_map_cache(sizeof *cache);
    take_object(cache, &object);
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
