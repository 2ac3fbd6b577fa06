#include "modules.h"

#include <link.h>
#include <string.h>

#include "../core/state.h"

enum { MOST_STAYING = 8, MOST_CODE = 1024, FREE = 0, FILLING = 1 /* no code begins there */ };

/* Written by the constructor only. */
static struct sc_code staying[MOST_STAYING];
static uint32_t staying_count;

/*
 * A slot is taken by its begin, which is stored last: readers need no lock. Who reads one copies it and then looks
 * whether it is still the same object's (turn).
 */
struct slot {
    uint64_t begin; /* FREE, FILLING, or the code's */
    uint32_t turn;
    struct sc_code code;
};
static struct slot slots[MOST_CODE];
static uint32_t slots_used; /* so many were ever taken */
static uint32_t epoch;
static uint64_t lowest = UINT64_MAX, highest; /* of all that were ever noted */

static void widen(uint64_t begin, uint64_t end)
{
    uint64_t low = __atomic_load_n(&lowest, __ATOMIC_RELAXED), high = __atomic_load_n(&highest, __ATOMIC_RELAXED);
    while (begin < low && !__atomic_compare_exchange_n(&lowest, &low, begin, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    while (end > high && !__atomic_compare_exchange_n(&highest, &high, end, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

static struct slot *take_slot(void)
{
    for (uint32_t i = 0; i < MOST_CODE; i++) {
        uint64_t free_begin = FREE;
        if (!__atomic_compare_exchange_n(&slots[i].begin, &free_begin, FILLING, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_RELAXED))
            continue;
        uint32_t used = __atomic_load_n(&slots_used, __ATOMIC_RELAXED);
        while (used < i + 1 &&
               !__atomic_compare_exchange_n(&slots_used, &used, i + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            ;
        return &slots[i];
    }
    return NULL;
}

void sc_modules_add(uint64_t begin, uint64_t end, const struct sc_elf_module *module)
{
    struct slot *slot = take_slot();
    if (!slot)
        return;
    __atomic_fetch_add(&slot->turn, 1, __ATOMIC_RELEASE);
    slot->code = (struct sc_code){begin, end, SC_OWNER_PROGRAM, *module};
    widen(begin, end);
    __atomic_store_n(&slot->begin, begin, __ATOMIC_RELEASE);
}

void sc_modules_drop(uint64_t begin, uint64_t end, void (*gone)(uint64_t begin, uint64_t end))
{
    if (end <= __atomic_load_n(&lowest, __ATOMIC_RELAXED) || begin >= __atomic_load_n(&highest, __ATOMIC_RELAXED))
        return;
    uint32_t used = __atomic_load_n(&slots_used, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < used; i++) {
        struct slot *slot = &slots[i];
        uint64_t code_begin = __atomic_load_n(&slot->begin, __ATOMIC_ACQUIRE);
        if (code_begin == FREE || code_begin == FILLING || code_begin >= end)
            continue;
        uint64_t code_end = slot->code.end;
        if (code_end <= begin)
            continue;
        /* Once for each: two threads may unmap parts of it. */
        if (!__atomic_compare_exchange_n(&slot->begin, &code_begin, FREE, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            continue;
        __atomic_fetch_add(&epoch, 1, __ATOMIC_RELEASE);
        if (gone)
            gone(code_begin, code_end);
    }
}

const struct sc_code *sc_modules_staying(uint64_t address)
{
    for (uint32_t i = 0; i < staying_count; i++)
        if (address >= staying[i].begin && address < staying[i].end)
            return &staying[i];
    return NULL;
}

bool sc_modules_find(uint64_t address, struct sc_code *ret_code)
{
    const struct sc_code *code = sc_modules_staying(address);
    if (code) {
        *ret_code = *code;
        return true;
    }
    uint32_t used = __atomic_load_n(&slots_used, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < used; i++) {
        struct slot *slot = &slots[i];
        uint32_t turn = __atomic_load_n(&slot->turn, __ATOMIC_ACQUIRE);
        uint64_t begin = __atomic_load_n(&slot->begin, __ATOMIC_ACQUIRE);
        if (begin == FREE || begin == FILLING || address < begin)
            continue;
        *ret_code = slot->code;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (address < ret_code->end && __atomic_load_n(&slot->begin, __ATOMIC_RELAXED) == begin &&
            __atomic_load_n(&slot->turn, __ATOMIC_RELAXED) == turn)
            return true;
    }
    return false;
}

uint32_t sc_modules_epoch(void)
{
    return __atomic_load_n(&epoch, __ATOMIC_ACQUIRE);
}

static bool has_name(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strncmp(slash ? slash + 1 : path, name, strlen(name)) == 0;
}

enum sc_owner sc_modules_owner(const char *path, bool own)
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

unsigned sc_modules_build_id(const struct sc_elf_module *module, uint8_t id[SC_BUILD_ID_MOST])
{
    unsigned length = 0;
    for (unsigned i = 0; i < module->segment_count && !length; i++) {
        const Elf64_Phdr *segment = &module->segments[i];
        const char *notes = (const char *)(module->bias + segment->p_vaddr);
        if (segment->p_type == PT_NOTE)
            length = read_build_id(notes, notes + segment->p_memsz, id);
    }
    return length;
}

static int list_object(struct dl_phdr_info *info, size_t size, void *unused)
{
    struct sc_elf_module module = {
        .bias = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    uint64_t here = (uint64_t)list_object;
    bool own = false;
    (void)size;
    (void)unused;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        uint64_t begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        own |= info->dlpi_phdr[i].p_type == PT_LOAD && here >= begin && here < begin + info->dlpi_phdr[i].p_memsz;
    }
    sc_eh_frame_open(&module);
    enum sc_owner owner = sc_modules_owner(info->dlpi_name, own);
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uint64_t begin = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
            continue;
        if (owner == SC_OWNER_PROGRAM)
            sc_modules_add(begin, begin + segment->p_memsz, &module);
        else if (staying_count < MOST_STAYING)
            staying[staying_count++] = (struct sc_code){begin, begin + segment->p_memsz, owner, module};
    }
    return 0;
}

void sc_modules_list(void)
{
    dl_iterate_phdr(list_object, NULL);
}
