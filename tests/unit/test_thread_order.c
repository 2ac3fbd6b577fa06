/* Threads in an order that does not depend on which of them was seen first. */
#include <criterion/criterion.h>
#include <sys/mman.h>

#include "../../analyzer/passes/scheduling.h"
#include "../../analyzer/passes/thread_order.h"
#include "fake.h"

/* A call of a thread: its number in the source, and the system's numbers. */
static void call(struct sc_threads *threads, uint32_t process, int pid, uint32_t thread, int tid, enum sc_nr nr,
                 int64_t result)
{
    struct sc_event event = fake_call(nr, result);
    event.process = process;
    event.thread = thread;
    event.pid = pid;
    event.tid = tid;
    cr_assert_eq(sc_threads_add(threads, &event), 0);
}

static void is_child(struct sc_threads *threads, uint32_t process, uint32_t parent)
{
    struct sc_event event = {
        .type = SC_EVENT_PROCESS, .process = process, .parent = parent, .desc = sc_call(SC_NR_LIMIT)};
    cr_assert_eq(sc_threads_add(threads, &event), 0);
}

/* expected: source number, process, thread of each, in order. */
static void expect(struct sc_threads *threads, const uint32_t *ranks, size_t count, const uint32_t (*expected)[3])
{
    struct sc_thread_number *order;
    size_t found;
    cr_assert_eq(sc_threads_order(threads, ranks, (uint32_t)count, &order, &found), 0);
    cr_assert_eq(found, count);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(order[i].source, expected[i][0], "place %zu: thread %u", i, order[i].source);
        cr_expect_eq(order[i].process, expected[i][1], "place %zu: P%u", i, order[i].process);
        cr_expect_eq(order[i].thread, expected[i][2], "place %zu: T%u", i, order[i].thread);
    }
    free(order);
    sc_threads_free(threads);
}

static const uint32_t alike[8] = {0};

/* The first one makes 11 and 12, 11 makes 13; they are seen as 12, 13, 11, and 13 before the call that made it ends. */
Test(thread_order, as_they_were_made)
{
    struct sc_threads *threads = sc_threads_new();
    call(threads, 0, 10, 0, 10, SC_NR_clone3, 11);
    call(threads, 0, 10, 0, 10, SC_NR_clone3, 12);
    call(threads, 0, 10, 1, 12, SC_NR_getpid, 10);
    call(threads, 0, 10, 2, 13, SC_NR_getpid, 10);
    call(threads, 0, 10, 3, 11, SC_NR_clone3, 13);
    cr_expect(sc_threads_many(threads, 0));
    cr_expect_not(sc_threads_many(threads, 1));
    expect(threads, alike, 4, (const uint32_t[][3]){{0, 0, 0}, {3, 0, 1}, {1, 0, 2}, {2, 0, 3}});
}

/* Nothing tells who made them: by what they do, behind the first one, which need not be seen first. */
Test(thread_order, by_what_they_do)
{
    struct sc_threads *threads = sc_threads_new();
    call(threads, 0, 10, 0, 13, SC_NR_getpid, 10);
    call(threads, 0, 10, 1, 10, SC_NR_getpid, 10);
    call(threads, 0, 10, 2, 11, SC_NR_getpid, 10);
    call(threads, 0, 10, 3, 12, SC_NR_getpid, 10);
    expect(threads, (const uint32_t[]){1, 3, 2, 0}, 4,
           (const uint32_t[][3]){{1, 0, 0}, {3, 0, 1}, {0, 0, 2}, {2, 0, 3}});
}

/* Processes in the order of the forks, threads within their process; one whose fork was not seen by its parent. */
Test(thread_order, of_several_processes)
{
    struct sc_threads *threads = sc_threads_new();
    call(threads, 0, 10, 0, 10, SC_NR_fork, 20);
    call(threads, 0, 10, 0, 10, SC_NR_fork, 30);
    is_child(threads, 1, 0);
    call(threads, 1, 30, 1, 30, SC_NR_clone, 31);
    is_child(threads, 2, 0);
    call(threads, 2, 20, 2, 20, SC_NR_getpid, 20);
    call(threads, 1, 30, 3, 31, SC_NR_getpid, 30);
    is_child(threads, 3, 1);
    call(threads, 3, 40, 4, 40, SC_NR_getpid, 40);
    expect(threads, alike, 5, (const uint32_t[][3]){{0, 0, 0}, {2, 1, 0}, {1, 2, 0}, {3, 2, 1}, {4, 3, 0}});
}

/* The report calls processes what the logs call them; one without calls is there too. */
Test(thread_order, numbers_of_processes)
{
    struct sc_threads *threads = sc_threads_new();
    struct sc_report_process table[] = {
        {.number = 3, .parent = 1}, {.number = 0, .parent = 0}, {.number = 2, .parent = 0}, {.number = 1, .parent = 0}};
    call(threads, 0, 10, 0, 10, SC_NR_fork, 20);
    call(threads, 0, 10, 0, 10, SC_NR_fork, 30);
    call(threads, 2, 30, 2, 30, SC_NR_getpid, 30);
    call(threads, 3, 20, 3, 20, SC_NR_getpid, 20);
    cr_assert_eq(sc_threads_number_processes(threads, table, 4), 0);
    cr_expect_eq(table[0].number, 1);
    cr_expect_eq(table[0].parent, 3);
    cr_expect_eq(table[1].number, 0);
    cr_expect_eq(table[2].number, 2);
    cr_expect_eq(table[2].parent, 0);
    cr_expect_eq(table[3].number, 3);
    sc_threads_free(threads);
}

/* Two that made each other exist in damaged sources only: none is lost. */
Test(thread_order, makers_in_a_circle)
{
    struct sc_threads *threads = sc_threads_new();
    call(threads, 0, 10, 0, 11, SC_NR_clone, 12);
    call(threads, 0, 10, 1, 12, SC_NR_clone, 11);
    call(threads, 0, 10, 2, 10, SC_NR_getpid, 10);
    expect(threads, alike, 3, (const uint32_t[][3]){{2, 0, 0}, {1, 0, 1}, {0, 0, 2}});
}

static bool by_chance(struct sc_scheduling *scheduling, enum sc_nr nr, int64_t result, const int64_t *values,
                      unsigned count)
{
    struct sc_event event = fake_call(nr, result);
    bool chance;
    for (unsigned i = 0; i < count; i++)
        event.args[i] = (struct sc_arg){.kind = event.desc->kinds[i], .state = SC_ARG_VALUE, .value = values[i]};
    cr_assert_eq(sc_scheduling_step(scheduling, &event, &chance), 0);
    return chance;
}
#define BY_CHANCE(nr, result, ...)                                                                                     \
    by_chance(scheduling, SC_NR_##nr, result, (const int64_t[]){__VA_ARGS__},                                          \
              sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* Locks, stacks and malloc's heaps; not the program's own memory, nor what it puts where such was. */
Test(thread_order, what_scheduling_makes)
{
    enum { MB = 1 << 20, OWN = MAP_PRIVATE | MAP_ANONYMOUS };
    struct sc_scheduling *scheduling = sc_scheduling_new();
    cr_expect(BY_CHANCE(futex, 0, 0x1000, 128));
    cr_expect(BY_CHANCE(sched_yield, 0, 0));
    cr_expect_not(BY_CHANCE(write, 8, 1, 0, 8));
    cr_expect_not(BY_CHANCE(mprotect, 0, 8 * MB, 4096, PROT_READ));
    cr_expect(BY_CHANCE(mmap, 8 * MB, 0, 8 * MB, PROT_NONE, OWN | MAP_STACK, -1, 0));
    cr_expect(BY_CHANCE(mprotect, 0, 8 * MB + 4096, 4096, PROT_READ));
    cr_expect(BY_CHANCE(madvise, 0, 8 * MB, 4096, MADV_DONTNEED));
    cr_expect_not(BY_CHANCE(mmap, 256 * MB, 0, 128 * MB, PROT_READ, OWN, -1, 0));
    cr_expect_not(BY_CHANCE(munmap, 0, 256 * MB, 128 * MB));
    cr_expect(BY_CHANCE(mmap, 256 * MB, 0, 128 * MB, PROT_NONE, OWN | MAP_NORESERVE, -1, 0));
    cr_expect(BY_CHANCE(munmap, 0, 256 * MB, 10 * MB));
    cr_expect(BY_CHANCE(munmap, 0, 330 * MB, 54 * MB));
    /* glibc 2.41 has no MAP_NORESERVE there */
    cr_expect(BY_CHANCE(mmap, 512 * MB, 0, 128 * MB, PROT_NONE, OWN, -1, 0));
    cr_expect(BY_CHANCE(munmap, 0, 512 * MB, 20 * MB));
    cr_expect_not(BY_CHANCE(mmap, 256 * MB, 0, MB, PROT_READ, OWN, -1, 0));
    cr_expect_not(BY_CHANCE(munmap, 0, 256 * MB, MB));
    /* Began before the call that made room for it. */
    cr_expect(BY_CHANCE(mmap, 8 * MB, 0, 8 * MB, PROT_NONE, OWN | MAP_STACK, -1, 0));
    cr_expect(BY_CHANCE(munmap, 0, 8 * MB, 8 * MB));
    cr_expect(BY_CHANCE(mprotect, 0, 8 * MB, 4096, PROT_READ));
    sc_scheduling_free(scheduling);
}

/* Counted only where several threads share the process. */
Test(thread_order, counted_by_process)
{
    struct sc_threads *threads = sc_threads_new();
    struct sc_named_count calls[] = {{.name = "futex", .calls = 2}, {.name = "sched_yield", .calls = 1}};
    struct sc_counts counts = {.calls = calls, .call_count = 2};
    call(threads, 0, 10, 0, 10, SC_NR_futex, 0);
    call(threads, 1, 20, 1, 20, SC_NR_sched_yield, 0);
    call(threads, 1, 20, 2, 21, SC_NR_futex, 0);
    sc_threads_mark_chance(threads, &counts);
    cr_expect_eq(calls[0].chance, 1);
    cr_expect_eq(calls[1].chance, 1);
    sc_threads_free(threads);
}
