/* own_threads.c: blocks for threads, and what keeps them where they belong (../rewrite/own_threads.h). */
#include "../rewrite/own_threads.h"

#include <asm/prctl.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

#include "../core/host.h"
#include "../core/peek.h"
#include "../core/placement.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "../core/writer.h"
#include "../rewrite/unpatch.h"
#include "own_answers.h"
#include "thread_block.h"

enum {
    BLOCKS = 16384,      /* threads at a time: more than Go ever makes */
    STACK_BYTES = 32768, /* for our code and a handler that finds us there */
    FSGSBASE = 1 << 1,   /* AT_HWCAP2: programs may set the base by themselves */
    AREA = 512,          /* so many stacks are mapped at a time: after a seccomp filter there can be no more */
    TAG_SHIFT = 32,
};

/* Never given back to the kernel, and as good as free while untouched. */
static struct sc_thread_block blocks[BLOCKS];
static uint64_t idle;  /* of blocks that were given back: index and 1 of the first, and above it a tag against ABA */
static uint32_t taken; /* so many were ever taken anew */
static bool own_stacks;
static uint64_t areas[BLOCKS / AREA];
static bool by_instruction;
bool sc_own_unseen;

void sc_threads_use_first(void)
{
    blocks[0].current.self = &blocks[0].current;
    sc_syscall(SYS_arch_prctl, ARCH_SET_GS, &blocks[0]);
}

/* Stacks come by the area, as threads do: the program's address space may be limited. False: there is no room. */
static bool give_stack(struct sc_thread_block *block)
{
    uint64_t index = (uint64_t)(block - blocks), *area = &areas[index / AREA];
    if (!own_stacks)
        return true;
    if (!__atomic_load_n(area, __ATOMIC_ACQUIRE)) {
        long place = sc_process.no_syscalls ? -EPERM : sc_place_memory(AREA * STACK_BYTES, PROT_READ | PROT_WRITE);
        uint64_t none = 0;
        if (sc_failed(place))
            return false;
        if (!__atomic_compare_exchange_n(area, &none, (uint64_t)place, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            sc_syscall(SYS_munmap, place, AREA * STACK_BYTES);
    }
    block->stack_begin = *area + index % AREA * STACK_BYTES;
    block->stack_top = block->stack_begin + STACK_BYTES;
    return true;
}

bool sc_threads_begin(bool needs_stack)
{
    by_instruction = sc_host_auxiliary(AT_HWCAP2) & FSGSBASE;
    taken = 1;
    own_stacks = needs_stack;
    return give_stack(&blocks[0]);
}

static struct sc_thread_block *take_block(void)
{
    uint64_t head = __atomic_load_n(&idle, __ATOMIC_ACQUIRE);
    while ((uint32_t)head) {
        struct sc_thread_block *block = &blocks[(uint32_t)head - 1];
        uint64_t after = __atomic_load_n(&block->next, __ATOMIC_RELAXED) | ((head >> TAG_SHIFT) + 1) << TAG_SHIFT;
        if (__atomic_compare_exchange_n(&idle, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return block;
    }
    uint32_t index = __atomic_load_n(&taken, __ATOMIC_RELAXED);
    do {
        if (index == BLOCKS)
            return NULL;
    } while (!__atomic_compare_exchange_n(&taken, &index, index + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return &blocks[index];
}

static void give_back(struct sc_thread_block *block)
{
    uint64_t head = __atomic_load_n(&idle, __ATOMIC_ACQUIRE), after;
    do {
        __atomic_store_n(&block->next, (uint32_t)head, __ATOMIC_RELAXED);
        after = (uint64_t)(block - blocks + 1) | ((head >> TAG_SHIFT) + 1) << TAG_SHIFT;
    } while (!__atomic_compare_exchange_n(&idle, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

bool sc_threads_may_be_unseen(void)
{
    sc_own_unseen = by_instruction;
    return sc_own_unseen && !own_stacks; /* on a stack of ours it would be too late */
}

static uint64_t fs_base(void)
{
    uint64_t base;
    __asm__ volatile("rdfsbase %0" : "=r"(base));
    return base;
}

static void use(struct sc_thread_block *block)
{
    block->current.self = &block->current;
    __asm__ volatile("wrgsbase %0" : : "r"(block) : "memory");
}

/* The base is another than at the last call by this block: the thread has set it anew, or is another one. */
static void tell_thread(struct sc_thread_block *block, uint64_t fs)
{
    uint32_t tid = sc_process.no_syscalls ? block->tid : (uint32_t)sc_syscall(SYS_gettid, 0);
    if (block->tid && block->tid != tid) {
        struct sc_thread_block *own = take_block();
        if (!own)
            return;
        *own = (struct sc_thread_block){.tid = tid};
        use(own);
        block = own;
    }
    block->tid = tid;
    block->fs = fs;
}

static void block_signals(uint64_t *ret_before)
{
    uint64_t all = ~UINT64_C(0);
    sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, ret_before, sizeof all);
}

/*
 * Signals stay blocked from here until child and parent have come out: a handler would find the child with its parent's
 * block. Where we may make no call, a signal that came within those few instructions is all that could do so.
 */
long sc_own_clone(struct sc_regs *regs, uint64_t flags, bool has_stack)
{
    if (!(flags & CLONE_VM) || flags & CLONE_VFORK || !has_stack)
        return SC_SITE_RAW;
    struct sc_thread_block *parent = sc_thread_block(), *block = take_block();
    if (!block) {
        regs->rax = (uint64_t)-EAGAIN; /* as where the limit of processes is reached */
        return SC_SITE_DONE;
    }
    *block = (struct sc_thread_block){.current = {.self = &block->current}, .continuation = regs->site->continuation};
    if (!give_stack(block)) {
        give_back(block);
        regs->rax = (uint64_t)-EAGAIN;
        return SC_SITE_DONE;
    }
    if (!(flags & CLONE_THREAD)) /* a process in our memory: what stands in for its maker's writer records nothing */
        block->current.writer = parent->current.writer;
    block->set_base = (uint64_t)(by_instruction ? sc_thread_set_base : sc_thread_set_base_by_call);
    if (!sc_process.no_syscalls) {
        block_signals(&parent->mask_before);
        block->mask = parent->mask_before;
        block->masked = parent->masked = true;
    }
    parent->made = block;
    regs->after = (uint64_t)block;
    return SC_SITE_THREAD;
}

void sc_own_clone_done(const struct sc_regs *regs)
{
    struct sc_thread_block *block = sc_thread_block();
    if (block->made && sc_failed(regs->rax))
        give_back(block->made);
    block->made = NULL;
    if (!block->masked)
        return;
    block->masked = false;
    sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &block->mask_before, 0, sizeof block->mask_before);
}

/*
 * A child by vfork ends with its parent's block, and a process with none that another thread could want. Signals stay
 * blocked: a handler would use what is another's.
 */
static bool may_be_given_back(void)
{
    uint64_t before;
    if (sc_process.no_syscalls || sc_syscall(SYS_gettid, 0) == sc_syscall(SYS_getpid, 0))
        return false;
    block_signals(&before);
    return true;
}

void sc_own_thread_ends(void)
{
    if (may_be_given_back())
        give_back(sc_thread_block());
}

/* As give_back, and then the exit: the stack that we are on may be the block's, and so another's from then on. */
void sc_own_thread_exits(int status)
{
    struct sc_thread_block *block = sc_thread_block();
    if (!may_be_given_back())
        return;
    __asm__ volatile("movq (%[idle]), %%rax\n"
                     "1:\n\t"
                     "movl %%eax, (%[next])\n\t"
                     "movq %%rax, %%rdx\n\t"
                     "shrq %[shift], %%rdx\n\t"
                     "incq %%rdx\n\t"
                     "shlq %[shift], %%rdx\n\t"
                     "orq %[own], %%rdx\n\t"
                     "lock cmpxchgq %%rdx, (%[idle])\n\t"
                     "jne 1b\n"
                     "2:\n\t"
                     "movl %[exit], %%eax\n\t"
                     "syscall\n\t"
                     "jmp 2b"
                     :
                     : [idle] "r"(&idle), [next] "r"(&block->next), [own] "r"(block - blocks + 1),
                       "D"(status), [shift] "i"(TAG_SHIFT), [exit] "i"(SYS_exit)
                     : "rax", "rcx", "rdx", "r11", "cc", "memory");
}

/* The program has told the kernel its stack for signals, which the kernel has just read. */
static void note_alternate(sc_addr told)
{
    stack_t stack;
    struct sc_thread_block *block = sc_thread_block();
    if (!told)
        return;
    sc_proved_copy(&stack, told, sizeof stack);
    block->alternate_begin = stack.ss_flags & SS_DISABLE ? 0 : (uint64_t)stack.ss_sp;
    block->alternate_end = stack.ss_flags & SS_DISABLE ? 0 : (uint64_t)stack.ss_sp + stack.ss_size;
}

int64_t sc_own_answer_slow(unsigned nr, const uint64_t *args, int64_t result)
{
    if (nr == SC_NR_arch_prctl) {
        const uint64_t none = 0;
        if (result == 0 && (uint32_t)args[0] == ARCH_GET_GS)
            sc_answer(args[1], &none, sizeof none, sizeof none);
        return result;
    }
    if (nr == SC_NR_sigaltstack) {
        if (result == 0)
            note_alternate(args[0]);
        return result;
    }
    return sc_failed(result) ? result : sc_own_names_answer(nr, args, result);
}

/*
 * A program that uses GS itself (qemu) gets it, and is not recorded any more: its code becomes what it was before, and
 * from then on nothing of ours looks at the base.
 */
static void hand_over_base(struct sc_regs *regs)
{
    sc_stop(SC_STOP_GS, 0);
    sc_process.active = false;
    sc_unpatch_all();
    regs->rax = (uint64_t)sc_syscall6((long)regs->rax, (long)regs->rdi, (long)regs->rsi, (long)regs->rdx,
                                      (long)regs->r10, (long)regs->r8, (long)regs->r9);
}

bool sc_own_call_slow(struct sc_regs *regs)
{
    if (sc_own_unseen) {
        struct sc_thread_block *block = sc_thread_block();
        uint64_t fs = fs_base();
        if (block->fs != fs)
            tell_thread(block, fs);
    }
    if (regs->rax != SC_NR_arch_prctl)
        return sc_call_table[regs->rax].text && sc_own_names_call(regs);
    if ((uint32_t)regs->rdi == ARCH_SET_GS)
        hand_over_base(regs);
    return (uint32_t)regs->rdi == ARCH_SET_GS;
}
