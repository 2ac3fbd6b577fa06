/*
 * What a recorded call costs, counted without a clock and without ptrace: the processor's trap flag raises SIGTRAP
 * after each instruction, and the handler counts.
 *
 *   budget steps KIND    the instructions and the system calls of one KIND; of several, the median
 *   budget many N        N lseeks, and a few of each kind; how often memory was allocated in the whole program, and the
 *                        page faults of the lseeks
 *
 * What the library adds is the difference between a run with it and one without.
 */
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    TRAP_FLAG = 0x100,
    SYSCALL = 0x050f, /* the instruction's two bytes */
    BYTES = 4096,
    SMALL = 64,
    WARM_UP = 8, /* functions are bound, callers and descriptors known */
    TIMES = 5,
};

static char buffer[BYTES];
static int file;
static volatile long steps, calls, finished;
static unsigned long allocations;

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);

void *malloc(size_t bytes)
{
    allocations++;
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    allocations++;
    return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
    allocations++;
    return __libc_realloc(old, bytes);
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    (void)signal;
    (void)info;
    if (finished) {
        registers[REG_EFL] &= ~TRAP_FLAG;
        return;
    }
    unsigned short next;
    memcpy(&next, (const void *)registers[REG_RIP], sizeof next);
    steps++;
    calls += next == SYSCALL;
}

static void seek(void)
{
    lseek(file, 4096, SEEK_SET);
}

static void write_whole(void)
{
    pwrite(file, buffer, BYTES, 0);
}

static void write_small(void)
{
    write(file, buffer, SMALL);
}

static void read_whole(void)
{
    pread(file, buffer, BYTES, 0);
}

static void open_close(void)
{
    close(open("budget.data", O_RDONLY));
}

static void write_by_request(void)
{
    enum { UNTIL_KNOWN = 40 }; /* rounds, until it is known that this program asks the kernel and reads no ring */
    static aio_context_t context;
    struct iocb request = {.aio_lio_opcode = IOCB_CMD_PWRITE,
                           .aio_fildes = (unsigned)file,
                           .aio_buf = (unsigned long)buffer,
                           .aio_nbytes = BYTES};
    struct iocb *list = &request;
    struct io_event event;
    int rounds = context ? 1 : UNTIL_KNOWN;
    if (!context)
        syscall(SYS_io_setup, 1, &context);
    while (rounds-- > 0) {
        syscall(SYS_io_submit, context, 1L, &list);
        syscall(SYS_io_getevents, context, 1L, 1L, &event, NULL);
    }
}

static const struct kind {
    const char *name;
    void (*run)(void);
    char first; /* the buffer's first byte */
} kinds[] = {
    {"seek", seek, 1},       {"data", write_whole, 1}, {"zeros", write_whole, 0},        {"small", write_small, 1},
    {"read", read_whole, 1}, {"open", open_close, 1},  {"request", write_by_request, 1},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static int by_size(const void *a, const void *b)
{
    long left = *(const long *)a, right = *(const long *)b;
    return (left > right) - (left < right);
}

static void count_steps(const struct kind *kind)
{
    long counts[TIMES];
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &action, NULL);
    buffer[0] = kind->first;
    for (int i = 0; i < WARM_UP; i++)
        kind->run();
    for (int i = 0; i < TIMES; i++) {
        steps = calls = finished = 0;
        __asm__ volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\torl $0x100, (%%rsp)\n\tpopfq\n\tlea 128(%%rsp), %%rsp" ::
                             : "memory", "cc");
        kind->run();
        finished = 1;
        counts[i] = steps;
    }
    qsort(counts, TIMES, sizeof *counts, by_size);
    printf("%ld instructions %ld calls\n", counts[TIMES / 2], calls);
}

static void many(long n)
{
    struct rusage before, after;
    void *volatile one = malloc(1); /* so that a counter that does not count is noticed */
    free(one);
    for (size_t i = 0; i < KINDS; i++)
        for (int k = 0; k < WARM_UP && kinds[i].run != write_by_request; k++)
            kinds[i].run();
    getrusage(RUSAGE_SELF, &before);
    for (long i = 0; i < n; i++)
        lseek(file, i & 0xfff, SEEK_SET);
    getrusage(RUSAGE_SELF, &after);
    printf("%lu allocations %ld faults\n", allocations, after.ru_minflt - before.ru_minflt);
}

int main(int argc, char **argv)
{
    file = open("budget.data", O_RDWR | O_CREAT, 0600);
    if (argc != 3 || file < 0 || pwrite(file, buffer, BYTES, 0) != BYTES)
        return 2;
    if (strcmp(argv[1], "many") == 0) {
        many(atol(argv[2]));
        return 0;
    }
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(argv[2], kinds[i].name) == 0) {
            count_steps(&kinds[i]);
            return 0;
        }
    return 2;
}
