#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../analyzer/why/name_groups.h"

enum { NAMES = 64 };

static struct sc_named names[NAMES];
static char texts[NAMES][64];
static size_t count;

static void add(const char *format, unsigned number, uint64_t weight)
{
    snprintf(texts[count], sizeof texts[count], format, number); /* NOLINT: the tests' own formats */
    names[count] = (struct sc_named){.name = texts[count], .weight = weight};
    count++;
}

/* The group of the name, in a text that lives until the next question. */
static const char *group_of(const char *name)
{
    static char found[128];
    struct sc_intern interned = {0};
    strcpy(found, "not there");
    cr_assert_eq(sc_name_groups(names, count, &interned), 0);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].name, name) == 0)
            snprintf(found, sizeof found, "%s", names[i].group);
    sc_intern_free(&interned);
    return found;
}

Test(name_groups, numbers_of_one_directory)
{
    for (unsigned i = 0; i < 8; i++)
        add("in/f%u.dat", i * 7, 1);
    add("in/other", 0, 1);
    add("out/f%u.dat", 3, 1);
    cr_expect_str_eq(group_of("in/f21.dat"), "in/f*.dat");
    cr_expect_str_eq(group_of("in/other"), "in/other");
    cr_expect_str_eq(group_of("out/f3.dat"), "out/f3.dat");
}

Test(name_groups, numbers_of_numbered_directories)
{
    for (unsigned i = 0; i < 42; i++) {
        char format[64];
        snprintf(format, sizeof format, "in/dir%u/h%%u.h", i % 7);
        add(format, i / 7, 1); /* NOLINT: a number in it */
    }
    for (unsigned i = 0; i < 12; i++) {
        char format[64];
        snprintf(format, sizeof format, "out/d%u/h%%u.h", i % 2);
        add(format, i / 2, 1); /* NOLINT */
    }
    cr_expect_str_eq(group_of("in/dir3/h4.h"), "in/dir*/h*.h");
    cr_expect_str_eq(group_of("out/d1/h3.h"), "out/d1/h*.h", "two folders are said");
}

Test(name_groups, what_is_spread_by_its_hash)
{
    for (unsigned i = 0; i < 40; i++) {
        char format[64];
        snprintf(format, sizeof format, "objects/%02x/%08x%%u", i * 6 + 7, i * 7919 + 0x12345678);
        add(format, i, 1); /* NOLINT: a number in it */
    }
    cr_expect_str_eq(group_of(texts[3]), "objects/*/*");
    cr_expect_str_eq(group_of(texts[39]), "objects/*/*");
}

Test(name_groups, few_stay_what_they_are)
{
    for (unsigned i = 0; i < 4; i++)
        add("table.f%u", i, 100);
    cr_expect_str_eq(group_of("table.f0"), "table.f0");
}

Test(name_groups, one_that_outweighs_the_others_stays_alone)
{
    for (unsigned i = 0; i < 8; i++)
        add("in/%u", i, i == 5 ? 1000 : 1);
    cr_expect_str_eq(group_of("in/5"), "in/5");
    cr_expect_str_eq(group_of("in/4"), "in/*");
}

Test(name_groups, hexadecimal_names)
{
    for (unsigned i = 0; i < 8; i++)
        add("objects/pack-%08x.idx", 0x1abcdef0 + 977 * i, 1);
    cr_expect_str_eq(group_of("objects/pack-1abcdef0.idx"), "objects/pack-*.idx");
}

Test(name_groups, one_ending_then_one_directory_then_a_tree)
{
    static const char *const words[] = {"ant", "bee", "cat",  "dog", "elk", "fox",
                                        "gnu", "hen", "ibis", "jay", "kid", "lark"};
    for (unsigned i = 0; i < 12; i++) {
        char format[64];
        snprintf(format, sizeof format, "src/%s.c", words[i]);
        add(format, 0, 1); /* NOLINT: no number in it */
        snprintf(format, sizeof format, "doc/%s", words[i]);
        add(format, 0, 1); /* NOLINT */
        snprintf(format, sizeof format, "tree/%s/%s", words[i], words[11 - i]);
        add(format, 0, 1); /* NOLINT */
    }
    cr_expect_str_eq(group_of("src/cat.c"), "src/*.c");
    cr_expect_str_eq(group_of("doc/dog"), "doc/*");
    cr_expect_str_eq(group_of("tree/elk/hen"), "tree/**");
}

Test(name_groups, what_the_names_begin_with)
{
    for (unsigned i = 0; i < 12; i++) {
        char format[64];
        snprintf(format, sizeof format, "out/xa%c", 'a' + i);
        add(format, 0, 1); /* NOLINT: no number in it */
        snprintf(format, sizeof format, "log/run.%c.txt", 'a' + i);
        add(format, 0, i ? 1 : 100); /* NOLINT */
    }
    cr_expect_str_eq(group_of("out/xac"), "out/xa*");
    cr_expect_str_eq(group_of("log/run.c.txt"), "log/run.*.txt");
    cr_expect_str_eq(group_of("log/run.a.txt"), "log/run.a.txt");
}

/* A name that is too long for a key, and directories without an end. */
Test(name_groups, long_names_stay)
{
    static char longest[10][8192];
    for (unsigned i = 0; i < 10; i++) {
        memset(longest[i], 'x', sizeof longest[i] - 1);
        longest[i][0] = (char)('0' + i);
        names[count++] = (struct sc_named){.name = longest[i], .weight = 1};
    }
    struct sc_intern interned = {0};
    cr_assert_eq(sc_name_groups(names, count, &interned), 0);
    for (unsigned i = 0; i < 10; i++)
        cr_expect_eq(names[i].group, names[i].name);
    sc_intern_free(&interned);
}

static const char *tree_of(const char *name)
{
    static char found[128];
    struct sc_intern interned = {0};
    strcpy(found, "not there");
    cr_assert_eq(sc_name_groups(names, count, &interned), 0);
    cr_assert_eq(sc_name_trees(names, count, &interned), 0);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].name, name) == 0)
            snprintf(found, sizeof found, "%s", names[i].group);
    sc_intern_free(&interned);
    return found;
}

Test(name_groups, a_tree_of_many_folders)
{
    for (unsigned i = 0; i < 12; i++) {
        char format[64];
        snprintf(format, sizeof format, "out/c1/%c/%s/file%%u", 'a' + (int)(i % 12), i % 2 ? "x" : "long");
        add(format, i, 1); /* NOLINT: a number in it */
    }
    add("out/c1/large", 0, 1000);
    add("out/other", 0, 1);
    add("/usr/lib/x", 0, 1);
    cr_expect_str_eq(tree_of("out/c1/a/long/file0"), "out/c1/**");
    cr_expect_str_eq(tree_of("out/c1/f/x/file5"), "out/c1/**");
    cr_expect_str_eq(tree_of("out/c1/large"), "out/c1/large", "it outweighs the tree");
    cr_expect_str_eq(tree_of("out/other"), "out/other");
    cr_expect_str_eq(tree_of("/usr/lib/x"), "/usr/lib/x");
}

Test(name_groups, few_folders_are_no_tree)
{
    for (unsigned i = 0; i < 63; i++) {
        char format[64];
        snprintf(format, sizeof format, "c1/%s/f%%u", (const char *[]){"one", "two", "three"}[i % 3]);
        add(format, i, 1); /* NOLINT: a number in it */
    }
    cr_expect_str_eq(tree_of("c1/one/f0"), "c1/one/f*");
}
