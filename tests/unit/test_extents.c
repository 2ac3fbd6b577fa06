#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../../analyzer/model/extents.h"

static int64_t add(struct sc_extents *set, int64_t begin, int64_t end)
{
    int64_t covered;
    cr_assert_eq(sc_extents_add(set, begin, end, &covered), 0);
    return covered;
}

static int64_t take(struct sc_extents *set, int64_t begin, int64_t end)
{
    int64_t removed;
    cr_assert_eq(sc_extents_remove(set, begin, end, &removed), 0);
    return removed;
}

Test(extents, neighbours_merge)
{
    struct sc_extents set = {0};
    cr_expect_eq(add(&set, 10, 20), 0);
    cr_expect_eq(add(&set, 20, 30), 0);
    cr_expect_eq(set.count, 1);
    cr_expect_eq(add(&set, 40, 50), 0);
    cr_expect_eq(add(&set, 0, 5), 0);
    cr_expect_eq(set.count, 3);
    cr_expect_eq(add(&set, 30, 40), 0, "fills the gap exactly");
    cr_expect_eq(set.count, 2);
    cr_expect_eq(add(&set, 3, 12), 4);
    cr_expect_eq(set.count, 1);
    cr_expect_eq(set.bytes, 50);
    cr_expect_eq(sc_extents_span(&set).end, 50);
    cr_expect_eq(add(&set, 7, 7), 0, "nothing");
    sc_extents_free(&set);
}

Test(extents, what_is_taken_out_leaves_its_neighbours)
{
    struct sc_extents set = {0};
    add(&set, 0, 100);
    cr_expect_eq(take(&set, 40, 60), 20);
    cr_expect_eq(set.count, 2);
    cr_expect_eq(take(&set, 40, 60), 0);
    cr_expect_eq(take(&set, 100, 200), 0);
    cr_expect_eq(take(&set, 90, INT64_MAX), 10);
    cr_expect_eq(set.bytes, 70);
    cr_expect_eq(take(&set, 0, 40), 40);
    struct sc_extent list[4];
    cr_expect_eq(sc_extents_list(&set, list, 4), 1);
    cr_expect(list[0].begin == 60 && list[0].end == 90);
    sc_extents_free(&set);
}

/* Against an array of flags. */
Test(extents, random_ranges_as_a_plain_array_has_them)
{
    enum { SIZE = 500, ROUNDS = 20000 };
    bool flags[SIZE + 1] = {false};
    struct sc_extents set = {0};
    unsigned seed = 7;
    for (int i = 0; i < ROUNDS; i++) {
        int begin = rand_r(&seed) % SIZE, end = begin + rand_r(&seed) % 20;
        bool adds = rand_r(&seed) % 5 < 3;
        int64_t expected = 0;
        end = end > SIZE ? SIZE : end;
        for (int at = begin; at < end; at++) {
            expected += flags[at];
            flags[at] = adds;
        }
        cr_assert_eq(adds ? add(&set, begin, end) : take(&set, begin, end), expected, "round %d", i);
        uint32_t ranges = 0;
        uint64_t bytes = 0;
        for (int at = 0; at < SIZE; at++) {
            ranges += flags[at] && !flags[at + 1];
            bytes += flags[at];
        }
        cr_assert_eq(set.count, ranges);
        cr_assert_eq(set.bytes, bytes);
    }
    cr_expect_lt(set.capacity, SIZE, "memory goes with the ranges, not with the accesses");
    sc_extents_free(&set);
}

/* Room is made in the array, and taken out of it. */
Test(extents, what_is_moved_as_a_plain_array_has_it)
{
    enum { SIZE = 300, ROUNDS = 20000 };
    bool flags[SIZE + 1] = {false};
    struct sc_extents set = {0};
    unsigned seed = 11;
    for (int i = 0; i < ROUNDS; i++) {
        int begin = rand_r(&seed) % SIZE, length = rand_r(&seed) % 20, what = rand_r(&seed) % 4;
        int end = begin + length > SIZE ? SIZE : begin + length;
        length = end - begin;
        if (what < 2) {
            memset(flags + begin, 1, (size_t)length);
            add(&set, begin, end);
        } else if (what == 2) {
            memmove(flags + begin, flags + end, (size_t)(SIZE - end));
            memset(flags + SIZE - length, 0, (size_t)length);
            take(&set, begin, end);
            cr_assert_eq(sc_extents_move(&set, end, -length), 0);
        } else {
            memmove(flags + end, flags + begin, (size_t)(SIZE - end));
            memset(flags + begin, 0, (size_t)length);
            cr_assert_eq(sc_extents_move(&set, begin, length), 0);
            take(&set, SIZE, INT64_MAX);
        }
        bool found[SIZE + 1] = {false};
        struct sc_extent list[SIZE];
        size_t count = sc_extents_list(&set, list, SIZE);
        uint32_t ranges = 0;
        uint64_t bytes = 0;
        for (size_t r = 0; r < count; r++)
            memset(found + list[r].begin, 1, (size_t)(list[r].end - list[r].begin));
        for (int at = 0; at < SIZE; at++) {
            ranges += flags[at] && !flags[at + 1];
            bytes += flags[at];
        }
        cr_assert_arr_eq(found, flags, SIZE, "round %d", i);
        cr_assert_eq(set.count, ranges);
        cr_assert_eq(set.bytes, bytes);
    }
    sc_extents_free(&set);
    add(&set, 10, INT64_MAX - 5);
    cr_expect_eq(sc_extents_move(&set, 0, 6), 0);
    cr_expect_eq(sc_extents_span(&set).begin, 10, "nothing lies behind all offsets");
    sc_extents_free(&set);
}

Test(extents, a_million_separate_ranges, .timeout = 300)
{
    struct sc_extents set = {0};
    for (int64_t i = 0; i < 1000000; i++)
        add(&set, i * 7919 % 1000000 * 10, i * 7919 % 1000000 * 10 + 5);
    cr_expect_eq(set.count, 1000000);
    cr_expect_eq(add(&set, 0, 10000000), 5000000);
    cr_expect_eq(set.count, 1);
    sc_extents_free(&set);
}
