/* rewrite.h: full mode: patches the sites of all loaded modules. */
#ifndef SC_REWRITE_H
#define SC_REWRITE_H

#include "../core/peek.h"
#include "../core/state.h"
#include "../unwind/modules.h"
#include "own_threads.h"
#include "site.h"

/* Why full mode was not to be had. */
enum sc_fallback { SC_FALLBACK_NONE, SC_FALLBACK_PATCH, SC_FALLBACK_LIBC };

/*
 * Patches what is loaded now. By the constructor, while the process has one thread. SC_FALLBACK_NONE if the sites are
 * patched of whose code the program makes its calls: the C library's, or the program's own where that is linked into
 * it. environment: the program's, which says where the user keeps plans (plan_files.h).
 */
enum sc_fallback sc_rewrite_begin(enum sc_owner callers, char *const *environment);

/* The loader has mapped a module at base, which is not running yet: patches its sites. path: path_bytes long. */
void sc_rewrite_add(uint64_t base, const char *path, size_t path_bytes);

/*
 * The return address in the program's own code for the call made with these registers: the first outside libc, of calls
 * that move file data outside libstdc++ too. If it is the same as last time, one read of the stack finds it.
 */
uint64_t sc_rewrite_find_caller(struct sc_cached_caller *cached, const struct sc_regs *regs, unsigned nr);

static inline uint64_t sc_rewrite_caller(struct sc_writer *writer, const struct sc_regs *regs, unsigned nr)
{
    uint64_t own = sc_own_caller(regs);
    if (own)
        return own;
    struct sc_cached_caller *cached = &writer->cached[regs->after / 4 % SC_CALLER_CACHE];
    uint64_t caller = cached->caller;
    uint32_t at = cached->at;
    SC_BARRIER(); /* last: a handler in between may have cached another site */
    if (SC_LIKELY(cached->after == regs->after && sc_proved_u64(sc_regs_stack(regs) + at) == caller))
        return caller;
    return sc_rewrite_find_caller(cached, regs, nr);
}

/* The program is about to move or unmap the kernel's object (vDSO): it is as the kernel made it again. */
void sc_rewrite_vdso_going(void);

/* Does the call come from ld.so? In musl, of which that is a part, from a function that libc itself has called. */
bool sc_rewrite_is_loader(const struct sc_regs *regs);

/* Stores the NOTE that says how many sites there are and how many are unpatched; after sc_rewrite_begin. */
void sc_rewrite_note(void);

#endif
