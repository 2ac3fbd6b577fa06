/* What sources do on the terms of a pair, so that both know the same: struct sc_terms. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../analyzer/model/files.h"
#include "../../analyzer/passes/tally.h"
#include "build_capture.h"

enum { MAX_EVENTS = 16 };

struct read {
    struct sc_source *source;
    struct sc_event events[MAX_EVENTS];
    size_t count;
};

static struct read *read_on(const char *path, struct sc_terms terms)
{
    struct read *read = calloc(1, sizeof *read);
    struct sc_error error = {""};
    cr_assert(read && sc_source_open_agreed(path, &terms, &read->source, &error) == 0, "%s", error.text);
    int64_t count = sc_source_next(read->source, read->events, MAX_EVENTS, &error);
    cr_assert(count > 0 && count < MAX_EVENTS);
    read->count = (size_t)count;
    return read;
}

static struct read *log_on(const char *text, struct sc_terms terms)
{
    char path[64];
    int fd = memfd_create("log", 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct read *read = read_on(path, terms);
    close(fd);
    return read;
}

static void done(struct read *read)
{
    sc_source_close(read->source);
    free(read);
}

/* 'x': start-up, 'c': a constructor's, '.': neither. */
static void expect_startup(const struct read *read, const char *calls)
{
    size_t at = 0;
    for (size_t i = 0; i < read->count; i++) {
        const struct sc_event *event = &read->events[i];
        if (event->type != SC_EVENT_CALL)
            continue;
        cr_assert(calls[at]);
        cr_expect_eq(event->startup, calls[at] == 'x', "call %zu", at);
        cr_expect_eq(event->constructor, calls[at] == 'c', "call %zu", at);
        at++;
    }
    cr_expect_eq(calls[at], '\0');
}

/* A log's start-up ends with the loader, where a capture begins; libstdc++'s constructor is known by its calls alone.
 */
Test(terms, constructors_of_a_log)
{
    static const char text[] = "execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
                               "mmap(NULL, 100, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000\n"
                               "openat(AT_FDCWD, \"/lib/libstdc++.so.6\", O_RDONLY|O_CLOEXEC) = 3\n"
                               "munmap(0x7f0000, 100) = 0\n"
                               "getrandom(\"\\x01\", 8, GRND_NONBLOCK) = 8\n"
                               "brk(NULL) = 0x1000\n"
                               "write(1, \"x\", 1) = 1\n";
    struct read *read = log_on(text, (struct sc_terms){.cwd = NULL});
    expect_startup(read, "xxxxxxx.");
    done(read);
    read = log_on(text, (struct sc_terms){.loader_only = true});
    expect_startup(read, "xxxxx...");
    done(read);
}

/* A capture's whole start-up is constructors: it is the program's then, and counted apart all the same. */
Test(terms, constructors_of_a_capture)
{
    struct build build;
    build_little(&build);
    const char *path = build_save(&build, build.size);
    build_free(&build);
    for (unsigned agreed = 0; agreed < 2; agreed++) {
        struct read *read = read_on(path, (struct sc_terms){.loader_only = agreed});
        expect_startup(read, agreed ? "c......." : "x.......");
        struct sc_tally *tally = sc_tally_new();
        struct sc_counts counts;
        cr_assert_eq(sc_tally_add(tally, read->events, read->count), 0);
        cr_assert_eq(sc_tally_sum(tally, false, SC_TAXONOMY_DEFAULT, &counts), 0);
        cr_expect_eq(counts.total, agreed ? 8 : 7);
        cr_expect_eq(sc_tally_startup(tally), 1);
        sc_counts_free(&counts);
        sc_tally_free(tally);
        done(read);
    }
    build_remove(path);
}

/* The path of the first descriptor's file of the last call. */
static void expect_last(const char *text, struct sc_terms terms, const char *path)
{
    struct read *read = log_on(text, terms);
    struct sc_files *files = sc_files_of_run(sc_source_run(read->source));
    struct sc_access access;
    size_t last = 0;
    for (size_t i = 0; i < read->count; i++)
        if (read->events[i].type == SC_EVENT_CALL)
            last = i;
    for (size_t i = 0; i <= last; i++)
        cr_assert_eq(sc_files_apply(files, &read->events[i], &access), 0);
    cr_assert_neq(access.file, SC_NO_FILE);
    cr_expect_str_eq(sc_files_get(files, access.file)->path, path);
    sc_files_free(files);
    done(read);
}

Test(terms, where_a_log_begins)
{
    static const char text[] = "openat(AT_FDCWD, \"f\", O_RDONLY) = 3\nread(3, \"x\", 1) = 1\n";
    expect_last(text, (struct sc_terms){.cwd = NULL}, "f");
    expect_last(text, (struct sc_terms){.cwd = "/data/run"}, "/data/run/f");
}

Test(terms, names_of_descriptors)
{
    const struct sc_terms own = {.own_names = true}, as_printed = {.own_names = false};
    static const char opened[] = "openat(AT_FDCWD</d>, \"/l/f\", O_RDONLY) = 3</r/f>\nread(3</r/f>, \"x\", 1) = 1\n";
    static const char below[] = "openat(AT_FDCWD</d>, \"/l\", O_RDONLY|O_DIRECTORY) = 3</r>\n"
                                "openat(3</r>, \"f\", O_RDONLY) = 4</r/f>\nread(4</r/f>, \"x\", 1) = 1\n";
    expect_last(opened, as_printed, "/r/f");
    expect_last(opened, own, "/l/f");
    expect_last(below, as_printed, "/r/f");
    expect_last(below, own, "/l/f");
    expect_last("read(0</dev/null>, \"\", 1) = 0\n", as_printed, "/dev/null");
    expect_last("read(0</dev/null>, \"\", 1) = 0\n", own, "stdin");
    expect_last("read(7</given>, \"\", 1) = 0\n", own, "/given"); /* which nobody else has a name for */
    expect_last("openat(AT_FDCWD</d>, \"f\", O_RDONLY) = 3</d/f>\nread(3</d/f>, \"x\", 1) = 1\n", own, "/d/f");
}
