#include "late_modules.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>

#include "../core/placement.h"
#include "../core/raw_syscall.h"
#include "../core/word_hash.h"
#include "../unwind/modules.h"
#include "process.h"

uint64_t sc_seen[SC_SEEN];
uint64_t sc_seen_changes = 1;    /* 0: an empty place has a page's key */
static uint32_t closing;         /* how many threads are in dlclose, */
static uint32_t closing_process; /* in this process: a forked child has none of its parent's */

static uint32_t closing_now(void)
{
    bool ours = __atomic_load_n(&closing_process, __ATOMIC_ACQUIRE) == sc_process.process;
    return ours ? __atomic_load_n(&closing, __ATOMIC_ACQUIRE) : 0;
}

/* glibc 2.35 and later: takes no lock and may be called anywhere. Before that, what dlopen brings stays unknown. */
struct found {
    unsigned long long flags;
    void *begin, *end;
    const struct link_map *object;
    void *tables;
    unsigned long long reserved[7];
};
static int (*find_object)(uint64_t address, struct found *ret_found);

void sc_late_modules_begin(void)
{
    *(void **)&find_object = dlsym(RTLD_DEFAULT, "_dl_find_object");
}

/* The same library at the same place is the same to us, however often it came. */
static uint64_t name_of(const char *path)
{
    uint64_t name = sc_hash(SC_HASH_BEGIN, path, strlen(path));
    return name > SC_NAME_PASSES ? name : ~name;
}

/*
 * path is as it was given to dlopen, and may be meant from the working directory. Not on the stack, which may be a
 * handler's: memory of its own for the moment.
 */
static void tell(uint64_t tick, const struct sc_elf_module *object, const char *path)
{
    enum { BYTES = 2 * SC_PATH_BYTES };
    size_t length = strlen(path);
    long place = path[0] == '/' || sc_process.no_syscalls ? -ENOMEM : sc_place_memory(BYTES, PROT_READ | PROT_WRITE);
    if (sc_failed(place)) {
        sc_process_loaded(tick, object, path, length);
        return;
    }
    char *whole = (char *)place;
    long directory = sc_syscall(SYS_getcwd, whole, SC_PATH_BYTES);
    size_t used = sc_failed(directory) ? 0 : (size_t)directory;
    if (used)
        whole[used - 1] = '/';
    if (length > BYTES - used)
        length = BYTES - used;
    sc_copy(whole + used, path, length);
    sc_process_loaded(tick, object, whole, used + length);
    sc_syscall(SYS_munmap, place, BYTES);
}

/* Times are taken before it was looked for: whoever finds it forgotten comes later. */
static void forget(uint64_t tick, const struct sc_code *code)
{
    if (sc_modules_forget(code))
        sc_process_unloaded(tick, code->begin, code->end);
}

/* What the loader says lies there, if that is its code. It stays meanwhile: a call is about to come from it. */
static bool look_up(uint64_t caller, struct sc_elf_module *ret_object, const char **ret_path)
{
    struct found found;
    if (find_object(caller, &found) != 0 || !sc_modules_open((uint64_t)found.begin, ret_object))
        return false;
    *ret_path = found.object->l_name;
    for (unsigned i = 0; i < ret_object->segment_count; i++) {
        const Elf64_Phdr *segment = &ret_object->segments[i];
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X &&
            caller - (ret_object->bias + segment->p_vaddr) < segment->p_memsz)
            return true;
    }
    return false;
}

/* What is there is told to the capture, if it was not. False: nothing is, as far as the loader knows. */
static bool make_known(uint64_t caller)
{
    struct sc_elf_module object;
    struct sc_code code;
    const char *path;
    for (;;) {
        uint64_t tick = sc_now();
        bool noted = sc_modules_find(caller, &code);
        if (noted && code.name == SC_NAME_STAYS)
            return true;
        bool there = look_up(caller, &object, &path);
        if (noted && there && code.module.bias == object.bias && code.name == name_of(path)) {
            /* Whoever is in dlclose may have seen that it was gone, before it came again. */
            if (!closing_now() || sc_modules_renew(&code))
                return true;
        } else if (noted) {
            forget(tick, &code);
        } else {
            if (there && sc_modules_note(&object, name_of(path)))
                tell(tick, &object, path);
            return there;
        }
    }
}

void sc_late_modules_look(uint64_t caller)
{
    uint64_t changes = __atomic_load_n(&sc_seen_changes, __ATOMIC_ACQUIRE), page = caller / SC_GRANULE;
    if (!sc_process.interposing || !find_object)
        return;
    bool quiet = !closing_now();
    if (!sc_modules_staying(caller) && !make_known(caller))
        return;
    if (quiet && !closing_now() && __atomic_load_n(&sc_seen_changes, __ATOMIC_ACQUIRE) == changes)
        __atomic_store_n(&sc_seen[page % SC_SEEN], page | changes << SC_SEEN_PAGE_BITS, __ATOMIC_RELAXED);
}

void sc_late_modules_closing(void)
{
    if (__atomic_exchange_n(&closing_process, sc_process.process, __ATOMIC_SEQ_CST) != sc_process.process)
        __atomic_store_n(&closing, 0, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&closing, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&sc_seen_changes, 1, __ATOMIC_SEQ_CST);
}

/* Those that are gone make room for others. */
void sc_late_modules_closed(void)
{
    struct sc_code code;
    struct found found;
    uint64_t tick = sc_now();
    for (uint32_t at = 0; find_object && sc_modules_next(&at, &code); tick = sc_now())
        if (code.name != SC_NAME_STAYS && find_object(code.begin, &found) != 0)
            forget(tick, &code);
    __atomic_fetch_add(&sc_seen_changes, 1, __ATOMIC_SEQ_CST);
    if (closing_now()) /* 0 in a child that was forked within */
        __atomic_fetch_sub(&closing, 1, __ATOMIC_SEQ_CST);
}
