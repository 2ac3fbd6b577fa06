#include <criterion/criterion.h>

#include "../../analyzer/model/sizes.h"

static struct sc_size_summary summary(const struct sc_sizes *a, const struct sc_sizes *b)
{
    struct sc_size_summary found;
    cr_assert_eq(sc_sizes_summary((const struct sc_sizes *const[]){a, b}, 2, &found), 0);
    return found;
}

Test(sizes, none_is_not_known)
{
    cr_expect_not(summary(NULL, NULL).known);
    cr_expect_not(summary(NULL, NULL).middle_known);
}

Test(sizes, least_middle_and_most_of_two_parts)
{
    struct sc_sizes *a = NULL, *b = NULL;
    for (int i = 0; i < 5; i++)
        cr_assert_eq(sc_sizes_add(&a, 100), 0);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(sc_sizes_add(&b, 7), 0);
    cr_assert_eq(sc_sizes_add(&b, 4096), 0);
    struct sc_size_summary both = summary(a, b), one = summary(NULL, b);
    cr_expect_eq(both.least, 7);
    cr_expect_eq(both.middle, 100);
    cr_expect_eq(both.most, 4096);
    cr_expect_eq(one.middle, 7);
    sc_sizes_free(a);
    sc_sizes_free(b);
}

Test(sizes, many_are_found_again)
{
    struct sc_sizes *sizes = NULL;
    for (int round = 0; round < 3; round++)
        for (uint64_t i = 1; i <= 101; i++)
            cr_assert_eq(sc_sizes_add(&sizes, i), 0);
    cr_expect_eq(sizes->count, 101);
    cr_expect_eq(summary(sizes, NULL).middle, 51);
    sc_sizes_free(sizes);
}

Test(sizes, joined_are_as_if_counted_together)
{
    struct sc_sizes *a = NULL, *b = NULL;
    cr_assert_eq(sc_sizes_join(&a, NULL), 0);
    cr_expect_null(a);
    for (uint64_t i = 1; i <= 20; i++)
        cr_assert_eq(sc_sizes_add(&b, i), 0);
    cr_assert_eq(sc_sizes_join(&a, b), 0);
    cr_assert_eq(sc_sizes_join(&a, b), 0);
    cr_expect_eq(a->count, 20);
    cr_expect_eq(a->items[19].calls, 2);
    cr_expect_eq(summary(a, NULL).middle, 10);
    cr_expect_eq(summary(a, NULL).most, 20);
    sc_sizes_free(a);
    sc_sizes_free(b);
}

Test(sizes, too_many_have_no_middle)
{
    struct sc_sizes *sizes = NULL;
    for (uint64_t i = 1; i <= SC_SIZES_MAX + 10; i++)
        cr_assert_eq(sc_sizes_add(&sizes, i), 0);
    struct sc_size_summary found = summary(sizes, NULL);
    cr_expect(found.known);
    cr_expect_not(found.middle_known);
    cr_expect_eq(found.least, 1);
    cr_expect_eq(found.most, SC_SIZES_MAX + 10);
    sc_sizes_free(sizes);
}

Test(sizes, very_many_are_counted_as_few_are)
{
    struct sc_sizes *sizes = NULL, *joined = NULL;
    for (int round = 0; round < 3; round++)
        for (uint64_t i = 1; i <= 2 * SC_SIZES_SMALL; i++)
            cr_assert_eq(sc_sizes_add(&sizes, i), 0);
    cr_expect_eq(sizes->count + sizes->small_count, 2 * SC_SIZES_SMALL);
    cr_assert_eq(sc_sizes_join(&joined, sizes), 0);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(sc_sizes_add(&joined, 1), 0);
    cr_expect_eq(joined->small[1], 6);
    cr_expect_eq(joined->small[SC_SIZES_SMALL - 1], 3);
    struct sc_size_summary one = summary(sizes, NULL), both = summary(joined, sizes);
    cr_expect_eq(one.least, 1);
    cr_expect_eq(one.middle, SC_SIZES_SMALL);
    cr_expect_eq(one.most, 2 * SC_SIZES_SMALL);
    cr_expect_eq(both.middle, SC_SIZES_SMALL);
    sc_sizes_free(sizes);
    sc_sizes_free(joined);
}
