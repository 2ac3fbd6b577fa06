#include "helper.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "placement.h"
#include "raw_syscall.h"
#include "state.h"

enum { HELPER_STACK = 32 * 1024 };

static bool shared_outside; /* with a process; threads are counted */

void sc_helper_shared(void)
{
    shared_outside = true;
}

/*
 * The thread starts on its own stack and never returns into ours. CLONE_VFORK blocks the caller until it ends, so it
 * may use the caller's thread-local storage and stack. All its signals are blocked, as the caller's are.
 */
static long clone_and_run(void *stack_top, void (*function)(void *), void *argument)
{
    register long flags __asm__("rdi") = CLONE_VM | CLONE_VFORK | CLONE_THREAD | CLONE_SIGHAND;
    register void *stack __asm__("rsi") = stack_top;
    register long parent_tid __asm__("rdx") = 0;
    register long child_tid __asm__("r10") = 0;
    register long tls __asm__("r8") = 0;
    register void (*run)(void *) __asm__("r12") = function;
    register void *with __asm__("r13") = argument;
    long result = SYS_clone;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "mov %%r13, %%rdi\n\t"
                     "call *%%r12\n\t"
                     "xor %%edi, %%edi\n\t"
                     "mov %[exit], %%eax\n\t"
                     "syscall\n\t"
                     "hlt\n"
                     "1:"
                     : "+a"(result)
                     : "r"(flags), "r"(stack), "r"(parent_tid), "r"(child_tid), "r"(tls), "r"(run),
                       "r"(with), [exit] "i"(SYS_exit)
                     : "rcx", "r11", "memory");
    return result;
}

/* Runs in this thread, but not on the program's stack, which may be a signal handler's small one. */
static void run_in_place(void *stack_top, void (*function)(void *), void *argument)
{
    register void *stack __asm__("rbx") = stack_top;
    register void (*run)(void *) __asm__("r12") = function;
    register void *with __asm__("rdi") = argument;
    __asm__ volatile("xchg %%rsp, %%rbx\n\t"
                     "call *%%r12\n\t"
                     "mov %%rbx, %%rsp"
                     : "+r"(stack), "+r"(run), "+r"(with)
                     :
                     : "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "cc", "memory");
}

/* The link count of the task directory gives the number of threads without opening it. */
bool sc_is_alone(void)
{
    enum { LINKS_OF_ONE = 3 };
    struct stat st;
    return !shared_outside && sc_syscall(SYS_stat, "/proc/self/task", &st) == 0 && st.st_nlink == LINKS_OF_ONE;
}

/*
 * A thread that ends gives up its share of the descriptors and closes its copies before it is gone: else a file could
 * still be open after others have waited for the thread's end.
 */
static bool give_up_share(void *stack_top, void (*function)(void *), void *argument)
{
    if (sc_syscall(SYS_unshare, CLONE_FILES) != 0)
        return false;
    run_in_place(stack_top, function, argument);
    sc_syscall(SYS_close_range, 0, UINT32_MAX, 0);
    return true;
}

static int run_on(char *stack_top, void (*function)(void *argument), void *argument, bool ending)
{
    struct sc_writer *writer = sc_current()->writer;
    struct sc_own_io own = writer ? writer->own : (struct sc_own_io){0};
    /* Another thread's: the helper's or, if vfork was not seen, that of a child in our memory. */
    bool counted_elsewhere = writer && (uint32_t)sc_syscall(SYS_gettid, 0) != writer->tid;
    long result = 0;
    if (sc_is_alone()) {
        run_in_place(stack_top, function, argument);
    } else if (!ending || !give_up_share(stack_top, function, argument)) {
        counted_elsewhere = true;
        result = clone_and_run(stack_top, function, argument);
    }
    if (writer && counted_elsewhere)
        writer->own = own;
    return result < 0 ? (int)result : 0;
}

/*
 * One stack is kept for whoever is first; a process that was forked, or a thread that ended, while it was taken does
 * without. To map and unmap one costs more than most of what runs on it, above all where another processor has to be
 * told.
 */
static char kept_stack[HELPER_STACK] __attribute__((aligned(16)));
static bool kept_stack_taken;

static long take_stack(void)
{
    if (!__atomic_exchange_n(&kept_stack_taken, true, __ATOMIC_ACQUIRE))
        return (long)kept_stack;
    return sc_place_memory(HELPER_STACK, PROT_READ | PROT_WRITE);
}

static void give_stack_back(long stack)
{
    if (stack == (long)kept_stack)
        __atomic_store_n(&kept_stack_taken, false, __ATOMIC_RELEASE);
    else
        sc_syscall(SYS_munmap, stack, HELPER_STACK);
}

static int run(void (*function)(void *argument), void *argument, bool ending)
{
    uint64_t all = ~UINT64_C(0), before;
    if (sc_process.no_syscalls)
        return -EPERM;
    long stack = take_stack();
    if (sc_failed(stack))
        return (int)stack;
    sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
    int result = run_on((char *)stack + HELPER_STACK, function, argument, ending);
    sc_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof before);
    give_stack_back(stack);
    return result;
}

void sc_helper_on_stack(void **stack, void (*function)(void *argument), void *argument)
{
    uint64_t here = (uint64_t)__builtin_frame_address(0);
    if (!*stack && !sc_process.no_syscalls) {
        long made = sc_place_memory(HELPER_STACK, PROT_READ | PROT_WRITE);
        *stack = sc_failed(made) ? NULL : (void *)made;
    }
    char *own = *stack;
    if (!own || here - (uint64_t)own < HELPER_STACK) /* or a handler that came while it is in use */
        function(argument);
    else
        run_in_place(own + HELPER_STACK, function, argument);
}

int sc_helper_run(void (*function)(void *argument), void *argument)
{
    return run(function, argument, false);
}

int sc_helper_run_at_end(void (*function)(void *argument), void *argument)
{
    return run(function, argument, true);
}

long sc_own_read(long fd, void *buffer, size_t bytes, int64_t at)
{
    long got = at < 0 ? sc_syscall(SYS_read, fd, buffer, bytes) : sc_syscall(SYS_pread64, fd, buffer, bytes, at);
    struct sc_writer *writer = sc_current()->writer;
    if (writer) {
        writer->own.reads++;
        writer->own.read_bytes += sc_failed(got) ? 0 : (uint64_t)got;
    }
    return got;
}

long sc_own_write(long fd, const void *buffer, size_t bytes, uint64_t at)
{
    long got = sc_syscall(SYS_pwrite64, fd, buffer, bytes, at);
    struct sc_writer *writer = sc_current()->writer;
    if (writer) {
        writer->own.writes++;
        writer->own.written_bytes += sc_failed(got) ? 0 : (uint64_t)got;
    }
    return got;
}
