#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../analyzer/render/render.h"
#include "../../analyzer/why/side_by_side.h"

static void add(struct sc_lines *lines, struct sc_sequence *sequence, const char *line, unsigned times)
{
    uint32_t id;
    cr_assert_eq(sc_lines_intern(lines, line, strlen(line), &id), 0);
    while (times--)
        cr_assert_eq(sc_sequence_add(sequence, id), 0);
}

static void expect_row(const struct sc_report_side_by_side *sides, size_t at, enum sc_row_kind kind, const char *left,
                       const char *right)
{
    cr_assert_lt(at, sides->count);
    const struct sc_report_row *row = &sides->rows[at];
    cr_expect_eq(row->kind, kind, "row %zu", at);
    cr_expect(left ? row->left && strcmp(row->left, left) == 0 : !row->left, "row %zu: %s", at, row->left);
    cr_expect(right ? row->right && strcmp(row->right, right) == 0 : !row->right, "row %zu: %s", at, row->right);
}

Test(sides, a_loop_that_the_other_side_does_not_have)
{
    struct sc_lines *lines = sc_lines_new();
    struct sc_sequence a = {0}, b = {0};
    struct sc_report_side_by_side sides;
    add(lines, &a, "open", 1);
    add(lines, &b, "open", 1);
    for (unsigned i = 0; i < 352; i++) {
        add(lines, &a, "lseek +3328", 1);
        add(lines, &a, "write zeros[3328]", 1);
    }
    add(lines, &a, "close", 1);
    add(lines, &b, "close", 1);
    cr_assert_eq(sc_side_by_side_build(lines, &a, &b, &sides), 0);
    cr_assert_eq(sides.count, 3);
    expect_row(&sides, 0, SC_ROW_ALIKE, "open", NULL);
    expect_row(&sides, 1, SC_ROW_LEFT, "352 x { lseek +3328; write zeros[3328] }", NULL);
    expect_row(&sides, 2, SC_ROW_ALIKE, "close", NULL);
    cr_expect_eq(sides.alike, 2);
    cr_expect_eq(sides.only_a, 704);
    cr_expect_eq(sides.only_b, 0);
    sc_report_side_by_side_free(&sides);
    cr_assert_eq(sc_side_by_side_build(lines, &b, &a, &sides), 0);
    expect_row(&sides, 1, SC_ROW_RIGHT, NULL, "352 x { lseek +3328; write zeros[3328] }");
    sc_report_side_by_side_free(&sides);
    sc_sequence_free(&a);
    sc_sequence_free(&b);
    sc_lines_free(lines);
}

Test(sides, loops_of_other_lengths_stand_side_by_side)
{
    struct sc_lines *lines = sc_lines_new();
    struct sc_sequence a = {0}, b = {0};
    struct sc_report_side_by_side sides;
    for (unsigned i = 0; i < 100; i++) {
        add(lines, &a, "write zeros", 1);
        add(lines, &a, "lseek", 1);
        if (i % 10 == 0)
            add(lines, &b, "lseek", 1);
        add(lines, &b, "write data", 1);
    }
    cr_assert_eq(sc_side_by_side_build(lines, &a, &b, &sides), 0);
    cr_assert_eq(sides.count, 1, "a few seeks in both are chance");
    expect_row(&sides, 0, SC_ROW_CHANGED, "100 x { write zeros; lseek }", "10 x { lseek; 10 x { write data } }");
    sc_report_side_by_side_free(&sides);
    sc_sequence_free(&a);
    sc_sequence_free(&b);
    sc_lines_free(lines);
}

Test(sides, long_stretches_of_equal_calls_are_left_out)
{
    struct sc_lines *lines = sc_lines_new();
    struct sc_sequence a = {0}, b = {0};
    struct sc_report_side_by_side sides;
    char line[16];
    for (unsigned i = 0; i < 100; i++) {
        snprintf(line, sizeof line, "call %u", i);
        add(lines, &a, line, 1);
        add(lines, &b, i == 50 ? "other" : line, 1);
    }
    cr_assert_eq(sc_side_by_side_build(lines, &a, &b, &sides), 0);
    cr_assert_eq(sides.count, 9);
    cr_expect_eq(sides.rows[0].kind, SC_ROW_LEFT_OUT);
    cr_expect_eq(sides.rows[0].calls, 47);
    expect_row(&sides, 1, SC_ROW_ALIKE, "call 47", NULL);
    expect_row(&sides, 4, SC_ROW_CHANGED, "call 50", "other");
    expect_row(&sides, 7, SC_ROW_ALIKE, "call 53", NULL);
    cr_expect_eq(sides.rows[8].calls, 46);
    sc_report_side_by_side_free(&sides);
    cr_assert_eq(sc_side_by_side_build(lines, &a, &a, &sides), 0);
    cr_expect_eq(sides.count, 1, "nothing differs");
    cr_expect_eq(sides.rows[0].calls, 100);
    sc_report_side_by_side_free(&sides);
    sc_sequence_free(&a);
    sc_sequence_free(&b);
    sc_lines_free(lines);
}

Test(sides, every_call_is_counted_once)
{
    srand(1);
    for (unsigned round = 0; round < 300; round++) {
        struct sc_lines *lines = sc_lines_new();
        struct sc_sequence a = {0}, b = {0};
        struct sc_report_side_by_side sides;
        char line[16];
        for (int i = rand() % 60; i > 0; i--) {
            snprintf(line, sizeof line, "%d", rand() % 5);
            unsigned times = rand() % 4 ? 1 : (unsigned)(rand() % 20);
            if (rand() % 5)
                add(lines, &a, line, times);
            if (rand() % 5)
                add(lines, &b, line, times);
        }
        cr_assert_eq(sc_side_by_side_build(lines, &a, &b, &sides), 0);
        cr_expect_eq(sides.alike + sides.only_a, a.count);
        cr_expect_eq(sides.alike + sides.only_b, b.count);
        sc_report_side_by_side_free(&sides);
        sc_sequence_free(&a);
        sc_sequence_free(&b);
        sc_lines_free(lines);
    }
}
