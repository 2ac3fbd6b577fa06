/*
 * The library's core in a program without any C library: linked with -nostdlib, the thread's writer at GS base
 * (core/current.h), with two threads made by clone. It joins the capture that its argument names and leaves NOTES notes
 * of each thread in it: more than one chunk of each.
 */
#include <fcntl.h>
#include <linux/auxvec.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../../shim/core/clock.h"
#include "../../shim/core/peek.h"
#include "../../shim/core/placement.h"
#include "../../shim/core/raw_syscall.h"
#include "../../shim/core/store.h"
#include "../../shim/core/writer.h"

enum { THREADS = 3, NOTES = 5000, STACK_BYTES = 64 * 1024, ARCH_SET_GS = 0x1001 };

static struct sc_current currents[THREADS];
static char stacks[THREADS][STACK_BYTES] __attribute__((aligned(16)));
static uint32_t done; /* threads */

static __attribute__((noreturn)) void end(int status)
{
    sc_syscall(SYS_exit_group, status);
    __builtin_unreachable();
}

static bool forked(void)
{
    return false;
}

static void first(void)
{
    struct sc_process process = {.process = sc_process.process,
                                 .pid = (uint32_t)sc_process.pid,
                                 .origin = SC_ORIGIN_SPAWN,
                                 .mode = SC_MODE_FULL,
                                 .tick = sc_now(),
                                 .real = sc_realtime()};
    sc_put_meta(SC_META_PROCESS, &process, sizeof process, NULL, 0);
}

static void returned(struct sc_writer *writer)
{
    (void)writer;
}

static void begin_thread(unsigned index)
{
    currents[index].self = &currents[index];
    if (sc_syscall(SYS_arch_prctl, ARCH_SET_GS, &currents[index]) != 0)
        end(3);
}

static void leave_notes(void)
{
    for (int i = 0; i < NOTES; i++)
        sc_put_note(SC_NOTE_RING_UNSEEN, 1, 0);
    __atomic_fetch_add(&done, 1, __ATOMIC_RELEASE);
}

static __attribute__((noreturn, used)) void run_thread(unsigned index)
{
    begin_thread(index);
    leave_notes();
    sc_syscall(SYS_exit, 0);
    __builtin_unreachable();
}

static void make_thread(unsigned index)
{
    long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    register long r10 __asm__("r10") = 0;
    register long r8 __asm__("r8") = 0;
    register unsigned with __asm__("r12") = index;
    long result;
    __asm__ volatile("syscall\n\t"
                     "test %%eax, %%eax\n\t"
                     "jnz 1f\n\t"
                     "mov %%r12d, %%edi\n\t"
                     "call run_thread\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(flags), "S"(stacks[index] + STACK_BYTES), "d"(0), "r"(r10), "r"(r8),
                       "r"(with)
                     : "rcx", "r11", "memory");
    if (sc_failed(result))
        end(4);
}

static void join(const char *path)
{
    struct stat st = {0};
    long fd = sc_syscall(SYS_open, path, O_RDWR | O_CLOEXEC);
    if (sc_failed(fd) || sc_syscall(SYS_fstat, fd, &st) != 0)
        end(5);
    long map = sc_syscall(SYS_mmap, 0, SC_GRANULE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (sc_failed(map))
        end(6);
    sc_syscall(SYS_close, fd);
    for (size_t i = 0; i == 0 || path[i - 1]; i++)
        sc_process.path[i] = path[i];
    sc_process.dev = st.st_dev;
    sc_process.ino = st.st_ino;
    sc_process.header = (struct sc_file_header *)map;
    sc_process.process = __atomic_fetch_add(&sc_process.header->processes, 1, __ATOMIC_RELAXED);
    sc_process.pid = (int)sc_syscall(SYS_getpid, 0);
    sc_process.can_populate = true;
}

static __attribute__((noreturn, used)) void begin(const uint64_t *stack)
{
    static const struct sc_writer_events events = {forked, first, returned};
    uint64_t argc = stack[0];
    const char *path = (const char *)stack[2];
    const uint64_t *aux = stack + argc + 2;
    while (*aux++) /* the environment */
        ;
    while (*aux != AT_NULL && *aux != AT_SYSINFO_EHDR)
        aux += 2;
    if (argc != 2)
        end(2);
    begin_thread(0);
    join(path);
    sc_clock_find(*aux == AT_NULL ? 0 : aux[1]);
    sc_clock_follow();
    sc_placement_begin((uint64_t)&sc_process);
    sc_peek_begin();
    sc_writer_begin(&events);
    sc_process.active = true;
    for (unsigned i = 1; i < THREADS; i++)
        make_thread(i);
    leave_notes();
    while (__atomic_load_n(&done, __ATOMIC_ACQUIRE) < THREADS)
        sc_syscall(SYS_sched_yield, 0);
    end(0);
}

__asm__(".globl _start\n"
        "_start:\n\t"
        "mov %rsp, %rdi\n\t"
        "and $-16, %rsp\n\t"
        "call begin");
