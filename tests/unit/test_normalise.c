#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../../analyzer/model/files.h"
#include "../../analyzer/text/normalise.h"

static char *rust_argv[] = {"./rust_example", "--path", "/data/out/rust.ms", "--rows=1000", "/tmp/known/in", NULL};
static char *cpp_argv[] = {"./cpp_example", "--path", "/data/cpp.ms", NULL};
static char *relative_argv[] = {"./rust_example", "--path=./out/rust_a.ms", NULL};
static char *relative_other[] = {"./cpp_example", "--path=cpp_a.ms", NULL};

static struct sc_normaliser *make(char **argv, size_t argc, char *cwd, char **other_argv, size_t other_argc,
                                  const struct sc_map_rule *rules, size_t count)
{
    struct sc_run run = {.argv = argv, .argc = argc, .cwd = cwd};
    struct sc_run other = {.argv = other_argv, .argc = other_argc};
    struct sc_normaliser *normaliser = sc_normaliser_new(&run, "rust", &other, "cpp", rules, count);
    cr_assert_not_null(normaliser);
    return normaliser;
}

static struct sc_normaliser *plain(void)
{
    return make(rust_argv, 5, "/data", cpp_argv, 3, NULL, 0);
}

static void expect(struct sc_normaliser *normaliser, const char *path, const char *expected)
{
    const char *got = sc_normalise_path(normaliser, path, strlen(path));
    cr_expect_str_eq(got, expected, "%s: got %s, expected %s", path, got, expected);
    cr_expect_eq(got, sc_normalise_path(normaliser, path, strlen(path)), "the same pointer each time");
}

Test(normalise, directories)
{
    struct sc_normaliser *n = plain();
    expect(n, "/tmp/abc/x", "/tmp/TEMP/x");
    expect(n, "/tmp/abc/y/z", "/tmp/TEMP/y/z");
    expect(n, "/tmp/abc", "/tmp/TEMP");
    expect(n, "/tmp/abc/", "/tmp/TEMP/");
    expect(n, "/tmp/file", "/tmp/file");
    expect(n, "/tmp", "/tmp");
    expect(n, "/tmp/", "/tmp/");
    expect(n, "/home/joe/x", "/home/USER/x");
    expect(n, "/home/joe", "/home/USER");
    expect(n, "/usr/lib/libc.so.6", "/usr/lib/libc.so.6");
    expect(n, "/proc/123/task/77/io", "/proc/PID/task/TID/io");
    expect(n, "/proc/self/exe", "/proc/self/exe");
    expect(n, "", "");
    expect(n, ".", ".");
    expect(n, "/", "/");
    expect(n, "a//b/./c", "a/b/c");
    expect(n, "../x", "../x");
    sc_normaliser_free(n);
}

Test(normalise, known_temporary_directory)
{
    struct sc_normaliser *n = plain();
    expect(n, "/tmp/known", "/tmp/TEMP");
    expect(n, "/tmp/known/in", "/tmp/TEMP/in");
    sc_normaliser_free(n);
}

Test(normalise, two_names_never_become_one)
{
    struct sc_normaliser *n = plain();
    expect(n, "/tmp/abc/x", "/tmp/TEMP/x");
    expect(n, "/tmp/def/x", "/tmp/TEMP#2/x");
    expect(n, "/tmp/def/y", "/tmp/TEMP#2/y");
    expect(n, "/tmp/TEMP/x", "/tmp/TEMP#3/x");
    expect(n, "/home/USER/a", "/home/USER/a");
    expect(n, "/home/joe/a", "/home/USER#2/a");
    const char *const *lines;
    cr_assert_geq(sc_normaliser_mappings(n, &lines), 2);
    cr_expect_str_eq(lines[0], "/tmp/abc/ -> /tmp/TEMP/");
    cr_expect_str_eq(lines[1], "/tmp/def/ -> /tmp/TEMP#2/");
    sc_normaliser_free(n);
}

Test(normalise, names_that_not_as_many_files_have)
{
    struct sc_normaliser *a = plain(), *b = plain();
    struct sc_unlike_name first;
    expect(a, "/tmp/abc/x", "/tmp/TEMP/x");
    expect(a, "/tmp/def/x", "/tmp/TEMP#2/x");
    expect(b, "/tmp/ghi/x", "/tmp/TEMP/x");
    cr_expect_eq(sc_normaliser_unlike(a, b, &first), 1);
    cr_expect_str_eq(first.name, "/tmp/TEMP");
    cr_expect(first.files[0] == 2 && first.files[1] == 1);
    cr_expect_eq(sc_normaliser_unlike(b, a, &first), 1);
    cr_expect(first.files[0] == 1 && first.files[1] == 2);
    expect(b, "/tmp/jkl/x", "/tmp/TEMP#2/x");
    cr_expect_eq(sc_normaliser_unlike(a, b, &first), 0, "the first is the first and the second the second");
    sc_normaliser_free(a);
    sc_normaliser_free(b);
}

Test(normalise, output_of_the_run)
{
    struct sc_normaliser *n = plain();
    expect(n, "/data/out/rust.ms", "/data/out/TABLE.ms");
    expect(n, "/data/out/rust.ms/table.f0", "/data/out/TABLE.ms/table.f0");
    expect(n, "/elsewhere/rust.ms/table.f0", "/elsewhere/rust.ms/table.f0");
    expect(n, "/data/out/rust.msx", "/data/out/rust.msx");
    sc_normaliser_free(n);
    n = make(relative_argv, 2, "/home/joe", relative_other, 2, NULL, 0);
    expect(n, "out/rust_a.ms/t", "out/TABLE_a.ms/t");
    expect(n, "./out/rust_a.ms/t", "out/TABLE_a.ms/t");
    expect(n, "/home/joe/out/rust_a.ms/t", "/home/USER/out/TABLE_a.ms/t");
    sc_normaliser_free(n);
    n = make(relative_argv, 2, NULL, relative_other, 2, NULL, 0);
    expect(n, "/some/where/out/rust_a.ms/t", "/some/where/out/TABLE_a.ms/t");
    sc_normaliser_free(n);
    n = make(rust_argv, 5, "/data", relative_other, 2, NULL, 0);
    expect(n, "/data/out/rust.ms/t", "/data/out/rust.ms/t");
    sc_normaliser_free(n);
}

Test(normalise, drawn_names)
{
    struct sc_normaliser *n = plain();
    expect(n, "/data/tmp.aB3dE6gH1k", "/data/tmp.TEMP");
    expect(n, "/tmp/cc9xQwZp.o", "/tmp/ccTEMP.o");
    expect(n, "/tmp/ccZk3lQ1.o", "/tmp/ccTEMP.o#2");
    expect(n, "/tmp/x/5f1b3c9e27d04a6c88e1", "/tmp/TEMP/5f1b3c9e27d04a6c88e1");
    expect(n, "/data/table.f0", "/data/table.f0");
    expect(n, "/data/table.config", "/data/table.config");
    expect(n, "/data/file.part01", "/data/file.part01");
    expect(n, "/data/file.202311", "/data/file.202311");
    expect(n, "/usr/lib/lib-a1B2c3.so", "/usr/lib/lib-a1B2c3.so");
    sc_normaliser_free(n);
}

Test(normalise, map_rules)
{
    static const struct sc_map_rule rules[] = {{"/data/a", "/data/X"}, {"debug", "MODE"}, {"", "never"}};
    struct sc_normaliser *n = make(rust_argv, 5, "/data", cpp_argv, 3, rules, 3);
    expect(n, "/data/a/f", "/data/X/f");
    expect(n, "/data/ab/f", "/data/ab/f");
    expect(n, "/data/X/f", "/data/X/f#2");
    expect(n, "/x/debug/debug.o", "/x/MODE/MODE.o");
    const char *const *lines;
    cr_assert_eq(sc_normaliser_mappings(n, &lines), 2);
    cr_expect_str_eq(lines[0], "/data/a -> /data/X");
    sc_normaliser_free(n);
}

Test(normalise, map_rules_win)
{
    static const struct sc_map_rule rules[] = {{"/data/out/rust.ms", "/mine"},
                                               {"/tmp/abc", "/tmp/kept"},
                                               {"cc9xQwZp", "drawn"},
                                               {"/data/w", "/elsewhere"},
                                               {"/tmp/TEMP/late", "/late"}};
    struct sc_normaliser *n = make(rust_argv, 5, "/data", cpp_argv, 3, rules, 5);
    expect(n, "/data/out/rust.ms/table.f0", "/mine/table.f0");
    expect(n, "/data/out/rust.ms", "/mine");
    expect(n, "/tmp/abc/x", "/tmp/kept/x");
    expect(n, "/tmp/d/cc9xQwZp.o", "/tmp/TEMP/drawn.o");
    expect(n, "/data/w/tmp.aB3dE6gH1k", "/elsewhere/tmp.TEMP");
    expect(n, "/tmp/d/late", "/late");
    sc_normaliser_free(n);
}

static void expect_name(struct sc_normaliser *normaliser, const char *path, const char *expected)
{
    const char *got = sc_normalise_name(normaliser, path, strlen(path));
    cr_expect_str_eq(got, expected, "%s: got %s, expected %s", path, got, expected);
}

Test(normalise, short_names)
{
    struct sc_normaliser *n = plain();
    expect_name(n, "/x/b/table.f0", "table.f0");
    expect_name(n, "/x/a/table.f0", "a/table.f0");
    expect_name(n, "/y/a/table.f0", "y/a/table.f0");
    expect_name(n, "/x/a/table.f0", "a/table.f0");
    expect_name(n, "/x//b/table.f0", "table.f0");
    expect_name(n, "/", "/");
    expect_name(n, "/etc/", "etc");
    expect_name(n, "stdin", "stdin");
    expect_name(n, "/x/stdin", "x/stdin");
    expect_name(n, "pipe:[4242]", "pipe");
    expect_name(n, "pipe:[4243]", "pipe");
    expect_name(n, "socket:[1]", "socket");
    expect_name(n, "fd 33", "?");
    expect_name(n, "fd 3x", "fd 3x");
    expect_name(n, "anon_inode:[eventfd]", "eventfd");
    expect_name(n, "/data/out/rust.ms", "TABLE.ms");
    struct sc_file file = {.path = "/x/a/table.f0", .name = 7};
    cr_expect_str_eq(sc_normalise_file(n, &file), "a/table.f0");
    file.path = "/never looked at";
    cr_expect_str_eq(sc_normalise_file(n, &file), "a/table.f0");
    file = (struct sc_file){.path = "/x/renamed", .name = 8};
    cr_expect_str_eq(sc_normalise_file(n, &file), "renamed");
    sc_normaliser_free(n);
}

/* Distinct clean paths stay distinct whatever they are, and names with them. */
Test(normalise, injective)
{
    struct sc_normaliser *n = plain();
    static const char *const parts[] = {"tmp",  "a",       "TEMP",     "TEMP#2", "home",
                                        "USER", "rust.ms", "x.aB3dE6", "x.TEMP", "7"};
    enum { PATHS = 4000 };
    static char paths[PATHS][128];
    static const char *results[PATHS], *names[PATHS];
    unsigned seed = 7;
    for (size_t i = 0; i < PATHS; i++) {
        unsigned depth = 1 + (seed = seed * 1103515245 + 12345) / 65536 % 4;
        for (unsigned d = 0; d < depth; d++) {
            strcat(paths[i], "/");
            strcat(paths[i], parts[(seed = seed * 1103515245 + 12345) / 65536 % 10]);
        }
        results[i] = sc_normalise_path(n, paths[i], strlen(paths[i]));
        names[i] = sc_normalise_name(n, paths[i], strlen(paths[i]));
    }
    for (size_t i = 0; i < PATHS; i += 7)
        for (size_t j = 0; j < i; j++) {
            bool same = strcmp(paths[i], paths[j]) == 0;
            cr_assert_eq(strcmp(results[i], results[j]) == 0, same, "%s %s -> %s", paths[i], paths[j], results[i]);
            cr_assert_eq(strcmp(names[i], names[j]) == 0, same, "%s %s -> %s", paths[i], paths[j], names[i]);
        }
    sc_normaliser_free(n);
}
