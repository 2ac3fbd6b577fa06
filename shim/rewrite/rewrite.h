/*
 * rewrite.h: full mode: the sites of all loaded objects taken over.
 */
#ifndef SC_FULL_H
#define SC_FULL_H

#include "../core/peek.h"
#include "../core/state.h"
#include "site.h"

/* Why full mode was not to be had. */
enum sc_fallback { SC_FALLBACK_NONE, SC_FALLBACK_PATCH, SC_FALLBACK_LIBC };

/*
 * Takes over what is loaded now. By the constructor, while the process has one thread. SC_FALLBACK_NONE where libc's
 * own sites are taken over.
 */
enum sc_fallback sc_rewrite_begin(void);

/* An object was mapped at base by the loader and is not running yet: its sites too. path: of so many bytes. */
void sc_rewrite_add(uint64_t base, const char *path, size_t path_bytes);

/*
 * The return address in the program's own code for the call made at these registers: the first outside libc. Where that
 * is the same as last time, it is known by one look at the stack.
 */
uint64_t sc_rewrite_find_caller(struct sc_cached_caller *cached, const struct sc_regs *regs);

static inline uint64_t sc_rewrite_caller(struct sc_writer *writer, const struct sc_regs *regs)
{
    struct sc_cached_caller *cached = &writer->cached[regs->after / 4 % SC_CALLER_CACHE];
    uint64_t caller = cached->caller;
    uint32_t at = cached->at;
    SC_BARRIER(); /* last: a handler in between may have put another site there */
    if (SC_LIKELY(cached->after == regs->after && sc_proved_u64(sc_regs_stack(regs) + at) == caller))
        return caller;
    return sc_rewrite_find_caller(cached, regs);
}

/* The program is about to move or unmap the kernel's object (vDSO): it is as the kernel made it again. */
void sc_rewrite_vdso_going(void);

/* Does this address lie in ld.so? */
bool sc_rewrite_is_loader(uint64_t address);

/* The NOTE that says how many sites there are and how many were left alone; after sc_rewrite_begin. */
void sc_rewrite_note(void);

#endif
