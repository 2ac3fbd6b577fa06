/* Files made to cost more than they are worth: what reading them takes is bounded by their size. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "build_capture.h"

enum { T = BUILD_TICK0, FILE_BYTES = 1 << 20, PROCESSES = 40000, SMALL_GRANULE = 512 };

/* Of this process, in which each test runs alone. */
struct cost {
    double seconds;
    long kilobytes;
};

static struct cost cost_so_far(void)
{
    struct rusage usage;
    struct timespec now;
    getrusage(RUSAGE_SELF, &usage);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (struct cost){(double)now.tv_sec + (double)now.tv_nsec / 1e9, usage.ru_maxrss};
}

/* Returns how many events there were. A linear reader needs a small part of what is allowed. */
static size_t read_within(const char *path, double seconds, long kilobytes)
{
    struct cost before = cost_so_far();
    struct sc_source *source;
    struct sc_error error = {""};
    static struct sc_event events[256];
    size_t count = 0;
    cr_assert_eq(sc_source_open(path, &source, &error), 0, "%s", error.text);
    for (int64_t got; (got = sc_source_next(source, events, 256, &error)) != 0; count += (size_t)got)
        cr_assert_gt(got, 0, "%s", error.text);
    sc_source_close(source);
    struct cost after = cost_so_far();
    cr_expect_lt(after.seconds - before.seconds, seconds);
    cr_expect_lt(after.kilobytes - before.kilobytes, kilobytes);
    return count;
}

/* A header of a chunk in every unit, each of which says it is as large as can be; full of records where there is room.
 */
static void fill_with_headers(struct build *build, uint32_t bytes)
{
    build_root(build);
    build_header(build)->granule = SMALL_GRANULE;
    size_t first = build->chunk;
    while (build->size < FILE_BYTES)
        build_chunk(build, 0, 100, T);
    struct sc_chunk head = *build_chunk_header(build);
    head.bytes = bytes;
    head.used = SC_CHUNK_MAX;
    for (size_t at = first; at < build->size; at += SMALL_GRANULE) {
        memcpy(build->bytes + at, &head, sizeof head);
        for (size_t pad = at + sizeof head; pad + 4 <= at + SMALL_GRANULE; pad += 4)
            memcpy(build->bytes + pad, &(struct sc_meta_head){SC_META_PAD, 0}, sizeof(struct sc_meta_head));
    }
}

static void expect_bounded(uint32_t chunk_bytes)
{
    struct build build;
    fill_with_headers(&build, chunk_bytes);
    const char *path = build_save(&build, build.size);
    build_free(&build);
    read_within(path, 1.0, 48 << 10);
    build_remove(path);
}

Test(hostile, chunks_that_say_an_impossible_size, .timeout = 300)
{
    expect_bounded(SC_CHUNK_MAX - 1);
}

Test(hostile, chunks_that_say_they_are_empty, .timeout = 300)
{
    expect_bounded(0);
}

Test(hostile, chunks_that_reach_over_others, .timeout = 300)
{
    expect_bounded(SC_CHUNK_MAX);
}

/* Forked, all alive at once, each with a call. */
Test(hostile, a_capture_of_40000_processes, .timeout = 300)
{
    struct build build;
    build_root(&build);
    for (uint32_t i = 1; i <= PROCESSES; i++) {
        if (i % 64 == 1)
            build_chunk(&build, i, 1000 + i, T + i);
        build.process = i;
        build_segment(&build, 1000 + i, T + i);
        build_process(&build, i / 2, 1000 + i, SC_ORIGIN_FORK, T + i);
        build_write(&build, 1, 1, SC_DATA_SOME, T + i);
    }
    const char *path = build_save(&build, build.size);
    build_free(&build);
    cr_expect_eq(read_within(path, 2.0, 128 << 10), 2 * PROCESSES + 1);
    build_remove(path);
}

/* A log in which all of them are met while thousands of forks are under way. */
Test(hostile, a_log_of_40000_processes, .timeout = 300)
{
    char path[] = "/tmp/sc_hostile_XXXXXX";
    int fd = mkstemp(path);
    FILE *log = fd < 0 ? NULL : fdopen(fd, "w");
    cr_assert_not_null(log);
    for (int i = 0; i < PROCESSES; i++)
        fprintf(log, "%d getppid() = 1\n%d fork( <unfinished ...>\n", 1000 + i, 1000 + i);
    fclose(log);
    cr_expect_gt(read_within(path, 2.0, 256 << 10), PROCESSES);
    unlink(path);
}
