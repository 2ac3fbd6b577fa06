/* The kernel's count of reads and writes beside that of the records. */
#include <criterion/criterion.h>
#include <errno.h>

#include "build_capture.h"

enum { T = BUILD_TICK0 };

/* A run of one failing call, and what the kernel counted for it. */
static struct build_events load_failed(struct sc_record call, uint64_t reads, uint64_t writes)
{
    struct build build;
    build_root(&build);
    build_counters(&build, 100, false, 5, 5);
    call.start = T + 10;
    build_record(&build, call);
    build_counters(&build, 100, true, 5 + reads, 5 + writes);
    return build_loaded(&build);
}

static void expect_seen(struct sc_record call, uint64_t reads, uint64_t writes, uint64_t missing, uint64_t excess)
{
    struct build_events events = load_failed(call, reads, writes);
    const struct sc_coverage *coverage = &events.run->coverage;
    const char *name = sc_call(call.nr)->name;
    uint64_t seen = coverage->read_calls_seen + coverage->write_calls_seen;
    uint64_t more = coverage->read_calls_excess + coverage->write_calls_excess;
    cr_expect_eq(more, excess, "%s %ld: %lu too many", name, call.result, more);
    cr_expect_eq(seen - more, reads + writes - missing, "%s %ld: %lu seen", name, call.result, seen);
    build_unload(&events);
}

Test(capture_count, failures_that_the_kernel_does_not_count)
{
    struct sc_record sendfile = {.nr = SC_NR_sendfile, .result = -EFAULT};
    expect_seen(sendfile, 0, 0, 0, 0); /* its offset's address */
    expect_seen(sendfile, 1, 1, 0, 0); /* storing the offset after the copy */
    sendfile.result = -EINVAL;
    expect_seen(sendfile, 0, 0, 0, 0);
    sendfile.result = -EBADF;
    expect_seen(sendfile, 0, 0, 0, 0);
    sendfile.result = -EAGAIN;
    expect_seen(sendfile, 1, 1, 0, 0);
    expect_seen(sendfile, 0, 0, 0, 2);
    expect_seen(sendfile, 2, 2, 2, 0);
    struct sc_record read = {.nr = SC_NR_read, .result = -EFAULT};
    expect_seen(read, 0, 0, 0, 0); /* an address that no program has */
    expect_seen(read, 1, 0, 0, 0);
    expect_seen(read, 2, 0, 1, 0);
    struct sc_record vector = {.nr = SC_NR_preadv2, .result = -EINVAL, .args = {3, 0, 1, (uint64_t)-2}};
    expect_seen(vector, 0, 0, 0, 0);
    vector.args[3] = (uint64_t)-1; /* no offset: as readv */
    expect_seen(vector, 1, 0, 0, 0);
    struct sc_record left = {.nr = SC_NR_write, .noreturn = true}; /* a handler left it by siglongjmp */
    expect_seen(left, 0, 0, 0, 0);
    expect_seen(left, 0, 1, 0, 0);
}

Test(capture_count, one_threads_excess_does_not_stand_for_anothers_loss)
{
    struct build build;
    build_root(&build);
    build_counters(&build, 100, false, 0, 0);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 20);
    build_counters(&build, 100, true, 0, 1);
    build_chunk(&build, 0, 101, T + 100);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 110);
    build_counters(&build, 101, true, 0, 2);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(events.run->coverage.write_calls_seen, 3);
    cr_expect_eq(events.run->coverage.write_calls_kernel, 3);
    cr_expect_eq(events.run->coverage.write_calls_excess, 1);
    build_unload(&events);
}

/* The write that wakes the thread which ends the process: the kernel has counted it, and its thread is not back from
 * it. */
static void expect_unfinished(unsigned nr, uint64_t kernel, uint64_t seen)
{
    struct build build;
    build_root(&build);
    build_counters(&build, 100, false, 0, 0);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    build_chunk_header(&build)->inflight[0] = (struct sc_inflight){nr + 1, T + 20, {4, 0, 8}};
    build_counters(&build, 100, true, 0, kernel);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(events.run->coverage.write_calls_kernel, kernel);
    cr_expect_eq(events.run->coverage.write_calls_seen, seen, "%lu", events.run->coverage.write_calls_seen);
    cr_expect_eq(events.run->coverage.write_calls_excess, 0);
    build_unload(&events);
}

Test(capture_count, calls_in_flight_at_the_end_may_have_been_counted)
{
    expect_unfinished(SC_NR_write, 1, 1);
    expect_unfinished(SC_NR_write, 2, 2);
    expect_unfinished(SC_NR_write, 3, 2); /* one is missing all the same */
    expect_unfinished(SC_NR_read, 2, 1);
    expect_unfinished(SC_NR_execve, 2, 1);
}
