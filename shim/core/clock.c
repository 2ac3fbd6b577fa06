/*
 * clock.c: the system's clocks, read from the vDSO.
 *
 * Not by libc's clock_gettime: a library that changes the time (libfaketime) replaces it, would falsify our times, and
 * calls back into us. Not by the system call: after a seccomp filter we may make none.
 */
#include <cpuid.h>
#include <elf.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "clock.h"
#include "raw_syscall.h"
#include "state.h"

static int (*vdso_gettime)(clockid_t clock, struct timespec *now);

/*
 * The symbol table has as many entries as the hash table says: the old kind of hash table, or else the new kind's
 * chain.
 */
static unsigned count_symbols(const uint32_t *hash, const Elf64_Sym *symbols, const char *strings)
{
    if (hash)
        return hash[1];
    return (const char *)symbols < strings ? (unsigned)((size_t)(strings - (const char *)symbols) / sizeof *symbols)
                                           : 0;
}

static void find_object(const char *base)
{
    if (!base)
        return;
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)base;
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(base + header->e_phoff);
    const Elf64_Dyn *dynamic = NULL;
    uint64_t linked_at = 0;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD)
            linked_at = segments[i].p_vaddr - segments[i].p_offset;
        else if (segments[i].p_type == PT_DYNAMIC)
            dynamic = (const Elf64_Dyn *)(base + segments[i].p_offset);
    }
    const Elf64_Sym *symbols = NULL;
    const char *strings = NULL;
    const uint32_t *hash = NULL;
    for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
        const char *at = base + (dynamic->d_un.d_ptr - linked_at);
        if (dynamic->d_tag == DT_SYMTAB)
            symbols = (const Elf64_Sym *)at;
        else if (dynamic->d_tag == DT_STRTAB)
            strings = at;
        else if (dynamic->d_tag == DT_HASH)
            hash = (const uint32_t *)at;
    }
    if (!symbols || !strings)
        return;
    for (unsigned i = 0; i < count_symbols(hash, symbols, strings); i++)
        if (symbols[i].st_shndx != SHN_UNDEF && strcmp(strings + symbols[i].st_name, "__vdso_clock_gettime") == 0)
            *(const void **)&vdso_gettime = base + (symbols[i].st_value - linked_at);
}

/* How times are taken. The first way is in state.h. */
enum way {
    BY_COUNTER,
    BY_OBJECT, /* the kernel's, in ns; reads the counter itself */
    BY_CALL,
    STANDING,
};

enum { RATE_SHIFT = 20 }; /* of ticks a ns */

static enum way way;
static enum way way_before; /* it stood */
static struct {
    uint64_t tick, mono, real; /* one moment */
    uint64_t rate;             /* ticks a ns, shifted */
} moment;

bool sc_clock_asks(uint64_t time)
{
    return time && time == sc_current()->time_asked;
}

/* It makes the system call itself where the machine's clock needs it. That one is ours and not the program's. */
static void ask_object(clockid_t clock, struct timespec *now)
{
    volatile uint64_t *asked = &sc_current()->time_asked;
    uint64_t before = *asked;
    *asked = (uint64_t)now;
    vdso_gettime(clock, now);
    *asked = before > (uint64_t)now ? before : 0; /* below: of a handler that never came back */
}

void sc_clock_without_object(void)
{
    vdso_gettime = NULL;
}

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now = {0, 0};
    if (way == STANDING || (way == BY_CALL && sc_process.no_syscalls))
        return clock == CLOCK_REALTIME ? moment.real : moment.mono;
    if (way == BY_CALL || !vdso_gettime)
        sc_syscall(SYS_clock_gettime, clock, &now);
    else
        ask_object(clock, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

uint64_t sc_monotonic(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

uint64_t sc_realtime(void)
{
    return clock_ns(CLOCK_REALTIME);
}

static bool ticks_are_ns(void)
{
    return sc_process.header ? sc_process.header->clock == SC_CLOCK_MONOTONIC : way != BY_COUNTER;
}

uint64_t sc_slow_now(void)
{
    uint64_t mono = sc_monotonic();
    if (way == STANDING)
        return moment.tick;
    if (ticks_are_ns())
        return mono;
    return moment.tick + (uint64_t)((unsigned __int128)(mono - moment.mono) * moment.rate >> RATE_SHIFT);
}

/* The same moment in all clocks, while they can be read. */
static void take_moment(void)
{
    moment.tick = sc_now();
    moment.mono = sc_monotonic();
    moment.real = sc_realtime();
}

/* Ticks per ns, from the capture's beginning to now; stored for later processes that can't measure it. */
static void find_rate(void)
{
    struct sc_file_header *header = sc_process.header;
    uint64_t ticks = moment.tick - header->tick0, ns = moment.mono - header->mono0;
    while (ticks >> (63 - RATE_SHIFT)) {
        ticks >>= 1;
        ns >>= 1;
    }
    moment.rate = ns ? (ticks << RATE_SHIFT) / ns : UINT64_C(1) << RATE_SHIFT;
    __atomic_store_n(&header->tick_rate, (uint32_t)moment.rate, __ATOMIC_RELAXED);
}

static bool counter_is_allowed(void)
{
    int tsc = 0;
    return sc_syscall(SYS_prctl, PR_GET_TSC, &tsc) == 0 && tsc == PR_TSC_ENABLE;
}

/* The counter is a clock only if it runs at one rate. */
static bool counter_is_a_clock(void)
{
    unsigned a, b, c, d;
    enum { INVARIANT = 1 << 8, POWER_MANAGEMENT = 0x80000007 };
    return __get_cpuid(POWER_MANAGEMENT, &a, &b, &c, &d) && d & INVARIANT;
}

static void set_way(enum way chosen)
{
    way = chosen;
    SC_BARRIER();
    sc_process.clock_tsc = chosen == BY_COUNTER;
}

void sc_clock_find(uint64_t vdso)
{
    find_object((const char *)vdso);
    set_way(!counter_is_allowed() ? BY_CALL : counter_is_a_clock() ? BY_COUNTER : BY_OBJECT);
}

bool sc_clock_follow(void)
{
    struct sc_file_header *header = sc_process.header;
    if (way != BY_CALL) {
        set_way(ticks_are_ns() ? BY_OBJECT : BY_COUNTER);
        return true;
    }
    moment.tick = header->tick0;
    moment.mono = header->mono0;
    moment.rate = header->tick_rate;
    return ticks_are_ns() || moment.rate != 0;
}

void sc_clock_without_counter(void)
{
    if (way != BY_COUNTER && way != BY_OBJECT)
        return;
    take_moment();
    if (!ticks_are_ns())
        find_rate();
    set_way(BY_CALL);
}

bool sc_clock_with_counter(void)
{
    if (way != BY_CALL)
        return false;
    set_way(ticks_are_ns() ? BY_OBJECT : BY_COUNTER);
    return true;
}

void sc_clock_stop(void)
{
    if (way == STANDING)
        return;
    take_moment();
    way_before = way;
    set_way(STANDING);
}

void sc_clock_go_on(void)
{
    if (way != STANDING)
        return;
    set_way(way_before);
}
