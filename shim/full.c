#include "full.h"

#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "process.h"
#include "stub.h"
#include "sys.h"

enum { MAX_CODE = 512 };

/* Executable parts of loaded objects, for attribution. Appended to only; count is published last. */
static struct code {
    uint64_t begin, end;
    bool c_library; /* libc or ld.so: what the program called, not the program */
    bool loader;
} codes[MAX_CODE];
static uint32_t code_count;

static uint64_t sites_found, sites_left;
static uint64_t left_at[SC_SITES_NAMED];
static uint64_t vdso; /* the kernel's own object: not ours to change */

static void add_code(uint64_t begin, uint64_t end, bool c_library, bool loader)
{
    uint32_t index = __atomic_load_n(&code_count, __ATOMIC_ACQUIRE);
    if (index >= MAX_CODE)
        return;
    codes[index] = (struct code){begin, end, c_library, loader};
    __atomic_store_n(&code_count, index + 1, __ATOMIC_RELEASE);
}

/*
 * The next `syscall` byte pair in [at, end); end where there is none. Eight places a step: a byte of word is zero where 0f
 * stands here and 05 behind it.
 */
static const uint8_t *next_pair(const uint8_t *at, const uint8_t *end)
{
    const uint64_t each = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    for (; at + 9 <= end; at += 8) {
        uint64_t here, behind;
        memcpy(&here, at, sizeof here);
        memcpy(&behind, at + 1, sizeof behind);
        uint64_t word = (here ^ each * 0x0f) | (behind ^ each * 0x05);
        uint64_t zero = (word - each) & ~word & high; /* its lowest set bit marks a zero byte for certain */
        if (zero)
            return at + __builtin_ctzll(zero) / 8;
    }
    for (; at + 1 < end; at++)
        if (at[0] == 0x0f && at[1] == 0x05)
            return at;
    return end;
}

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
 * glibc's clone and clone3 end their unwind tables just ahead of the syscall, because those would be wrong in the child:
 * a function that runs into it belongs together with it. Only a jump in place of the instruction before is safe here.
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

static void take_segment(const struct sc_object *object, struct sc_stubs *stubs, uint64_t begin, uint64_t end)
{
    struct sc_found_site sites[SC_SITES_PER_FUNCTION];
    uint64_t function = 0, function_end = 0;
    const uint8_t *at = (const uint8_t *)begin, *last = (const uint8_t *)end;
    while ((at = next_pair(at, last)) < last) {
        if ((uint64_t)at < function_end) {
            at++;
            continue;
        }
        int count = -1;
        if (object->count && sc_functions_find(object, (uint64_t)at, &function, &function_end)) {
            count = sc_find_sites(object, function, function_end, sites);
        } else {
            function_end = (uint64_t)at + 2;
            if (object->count)
                count = find_behind_end(object, (uint64_t)at, sites);
        }
        if (count >= 0) {
            take_function(stubs, sites, count);
        } else { /* may be data: whoever counts sites is told the worst case */
            sites_found++;
            leave_alone((uint64_t)at);
        }
        at++;
    }
}

static size_t count_pairs(uint64_t begin, uint64_t end)
{
    size_t count = 0;
    const uint8_t *at = (const uint8_t *)begin, *last = (const uint8_t *)end;
    for (; (at = next_pair(at, last)) < last; at++)
        count++;
    return count;
}

/*
 * Makes the segment's pages writable beside executable for the moment: nobody runs in them but us (the constructor's one
 * thread, or an object that is not running yet), and at no time is running code without its execute bit.
 */
static bool take_object_segment(const struct sc_object *object, uint64_t begin, uint64_t end)
{
    struct sc_stubs stubs;
    size_t count = count_pairs(begin, end);
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
    take_segment(object, &stubs, begin, end);
    bool sealed = sc_stubs_seal(&stubs) == 0;
    sc_sys(SYS_mprotect, page, end - page, PROT_READ | PROT_EXEC);
    return sealed;
}

static bool take_object(struct sc_object *object, bool c_library, bool loader)
{
    bool taken = true;
    sc_functions_open(object);
    for (unsigned i = 0; i < object->segment_count; i++) {
        const Elf64_Phdr *segment = &object->segments[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
            continue;
        uint64_t begin = object->bias + segment->p_vaddr;
        add_code(begin, begin + segment->p_memsz, c_library, loader);
        taken &= take_object_segment(object, begin, begin + segment->p_filesz);
    }
    return taken;
}

static bool has_name(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strncmp(slash ? slash + 1 : path, name, strlen(name)) == 0;
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
};

static int take_listed(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct taking *taking = argument;
    (void)size;
    if (holds(info, vdso) || holds(info, (uint64_t)&sc_process))
        return 0;
    bool loader = has_name(info->dlpi_name, "ld-linux");
    bool libc = has_name(info->dlpi_name, "libc.so");
    if (loader != taking->loader)
        return 0;
    struct sc_object object = {
        .bias = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    bool taken = take_object(&object, loader || libc, loader);
    if (libc)
        taking->libc_taken = taken;
    return 0;
}

enum sc_fallback sc_full_begin(void)
{
    struct taking taking = {0};
    uint64_t all = ~UINT64_C(0), before;
    vdso = getauxval(AT_SYSINFO_EHDR);
    sc_sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &all, &before, sizeof all);
    dl_iterate_phdr(take_listed, &taking);
    if (taking.libc_taken) {
        taking.loader = true;
        dl_iterate_phdr(take_listed, &taking);
    }
    sc_sys(SYS_rt_sigprocmask, 2, &before, 0, sizeof before);
    return taking.libc_taken ? SC_FALLBACK_NONE : SC_FALLBACK_LIBC;
}

void sc_full_add(uint64_t base)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)base;
    struct sc_object object = {.segments = (const Elf64_Phdr *)(base + header->e_phoff),
                               .segment_count = header->e_phnum};
    for (unsigned i = 0; i < object.segment_count; i++) {
        if (object.segments[i].p_type == PT_LOAD) {
            object.bias = base - (object.segments[i].p_vaddr & ~(uint64_t)(SC_GRANULE - 1));
            break;
        }
    }
    take_object(&object, false, false);
}

void sc_full_note(void)
{
    sc_process_note(SC_NOTE_SITES, sites_found, sites_left);
    for (uint64_t i = 0; i < sites_left && i < SC_SITES_NAMED; i++)
        sc_process_note(SC_NOTE_SITE_LEFT, left_at[i], 0);
}

static const struct code *code_at(uint64_t address)
{
    uint32_t count = __atomic_load_n(&code_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++)
        if (address >= codes[i].begin && address < codes[i].end)
            return &codes[i];
    return NULL;
}

bool sc_full_is_loader(uint64_t address)
{
    const struct code *code = code_at(address);
    return code && code->loader;
}

/* Is the instruction before this address a call? Its forms: e8 rel32, ff /2 with two to seven bytes. */
static bool follows_call(const struct code *code, uint64_t address)
{
    const uint8_t *p = (const uint8_t *)address;
    if (address - code->begin < 8)
        return false;
    if (p[-5] == 0xe8)
        return true;
    for (int length = 2; length <= 7; length++)
        if (p[-length] == 0xff && (p[-length + 1] & 0x38) == 0x10)
            return true;
    return false;
}

enum { STACK_WORDS = 96 };

/*
 * The stack is searched for the first return address that lies outside the C library. What a function left there before
 * may be taken for one; that such a word is the address behind a call makes it rare.
 */
uint64_t sc_full_caller(const uint64_t *stack, uint64_t site_after)
{
    const struct code *own = code_at(site_after);
    if (!own || !own->c_library)
        return site_after;
    for (unsigned i = 0; i < STACK_WORDS; i++) {
        const struct code *code = stack[i] >> 47 ? NULL : code_at(stack[i]);
        if (code && !code->c_library && follows_call(code, stack[i]))
            return stack[i];
    }
    return site_after;
}
