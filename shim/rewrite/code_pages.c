#include "code_pages.h"

#include <sys/mman.h>

#include "../core/raw_syscall.h"
#include "../core/state.h"

static bool writable, copied;
static uint64_t from, to; /* of the last run of pages; to 0: none */

static uint64_t page_of(uint64_t address)
{
    return address & ~(uint64_t)(SC_GRANULE - 1);
}

int sc_code_protection(const Elf64_Phdr *segment)
{
    return (segment->p_flags & PF_R ? PROT_READ : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0) |
           (segment->p_flags & PF_X ? PROT_EXEC : 0);
}

bool sc_code_writable(uint64_t begin, uint64_t end)
{
    uint64_t page = page_of(begin);
    writable = writable || !sc_failed(sc_syscall(SYS_mprotect, page, end - page, PROT_READ | PROT_WRITE | PROT_EXEC));
    return writable;
}

void sc_code_copy(uint64_t address)
{
    uint64_t page = page_of(address);
    if (copied)
        return;
    if (to && (!address || page > to + SC_GRANULE)) {
        sc_syscall(SYS_madvise, from, to - from, MADV_POPULATE_WRITE);
        to = 0;
    }
    copied = !address;
    if (!address)
        return;
    if (!to)
        from = page;
    to = page + SC_GRANULE;
}

void sc_code_done(const Elf64_Phdr *segment, uint64_t begin, uint64_t end)
{
    uint64_t page = page_of(begin);
    if (writable)
        sc_syscall(SYS_mprotect, page, end - page, sc_code_protection(segment));
    writable = copied = false;
}
