/*
 * own_threads.h: what has to be done around some calls where there is no C library to keep a thread's storage: in
 * statically linked programs (../static), whose loader we are. In all others nothing: it is the C library's and the
 * kernel's.
 */
#ifndef SC_OWN_THREADS_H
#define SC_OWN_THREADS_H

#include "../../common/calls.h"
#include "../core/readable.h"
#include "../unwind/modules.h"
#include "site.h"

#ifdef SC_CURRENT_IN_GS

/*
 * Before a clone that gives the child a stack: a child that runs beside this thread gets storage of its own. Returns
 * what sc_site_call is to return. Then signals are blocked until sc_own_clone_done, which is called in the parent.
 */
long sc_own_clone(struct sc_regs *regs, uint64_t flags, bool has_stack);
void sc_own_clone_done(const struct sc_regs *regs);

/* New threads need a call of ours, which a filter may kill at: no fit company for one. */
bool sc_own_threads_make_calls(void);

/* The thread's code is the program's from here to its end, without a call that we see: another may take its storage. */
void sc_own_thread_ends(void);
/*
 * The thread is about to exit with these registers: it gives up its storage, if it can, and exits. Returns in a
 * process's first thread, whose storage stays.
 */
void sc_own_thread_exits(const struct sc_regs *regs);

/*
 * Before the call: finds out who the thread is, where that may be unknown. True: it concerns our storage or our file,
 * is made, and its result is in regs->rax.
 */
extern bool sc_own_unseen; /* threads may come that we did not see made */
bool sc_own_call_slow(struct sc_regs *regs);
static inline bool sc_own_call(struct sc_regs *regs)
{
    bool concerns = sc_call_table[regs->rax].text || regs->rax == SC_NR_arch_prctl;
    return __builtin_expect(concerns || sc_own_unseen, 0) && sc_own_call_slow(regs);
}

/* The file that is meant, where path is a name in /proc of the process's own file, which our loader stands for; else 0.
 */
sc_addr sc_own_executes(sc_addr path);

/* The C library is part of the program: its code is the caller, and that of the kernel's object has one. */
static inline uint64_t sc_own_caller(const struct sc_regs *regs)
{
    return sc_modules_in_vdso(regs->after) ? 0 : regs->after;
}

/* A call that was made: its result as the program has to see it, and its memory. */
int64_t sc_own_answer_slow(unsigned nr, const uint64_t *args, int64_t result);
static inline int64_t sc_own_answer(unsigned nr, const uint64_t *args, int64_t result)
{
    bool concerns = sc_call_table[nr].text || nr == SC_NR_sigaltstack || nr == SC_NR_arch_prctl;
    return __builtin_expect(concerns, 0) ? sc_own_answer_slow(nr, args, result) : result;
}

#else

static inline long sc_own_clone(const struct sc_regs *regs, uint64_t flags, bool has_stack)
{
    (void)regs;
    (void)flags;
    (void)has_stack;
    return SC_SITE_RAW;
}

static inline void sc_own_clone_done(const struct sc_regs *regs)
{
    (void)regs;
}

static inline bool sc_own_threads_make_calls(void)
{
    return false;
}

static inline void sc_own_thread_ends(void)
{
}

static inline void sc_own_thread_exits(const struct sc_regs *regs)
{
    (void)regs;
}

static inline bool sc_own_call(const struct sc_regs *regs)
{
    (void)regs;
    return false;
}

static inline sc_addr sc_own_executes(sc_addr path)
{
    (void)path;
    return 0;
}

static inline uint64_t sc_own_caller(const struct sc_regs *regs)
{
    (void)regs;
    return 0;
}

static inline int64_t sc_own_answer(unsigned nr, const uint64_t *args, int64_t result)
{
    (void)nr;
    (void)args;
    return result;
}

#endif

#endif
