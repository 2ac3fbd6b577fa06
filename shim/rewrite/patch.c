#include "patch.h"

#include <string.h>

#include "../core/raw_syscall.h"
#include "../session/debugged.h"
#include "../unwind/modules.h"
#include "code_file.h"
#include "code_pages.h"
#include "plan_files.h"
#include "site_calls.h"
#include "site_padding.h"
#include "site_plan.h"
#include "site_proof.h"
#include "trampoline.h"
#include "unpatch.h"

struct sc_patched_sites sc_patched_sites;

/* The module being patched: the places where its code has the bytes of `syscall`, and which of them are sites. */
enum { MOST_PLACES = 8192, PLANNED_MOST = 2048 /* of more a plan is not kept */ };
static uint32_t places[MOST_PLACES];
static struct sc_found_site sites[MOST_PLACES];
static size_t site_count;
static struct sc_stub_call calls[SC_STUB_CALLS];
static unsigned call_count;

static void leave_alone(uint64_t address)
{
    if (sc_patched_sites.left < SC_SITES_NAMED)
        sc_patched_sites.left_at[sc_patched_sites.left] = address;
    sc_patched_sites.left++;
    sc_patched_sites.unknown++;
}

static void leave_site_alone(const struct sc_found_site *site)
{
    leave_alone(site->address);
    sc_patched_sites.unknown -= site->makes_no_thread;
}

/*
 * glibc's clone and clone3 end their unwind tables just before the syscall, because those would be wrong in the child:
 * the syscall belongs to the function that runs into it. Only a jump in place of the instruction before is safe here.
 */
static bool find_behind_end(const struct sc_elf_module *module, uint64_t at)
{
    struct sc_function function, next;
    if (!sc_eh_frame_find(module, at - 1, &function) || function.end != at ||
        !sc_eh_frame_begin_agrees(module, &function) ||
        (sc_eh_frame_at(module, function.index + 1, &next) && next.begin < at + 2))
        return false;
    function.end = at + 2;
    int count = sc_find_sites(module, &function, sites + site_count, MOST_PLACES - site_count);
    if (count < 1)
        return false;
    /* the other sites, within the function, were judged before */
    struct sc_found_site *last = &sites[site_count + (size_t)count - 1];
    last->possible &= 1 << SC_PATCH_BEFORE;
    sites[site_count] = *last;
    return last->address == at && last->possible;
}

/* A function whose places are examined in ascending order. */
struct visit {
    struct sc_function function;
    bool agrees;     /* an instruction begins at the function's start */
    uint64_t at;     /* instructions are decoded up to here */
    uint64_t judged; /* places below are judged */
};

/* 1: an instruction begins there; 0: none does; -1: that cannot be told. */
static int begins_at(const struct sc_elf_module *module, struct visit *visit, uint64_t at)
{
    if (at >= visit->function.end) {
        if (!sc_eh_frame_find(module, at, &visit->function))
            return -1;
        visit->at = visit->function.begin;
        visit->agrees = sc_eh_frame_begin_agrees(module, &visit->function);
    }
    return visit->agrees ? sc_reach_instruction(&visit->at, at, visit->function.end) : -1;
}

/* The two bytes are an instruction (known), or may be one. begin: the start of the code. */
static void note_place(const struct sc_elf_module *module, struct visit *visit, uint64_t begin, uint64_t at, bool known)
{
    int found = -1;
    if (known)
        found = sc_find_sites(module, &visit->function, sites + site_count, MOST_PLACES - site_count);
    else if (find_behind_end(module, at))
        found = 1;
    visit->judged = found >= 0 && known ? visit->function.end : at + 2;
    if (found >= 0) {
        site_count += (size_t)found;
    } else { /* may be data: count the worst case */
        sites[site_count] = (struct sc_found_site){.address = at};
        sites[site_count++].possible = sc_is_sigreturn(begin, at) ? 1 << SC_PATCH_SIGRETURN : 0;
    }
}

/*
 * Finds the sites among the places, which ascend. Most places are none: the two bytes are part of a longer instruction.
 */
static void find_sites(const struct sc_elf_module *module, uint64_t begin, size_t count)
{
    struct visit visit = {0};
    site_count = 0;
    for (size_t i = 0; i < count && site_count < MOST_PLACES; i++) {
        uint64_t at = begin + places[i];
        int is = at < visit.judged ? 0 : begins_at(module, &visit, at);
        if (is != 0)
            note_place(module, &visit, begin, at, is == 1);
    }
}

/* Finds the places of a segment that have the bytes of `syscall`. */
static size_t look_up(uint64_t begin, uint64_t end)
{
    size_t count = 0;
    const uint8_t *last = (const uint8_t *)end;
    for (const uint8_t *at = sc_scan_pair((const uint8_t *)begin, last); at < last; at = sc_scan_pair(at + 1, last)) {
        if (count == MOST_PLACES) {
            sc_patched_sites.found++;
            leave_alone((uint64_t)at);
            continue;
        }
        places[count++] = (uint32_t)((uint64_t)at - begin);
    }
    return count;
}

/* Sets plans apart from what else is kept, and from those of another version: made of the sources (Makefile). */
#ifndef SC_PLAN_FORM
#define SC_PLAN_FORM 0
#endif
static const uint64_t OF_PLANS = UINT64_C(0x706c616e) << 32 ^ (uint64_t)SC_PLAN_FORM;

/* The key of a segment in the session's cache. 0: it has none. */
static uint64_t cache_key(const struct sc_elf_module *module, uint64_t begin, uint64_t end)
{
    uint8_t id[SC_BUILD_ID_MOST];
    uint64_t key = module->identity;
    if (end - begin > 1u << SC_PLAN_OFFSET_BITS || (!key && sc_modules_build_id(module, id) < sizeof key))
        return 0;
    if (!key)
        memcpy(&key, id, sizeof key);
    return key ^ OF_PLANS ^ (begin - module->bias) << 20 ^ (end - begin);
}

/* Searches a segment's code and the whole module. False: it has more places than can be looked at. */
static bool find_anew(const struct sc_elf_module *module, uint64_t begin, uint64_t end)
{
    uint64_t found = sc_patched_sites.found;
    size_t count = look_up(begin, end);
    bool all = sc_patched_sites.found == found;
    find_sites(module, begin, count);
    sc_site_prove(module, sites, site_count);
    call_count = sc_stub_calls_find(module, sites, site_count, begin, end, calls);
    return all;
}

/* The bytes that a strategy overwrites, padding aside; those of two sites must not overlap. */
static void overwritten_range(const struct sc_found_site *site, enum sc_patch_strategy strategy, uint64_t *ret_begin,
                              uint64_t *ret_end)
{
    bool after_it = strategy == SC_PATCH_AFTER || strategy == SC_PATCH_PADDING;
    *ret_begin = after_it ? site->address : site->address - site->before;
    *ret_end = site->address + 2 + (strategy == SC_PATCH_AFTER ? site->after : strategy == SC_PATCH_LOOP ? 2u : 0);
}

/* The first strategy that can be used. *taken: how far those of earlier sites reach. */
static enum sc_patch_strategy choose(const struct sc_elf_module *module, struct sc_found_site *site, uint64_t *taken)
{
    for (enum sc_patch_strategy strategy = SC_PATCH_CANCEL; strategy < SC_PATCH_STRATEGIES; strategy++) {
        uint64_t begin, end;
        if (!(site->possible & 1 << strategy))
            continue;
        overwritten_range(site, strategy, &begin, &end);
        if (begin < *taken ||
            (strategy == SC_PATCH_PADDING && (site->padding = sc_site_padding_take(module, site)) == 0))
            continue;
        *taken = end;
        return strategy;
    }
    return SC_PATCH_NONE;
}

/* Whether all that calls the function which the site belongs to is patched. begin: of the code. */
static bool is_called_by_us(const struct sc_found_site *site, uint64_t begin)
{
    uint64_t stub;
    if (sc_stub_at(begin, site->address, &stub) == SC_STUB_NONE)
        return false;
    for (unsigned i = 0; i < call_count; i++)
        if (calls[i].stub == stub)
            return true;
    return false;
}

static void decide(const struct sc_elf_module *module, uint64_t begin)
{
    uint64_t taken = 0;
    sc_site_padding_clear();
    for (size_t i = 0; i < site_count; i++) {
        struct sc_found_site *site = &sites[i];
        if (site->possible & 1 << SC_PATCH_SIGRETURN)
            site->chosen = SC_PATCH_SIGRETURN;
        else if (site->possible & 1 << SC_PATCH_CALL)
            site->chosen = is_called_by_us(site, begin) ? SC_PATCH_CALL : SC_PATCH_NONE;
        else
            site->chosen = (uint8_t)choose(module, site, &taken);
        if (site->chosen != SC_PATCH_AFTER)
            site->after = 0;
        site->makes_no_thread = site->chosen == SC_PATCH_NONE && sc_makes_no_thread(site);
    }
}

/* What is taken up from a plan reaches no other site's bytes either. */
static bool is_apart(void)
{
    uint64_t taken = 0, begin, end;
    for (size_t i = 0; i < site_count; i++) {
        if (sites[i].chosen < SC_PATCH_CANCEL)
            continue;
        overwritten_range(&sites[i], sites[i].chosen, &begin, &end);
        if (begin < taken)
            return false;
        taken = end;
    }
    return true;
}

static bool take_up(struct sc_planned *planned, const uint32_t *words, size_t count)
{
    bool good = sc_plan_unpack(planned, words, count);
    site_count = planned->site_count;
    call_count = planned->call_count;
    return good && is_apart();
}

enum { WORDS = SC_PLAN_HEAD + SC_PLAN_ITEM * PLANNED_MOST };
static uint32_t words[WORDS];

/* The session's plan, into words: others may write to the capture meanwhile. */
static size_t read_kept(const struct sc_site_cache *cache, uint64_t key)
{
    size_t count = 0;
    const uint32_t *kept = cache ? sc_site_cache_find(cache, key, &count) : NULL;
    if (!kept || count > WORDS)
        return 0;
    sc_copy(words, kept, count * sizeof *words);
    return count;
}

/* The kernel's own object has no file; a debugger could change it, and nobody else. */
static bool is_unchanged(const Elf64_Phdr *segment, uint64_t begin, const char *file)
{
    return sc_modules_in_vdso(begin) ? !sc_is_debugged()
                                     : sc_code_is_as_in_file(file, begin, segment->p_offset, segment->p_filesz);
}

/*
 * By the plan, before it is proved to be one: a page costs half as much where it was not looked at before. If it is
 * none, pages were copied in vain.
 */
static void copy_planned(uint64_t begin, uint64_t end, size_t count)
{
    uint64_t last = begin;
    if (!sc_code_writable(begin, end))
        return;
    for (size_t at = SC_PLAN_HEAD; at + SC_PLAN_ITEM <= count; at += SC_PLAN_ITEM) {
        uint64_t address = begin + sc_plan_changes(words + at);
        if (address < last || address >= end)
            continue;
        last = address;
        sc_code_copy(address);
    }
    sc_code_copy(0);
}

static void copy_pages(void)
{
    for (size_t i = 0; i < site_count; i++)
        if (sites[i].chosen >= SC_PATCH_CANCEL)
            sc_code_copy(sites[i].address - sites[i].before);
    sc_code_copy(0);
}

/* Is there a plan that holds for the code? count: of its words. */
static bool follow(struct sc_planned *planned, const Elf64_Phdr *segment, size_t count)
{
    if (count && !(segment->p_flags & PF_W))
        copy_planned(planned->begin, planned->end, count);
    return count && take_up(planned, words, count);
}

/*
 * By the session's plan where there is one, or by one of the user's. file: see sc_patch_module. What is found out of
 * code that a debugger or a probe has changed is nobody else's business.
 */
static void find_and_decide(struct sc_site_cache *cache, uint64_t key, const struct sc_elf_module *module,
                            const Elf64_Phdr *segment, const char *file)
{
    enum { WORTH_BYTES = 64 * 1024 }; /* less is looked through at once */
    uint64_t begin = module->bias + segment->p_vaddr, end = begin + segment->p_filesz;
    struct sc_planned planned = {key, begin, end, sites, 0, MOST_PLACES, calls, 0};
    size_t count = key ? read_kept(cache, key) : 0;
    bool kept = count != 0, worth = key && end - begin >= WORTH_BYTES;
    if (follow(&planned, segment, count))
        return;
    if (worth && follow(&planned, segment, count = sc_plan_file_read(key, words, WORDS))) {
        if (cache && !kept)
            sc_site_cache_add(cache, key, words, count);
        return;
    }
    call_count = 0;
    bool all = find_anew(module, begin, end);
    decide(module, begin);
    planned.site_count = site_count;
    planned.call_count = call_count;
    if (!key || !all || (count = sc_plan_pack(&planned, words, WORDS)) == 0 || !is_unchanged(segment, begin, file))
        return;
    if (cache && !kept)
        sc_site_cache_add(cache, key, words, count);
    if (worth)
        sc_plan_file_write(key, words, count);
}

static void patch_sites(uint64_t begin, struct sc_trampolines *trampolines)
{
    for (unsigned i = 0; i < call_count; i++)
        if (!sc_trampoline_call(trampolines, &calls[i]))
            call_count = i;
    for (size_t i = 0; i < site_count; i++) {
        const struct sc_found_site *site = &sites[i];
        bool done = site->chosen == SC_PATCH_SIGRETURN ||
                    (site->chosen == SC_PATCH_CALL && is_called_by_us(site, begin)) ||
                    (site->chosen >= SC_PATCH_CANCEL && sc_trampoline_install(trampolines, site, site->chosen));
        if (!done)
            leave_site_alone(site);
    }
}

static void leave_all(void)
{
    for (size_t i = 0; i < site_count; i++)
        if (sites[i].chosen != SC_PATCH_SIGRETURN)
            leave_site_alone(&sites[i]);
}

static bool change_segment(const Elf64_Phdr *segment, uint64_t begin, uint64_t end)
{
    struct sc_trampolines trampolines;
    uint64_t page = begin & ~(uint64_t)(SC_GRANULE - 1);
    bool open = sc_unpatch_room() && sc_trampolines_open(&trampolines, page, end, site_count + call_count + 1) == 0;
    if (!open || !sc_code_writable(begin, end)) {
        if (open)
            sc_syscall(SYS_munmap, trampolines.begin, trampolines.end - trampolines.begin);
        leave_all();
        return false;
    }
    copy_pages();
    /* No forked child runs while a trampoline is unsealed: we seal before anybody follows the jumps. */
    patch_sites(begin, &trampolines);
    bool sealed = sc_trampolines_seal(&trampolines) == 0;
    sc_code_done(segment, begin, end);
    sc_unpatch_remember(page, end, sc_code_protection(segment), trampolines.last);
    return sealed;
}

static bool patch_segment(struct sc_site_cache *cache, const struct sc_elf_module *module, const Elf64_Phdr *segment,
                          const char *file)
{
    uint64_t begin = module->bias + segment->p_vaddr, end = begin + segment->p_filesz;
    if (!(segment->p_flags & PF_R)) { /* unreadable code may hold a site */
        sc_patched_sites.found++;
        leave_alone(begin);
        return true;
    }
    find_and_decide(cache, cache_key(module, begin, end), module, segment, file);
    sc_patched_sites.found += site_count;
    bool changed = true;
    if (segment->p_flags & PF_W) /* the program may change its code, and may have done so already */
        leave_all();
    else if (site_count)
        changed = change_segment(segment, begin, end);
    sc_code_done(segment, begin, end);
    return changed;
}

bool sc_patch_module(struct sc_site_cache *cache, const struct sc_elf_module *module, const char *file)
{
    bool patched = true;
    for (unsigned i = 0; i < module->segment_count; i++) {
        const Elf64_Phdr *segment = &module->segments[i];
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X)
            patched &= patch_segment(cache, module, segment, file);
    }
    return patched;
}
