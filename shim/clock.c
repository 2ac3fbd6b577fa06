/*
 * clock.c: the system's clocks, from the kernel's own object in our memory (the vDSO). libc's clock_gettime will not
 * do: a library that changes the time (libfaketime) stands in its place, would falsify our times, and calls back into
 * us. Nor will the system call: after a seccomp filter none may be made.
 */
#include <elf.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

#include "clock.h"
#include "state.h"
#include "sys.h"

static int (*vdso_gettime)(clockid_t clock, struct timespec *now);

/* Its symbol table has as many entries as its hash table says; it has one of the old kind, or else the new one's chain.
 */
static unsigned count_symbols(const uint32_t *hash, const Elf64_Sym *symbols, const char *strings)
{
    if (hash)
        return hash[1];
    return (const char *)symbols < strings ? (unsigned)((size_t)(strings - (const char *)symbols) / sizeof *symbols)
                                           : 0;
}

void sc_clock_find(void)
{
    const char *base = (const char *)getauxval(AT_SYSINFO_EHDR);
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

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now = {0, 0};
    if (!vdso_gettime)
        sc_sys(SYS_clock_gettime, clock, &now);
    else
        vdso_gettime(clock, &now); /* makes the system call itself where the machine's clock needs it */
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
