#include "modules.h"

#include <string.h>

#include "../core/host.h"
#include "../core/state.h"
#include "spans.h"

enum { MOST_STAYING = 8, MOST_CODE = 1024, FREE = 0, FILLING = 1 /* no code begins there */ };

/* Written by the constructor only. */
static struct sc_code staying[MOST_STAYING];
static uint32_t staying_count;
struct sc_range sc_vdso;

/*
 * A slot is taken by its begin, which is stored last: readers need no lock. Who reads one copies it and then looks
 * whether it is still the same object's, by the number in begin's upper bits.
 */
struct slot {
    uint64_t begin; /* FREE, FILLING, or the code's, and in the upper bits the end of its turn */
    uint32_t turn;
    struct sc_code code;
};
static struct slot slots[MOST_CODE];
static uint32_t slots_used; /* so many were ever taken */
static uint32_t epoch;
static uint64_t lowest = UINT64_MAX, highest; /* of all that were ever noted */

enum { ADDRESS_BITS = 48 };

static uint64_t begin_of(uint64_t word)
{
    return word & ((UINT64_C(1) << ADDRESS_BITS) - 1);
}

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

static bool add(uint64_t begin, uint64_t end, const struct sc_elf_module *module, uint64_t name)
{
    struct slot *slot = take_slot();
    if (!slot)
        return false;
    uint64_t turn = __atomic_add_fetch(&slot->turn, 1, __ATOMIC_RELEASE);
    slot->code = (struct sc_code){
        .begin = begin,
        .end = end,
        .owner = SC_OWNER_PROGRAM,
        .module = *module,
        .name = name,
        .slot = (uint32_t)(slot - slots),
    };
    widen(begin, end);
    __atomic_store_n(&slot->begin, begin | turn << ADDRESS_BITS, __ATOMIC_RELEASE);
    return true;
}

/* Once for each: two threads may know that it is gone. word: as its begin was read. */
static bool free_slot(struct slot *slot, uint64_t word)
{
    if (!__atomic_compare_exchange_n(&slot->begin, &word, FREE, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return false;
    __atomic_fetch_add(&epoch, 1, __ATOMIC_RELEASE);
    return true;
}

bool sc_modules_forget(const struct sc_code *code)
{
    return free_slot(&slots[code->slot], code->word);
}

bool sc_modules_renew(const struct sc_code *code)
{
    struct slot *slot = &slots[code->slot];
    uint64_t word = code->word, turn = __atomic_add_fetch(&slot->turn, 1, __ATOMIC_RELEASE);
    return __atomic_compare_exchange_n(&slot->begin, &word, begin_of(word) | turn << ADDRESS_BITS, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

void sc_modules_drop(uint64_t begin, uint64_t end, void (*gone)(uint64_t begin, uint64_t end))
{
    if (end <= __atomic_load_n(&lowest, __ATOMIC_RELAXED) || begin >= __atomic_load_n(&highest, __ATOMIC_RELAXED))
        return;
    uint32_t used = __atomic_load_n(&slots_used, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < used; i++) {
        struct slot *slot = &slots[i];
        uint64_t word = __atomic_load_n(&slot->begin, __ATOMIC_ACQUIRE), code_begin = begin_of(word);
        if (word == FREE || word == FILLING || code_begin >= end)
            continue;
        uint64_t code_end = slot->code.end;
        if (code_end > begin && free_slot(slot, word) && gone)
            gone(code_begin, code_end);
    }
}

const struct sc_code *sc_modules_staying(uint64_t address)
{
    for (uint32_t i = 0; i < staying_count; i++)
        if (address >= staying[i].begin && address < __atomic_load_n(&staying[i].end, __ATOMIC_RELAXED))
            return &staying[i];
    return NULL;
}

void sc_modules_vdso_gone(void)
{
    for (uint32_t i = 0; i < staying_count; i++)
        if (sc_modules_in_vdso(staying[i].begin))
            __atomic_store_n(&staying[i].end, 0, __ATOMIC_RELAXED);
    sc_vdso = (struct sc_range){0, 0};
}

/* False where it is none, or another's since its word was read. */
static bool copy_slot(uint32_t i, uint64_t word, struct sc_code *ret_code)
{
    struct slot *slot = &slots[i];
    if (word == FREE || word == FILLING)
        return false;
    *ret_code = slot->code;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    ret_code->word = word;
    return __atomic_load_n(&slot->begin, __ATOMIC_RELAXED) == word;
}

bool sc_modules_next(uint32_t *at, struct sc_code *ret_code)
{
    uint32_t used = __atomic_load_n(&slots_used, __ATOMIC_ACQUIRE);
    while (*at < used) {
        uint32_t i = (*at)++;
        if (copy_slot(i, __atomic_load_n(&slots[i].begin, __ATOMIC_ACQUIRE), ret_code))
            return true;
    }
    return false;
}

bool sc_modules_find(uint64_t address, struct sc_code *ret_code)
{
    const struct sc_code *code = sc_modules_staying(address);
    if (code) {
        *ret_code = *code;
        return true;
    }
    for (uint32_t i = 0; sc_modules_next(&i, ret_code);)
        if (address >= ret_code->begin && address < ret_code->end)
            return true;
    return false;
}

uint32_t sc_modules_epoch(void)
{
    return __atomic_load_n(&epoch, __ATOMIC_ACQUIRE);
}

void sc_modules_refined(const struct sc_elf_module *module)
{
    for (uint32_t i = 0; i < staying_count; i++)
        if (staying[i].module.by_symbols && staying[i].module.bias == module->bias)
            staying[i].module = *module;
}

static bool has_name(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strncmp(slash ? slash + 1 : path, name, strlen(name)) == 0;
}

/* musl's libc and ld.so are one object, which goes by whatever name it was started by. */
static enum sc_owner owner_of(const char *path, bool own, bool has_libc)
{
    if (own)
        return SC_OWNER_SHIM;
    if (sc_process.musl ? has_libc : has_name(path, "libc.so"))
        return SC_OWNER_C_LIBRARY;
    if (has_name(path, "libstdc++.so"))
        return SC_OWNER_LANGUAGE;
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

bool sc_modules_open(uint64_t base, struct sc_elf_module *ret_object)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)base;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return false;
    *ret_object = (struct sc_elf_module){.segments = (const Elf64_Phdr *)(base + header->e_phoff),
                                         .segment_count = header->e_phnum};
    for (unsigned i = 0; i < ret_object->segment_count; i++) {
        if (ret_object->segments[i].p_type == PT_LOAD) {
            ret_object->bias = base - (ret_object->segments[i].p_vaddr & ~(uint64_t)(SC_GRANULE - 1));
            break;
        }
    }
    sc_eh_frame_open(ret_object);
    return true;
}

bool sc_modules_note(const struct sc_elf_module *module, uint64_t name)
{
    bool noted = false;
    for (unsigned i = 0; i < module->segment_count; i++) {
        uint64_t begin = module->bias + module->segments[i].p_vaddr;
        if (module->segments[i].p_type == PT_LOAD && module->segments[i].p_flags & PF_X)
            noted |= add(begin, begin + module->segments[i].p_memsz, module, name);
    }
    return noted;
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

/* Does it hold that address; *ret_end: where the object ends. */
static bool holds(const struct dl_phdr_info *info, uint64_t address, uint64_t *ret_end)
{
    bool found = false;
    *ret_end = 0;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        uint64_t begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, end = begin + info->dlpi_phdr[i].p_memsz;
        if (info->dlpi_phdr[i].p_type != PT_LOAD)
            continue;
        found |= address >= begin && address < end;
        *ret_end = end;
    }
    return found;
}

static int list_object(struct dl_phdr_info *info, size_t size, void *unused)
{
    struct sc_elf_module module = {
        .bias = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    uint64_t vdso = sc_host_auxiliary(AT_SYSINFO_EHDR), object_end;
    (void)size;
    (void)unused;
    sc_eh_frame_open(&module);
    enum sc_owner owner = owner_of(info->dlpi_name, holds(info, (uint64_t)list_object, &object_end),
                                   holds(info, sc_host_libc(), &object_end));
    if (sc_process.musl && owner == SC_OWNER_C_LIBRARY)
        sc_spans_open(&module);
    if (vdso && holds(info, vdso, &object_end)) {
        owner = SC_OWNER_C_LIBRARY;
        sc_vdso = (struct sc_range){vdso, object_end};
    }
    if (owner == SC_OWNER_PROGRAM)
        sc_modules_note(&module, SC_NAME_STAYS);
    for (unsigned i = 0; i < info->dlpi_phnum && owner != SC_OWNER_PROGRAM; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uint64_t begin = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X && staying_count < MOST_STAYING)
            staying[staying_count++] =
                (struct sc_code){.begin = begin, .end = begin + segment->p_memsz, .owner = owner, .module = module};
    }
    return 0;
}

void sc_modules_list(void)
{
    sc_host_objects(list_object, NULL);
}
