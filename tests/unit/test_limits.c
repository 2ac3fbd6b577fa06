/*
 * Files made to take more than their size allows: what they cost grows as they do. tests/fuzz counts steps and bytes of
 * small inputs; these are large ones. The times are many times what is needed, and a small part of what they took.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../analyzer/model/files.h"
#include "build_capture.h"

enum { T = BUILD_TICK0 };

/* Reads all; ends where more memory is wanted than that. */
static uint64_t read_all(const char *path, size_t megabytes, struct sc_files *files)
{
#ifdef __SANITIZE_ADDRESS__ /* its shadow alone takes more */
    (void)megabytes;
#else
    struct rlimit limit = {megabytes << 20, megabytes << 20};
    cr_assert_eq(setrlimit(RLIMIT_DATA, &limit), 0);
#endif
    struct sc_source *source;
    struct sc_error error = {""};
    struct sc_event events[64];
    struct sc_access access;
    uint64_t calls = 0, done, total;
    cr_assert_eq(sc_source_open(path, &source, &error), 0, "%s", error.text);
    for (int64_t got; (got = sc_source_next(source, events, 64, &error)) != 0;) {
        cr_assert_gt(got, 0, "%s", error.text);
        for (int64_t i = 0; i < got; i++) {
            calls += events[i].type == SC_EVENT_CALL;
            if (files)
                cr_assert_eq(sc_files_apply(files, &events[i], &access), 0);
        }
    }
    sc_source_progress(source, &done, &total);
    cr_expect(total == 0 || (done == total && total < 64 << 20));
    sc_source_close(source);
    return calls;
}

Test(limits, chunks_of_impossible_sizes_share_no_byte, .timeout = 300)
{
    enum { CHUNKS = 256 };
    struct build build;
    build_root(&build);
    for (unsigned i = 0; i < CHUNKS; i++) {
        build_chunk(&build, 0, 100, T + 100 * i);
        build_write(&build, 1, 1, SC_DATA_SOME, T + 100 * i + 10);
        build_chunk_header(&build)->bytes = 5000;        /* no multiple of the unit */
        build_chunk_header(&build)->used = SC_CHUNK_MAX; /* beyond all that is there */
    }
    const char *path = build_save(&build, build.size);
    struct sc_source *source;
    struct sc_error error;
    cr_assert_eq(sc_source_open(path, &source, &error), 0);
    uint64_t done, total;
    sc_source_progress(source, &done, &total);
    cr_expect_leq(total, build.size, "%lu bytes are to be read of %zu", total, build.size);
    sc_source_close(source);
    uint64_t calls = read_all(path, 64, NULL); /* what is no record may look like one */
    cr_expect(calls >= CHUNKS && calls < build.size, "%lu calls", calls);
    build_remove(path);
    build_free(&build);
}

Test(limits, a_table_of_descriptors_for_each_process, .timeout = 300)
{
    enum { PROCESSES = 2000 };
    struct build build;
    build_root(&build);
    for (uint32_t i = 1; i <= PROCESSES; i++) {
        if (i % 100 == 1)
            build_chunk(&build, i, 200 + i, T + 100 * i);
        build.process = i;
        build_segment(&build, 200 + i, T + 100 * i);
        build_process(&build, 0, 200 + i, SC_ORIGIN_FORK, T + 100 * i);
        build_open(&build, "a", 0, (1 << 20) - 1, T + 100 * i + 10);
    }
    const char *path = build_save(&build, build.size);
    struct sc_files *files = sc_files_new(NULL);
    cr_expect_eq(read_all(path, 128, files), PROCESSES);
    sc_files_free(files);
    build_remove(path);
    build_free(&build);
}

Test(limits, names_far_below_the_root, .timeout = 300)
{
    enum { NAMES = 20000 };
    struct build build;
    char directory[2048];
    memset(directory, 'd', sizeof directory);
    build_root(&build);
    struct sc_record chdir = {.nr = SC_NR_chdir, .start = T + 1};
    for (unsigned i = 0; i < NAMES; i++) {
        char name[16];
        if (i % 50 == 0)
            build_chunk(&build, 0, 100, T + 10 + 100 * i);
        if (i < 6) {
            chdir.start = T + 11 + 100 * i;
            uint32_t offset = build_meta(&build, SC_META_STRING, directory, sizeof directory, NULL, 0);
            chdir.extras[0] = (struct sc_extra){SC_EXTRA_TEXT, 0, offset};
            chdir.extra_count = 1;
            build_record(&build, chdir);
        }
        snprintf(name, sizeof name, "%u", i);
        build_open(&build, name, 0, 3, T + 20 + 100 * i);
    }
    const char *path = build_save(&build, build.size);
    struct sc_files *files = sc_files_new("/");
    cr_expect_eq(read_all(path, 96, files), NAMES + 6);
    sc_files_free(files);
    build_remove(path);
    build_free(&build);
}

/* Each thread of a strace log is found by its parent's unfinished call. */
Test(limits, a_log_of_many_threads, .timeout = 300)
{
    enum { THREADS = 100000 };
    char path[] = "/tmp/sc_log_XXXXXX";
    int fd = mkstemp(path);
    FILE *out = fdopen(fd, "w");
    cr_assert_not_null(out);
    fputs("1 execve(\"./p\", [\"./p\"], 0x7ffc00000000 /* 1 var */) = 0\n", out);
    for (unsigned i = 0; i < THREADS; i++)
        fprintf(out,
                "%u clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>\n"
                "%u getpid() = %u\n",
                i + 1, i + 2, i + 2);
    fclose(out);
    cr_expect_eq(read_all(path, 512, NULL), 2 * THREADS + 1);
    unlink(path);
}
