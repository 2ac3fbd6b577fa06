/* Files that are stored into through memory: their pages in a capture, and what a reader makes of them. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>

#include "../../analyzer/model/files.h"
#include "../../common/mapped_codec.h"
#include "build_capture.h"

enum { T = BUILD_TICK0, FD = 3, NUMBER = 7 };

Test(mapped, runs_come_back_as_they_were_put)
{
    static const struct sc_page_run runs[] = {{0, 1, SC_DATA_ZERO},
                                              {1, 5, SC_DATA_SOME},
                                              {1000, 1 << 20, SC_DATA_UNSEEN},
                                              {3, 1, SC_DATA_NONE},
                                              {INT64_MAX / SC_FILE_PAGE - 1, 1, SC_DATA_ZERO}};
    uint8_t bytes[5 * SC_PAGE_RUN_MAX + sizeof(uint64_t)];
    uint8_t *end = bytes;
    uint64_t before = 0;
    for (size_t i = 0; i < 5; i++) {
        uint8_t *begin = end;
        end = sc_put_page_run(begin, &runs[i], &before);
        cr_expect_leq(end - begin, SC_PAGE_RUN_MAX);
    }
    const uint8_t *at = bytes;
    struct sc_page_run back;
    before = 0;
    for (size_t i = 0; i < 5; i++) {
        cr_assert_eq(sc_get_page_run(&at, end, &before, &back), 0);
        cr_expect(back.first == runs[i].first && back.pages == runs[i].pages && back.data == runs[i].data);
    }
    cr_expect_eq(at, end);
    at = bytes;
    before = 0;
    cr_expect_eq(sc_get_page_run(&at, bytes + 1, &before, &back), -EBADMSG);
    static const struct sc_page_run bad[] = {{0, 0, 0}, {INT64_MAX / SC_FILE_PAGE, 1, 0}, {UINT64_MAX, 2, 0}};
    for (size_t i = 0; i < 3; i++) {
        before = 0;
        end = sc_put_page_run(bytes, &bad[i], &before);
        at = bytes;
        before = 0;
        cr_expect_eq(sc_get_page_run(&at, end, &before, &back), -EBADMSG);
    }
}

static void put(struct build *build, uint32_t process, enum sc_mapped_what what, uint64_t tick,
                const struct sc_page_run *runs, size_t count)
{
    uint8_t bytes[8 * SC_PAGE_RUN_MAX + sizeof(uint64_t)];
    uint8_t *end = bytes;
    uint64_t before = 0;
    struct sc_mapped head = {.tick = tick,
                             .process = process,
                             .number = NUMBER,
                             .what = what,
                             .descriptor = what == SC_MAPPED_BEGAN ? FD : -1};
    for (size_t i = 0; i < count; i++)
        end = sc_put_page_run(end, &runs[i], &before);
    build_meta(build, SC_META_MAPPED, &head, sizeof head, bytes, (size_t)(end - bytes));
}

static void begin(struct build *build)
{
    build_root(build);
    build_open(build, "/data/a", O_RDWR, FD, T + 100);
    put(build, 0, SC_MAPPED_BEGAN, T + 200, NULL, 0);
    build_close(build, FD, T + 300);
}

/* What the model counts of the first file, and what the run says of coverage. */
static void read_all(struct build *build, struct sc_file_counts *ret_counts, struct sc_coverage *ret_coverage)
{
    const char *path = build_save(build, build->size);
    struct sc_error error;
    struct sc_source *source;
    struct sc_event event;
    struct sc_access access;
    struct sc_files *files = sc_files_new("/");
    cr_assert_eq(sc_source_open(path, &source, &error), 0);
    while (sc_source_next(source, &event, 1, &error) == 1)
        cr_assert_eq(sc_files_apply(files, &event, &access), 0);
    cr_assert_eq(sc_files_count(files), 1);
    *ret_counts = sc_files_get(files, 0)->counts;
    *ret_coverage = sc_source_run(source)->coverage;
    sc_files_free(files);
    sc_source_close(source);
    build_remove(path);
    build_free(build);
}

/* The descriptor is closed, the file is known all the same. What a page held the last time counts. */
Test(mapped, pages_count_once_for_their_file)
{
    static const struct sc_page_run first[] = {{0, 4, SC_DATA_ZERO}, {8, 2, SC_DATA_SOME}};
    static const struct sc_page_run second[] = {{1, 2, SC_DATA_SOME}, {9, 2, SC_DATA_ZERO}, {20, 1, SC_DATA_UNSEEN}};
    struct build build;
    struct sc_file_counts counts;
    struct sc_coverage seen;
    begin(&build);
    put(&build, 0, SC_MAPPED_TOUCHED, T + 400, first, 2);
    put(&build, 0, SC_MAPPED_TOUCHED, T + 500, second, 3);
    put(&build, 0, SC_MAPPED_GONE, T + 500, NULL, 0);
    read_all(&build, &counts, &seen);
    cr_expect_eq(counts.touched_pages, 8);
    cr_expect_eq(counts.touched_zero_pages, 4);
    cr_expect_eq(counts.touched_unseen_pages, 1);
    cr_expect_eq(counts.writes, 0);
    cr_expect(seen.mapped_known && seen.mappings == 1 && seen.mappings_missed == 0);
}

/* A forked process has its parent's mappings; that it was killed with one is known by its having no end. */
Test(mapped, what_a_killed_process_did_is_missed)
{
    static const struct sc_page_run run = {0, 1, SC_DATA_SOME};
    struct build build;
    struct sc_file_counts counts;
    struct sc_coverage seen;
    begin(&build);
    build_chunk(&build, 1, 101, T + 400);
    build_process(&build, 0, 101, SC_ORIGIN_FORK, T + 400);
    put(&build, 1, SC_MAPPED_TOUCHED, T + 410, &run, 1);
    build_chunk(&build, 0, 100, T + 500);
    build_process_end(&build, SC_END_EXIT, 0, T + 600);
    read_all(&build, &counts, &seen);
    cr_expect_eq(counts.touched_pages, 1);
    cr_expect_eq(seen.mappings_missed, 1);
}

Test(mapped, what_is_not_looked_at_is_missed)
{
    struct build build;
    struct sc_file_counts counts;
    struct sc_coverage seen;
    begin(&build);
    put(&build, 0, SC_MAPPED_MISSED, T + 400, NULL, 0);
    build_process_end(&build, SC_END_EXIT, 0, T + 600);
    read_all(&build, &counts, &seen);
    cr_expect(counts.touched_pages == 0 && seen.mappings_missed == 1);
}

/* An older writer says nothing of them, which is not none. */
Test(mapped, an_older_capture_does_not_say)
{
    struct build build;
    struct sc_file_counts counts;
    struct sc_coverage seen;
    build_root(&build);
    build_open(&build, "/data/a", O_RDWR, FD, T + 100);
    build_header(&build)->version = SC_VERSION_MAPPED - 1;
    read_all(&build, &counts, &seen);
    cr_expect_not(seen.mapped_known);
}

/* Until its protection is changed it is no mapping that stores. */
Test(mapped, what_can_only_be_read_counts_from_then_on)
{
    static const struct sc_page_run run = {0, 2, SC_DATA_SOME};
    struct build build;
    struct sc_file_counts counts;
    struct sc_coverage seen;
    struct sc_mapped head = {.tick = T + 200, .number = NUMBER, .what = SC_MAPPED_READ, .descriptor = FD};
    for (int then = 0; then < 2; then++) {
        build_root(&build);
        build_open(&build, "/data/a", O_RDWR, FD, T + 100);
        build_meta(&build, SC_META_MAPPED, &head, sizeof head, NULL, 0);
        struct sc_mapped began = head;
        began.what = SC_MAPPED_BEGAN;
        began.descriptor = -1;
        if (then)
            build_meta(&build, SC_META_MAPPED, &began, sizeof began, NULL, 0);
        if (then)
            put(&build, 0, SC_MAPPED_TOUCHED, T + 400, &run, 1);
        read_all(&build, &counts, &seen);
        cr_expect(counts.touched_pages == (then ? 2 : 0) && seen.mappings == (uint64_t)then);
        cr_expect_eq(seen.mappings_missed, (uint64_t)then, "the process has no end");
    }
}
