#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../analyzer/model/array.h"

Test(array, grows_by_doubling_and_keeps_its_items)
{
    uint32_t *items = NULL;
    size_t capacity = 0, moves = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        size_t before = capacity;
        cr_assert_eq(SC_RESERVE(items, capacity, (size_t)i + 1), 0);
        cr_assert_gt(capacity, i);
        moves += capacity != before;
        items[i] = i;
    }
    cr_expect_eq(capacity, 1024);
    cr_expect_eq(moves, 7, "16, 32, ... 1024");
    for (uint32_t i = 0; i < 1000; i++)
        cr_assert_eq(items[i], i);
    free(items);
}

Test(array, a_far_index_takes_one_step)
{
    char *items = NULL;
    size_t capacity = 0;
    cr_assert_eq(SC_RESERVE(items, capacity, 5000), 0);
    cr_expect_eq(capacity, 5000);
    cr_assert_eq(SC_RESERVE(items, capacity, 0), 0);
    cr_expect_eq(capacity, 5000);
    free(items);
}

Test(array, new_items_are_zero_and_old_ones_stay)
{
    uint64_t *items = NULL;
    size_t capacity = 0;
    for (size_t needed = 1; needed < 3000; needed = needed * 3 + 1) {
        size_t before = capacity;
        cr_assert_eq(SC_RESERVE_ZERO(items, capacity, needed), 0);
        for (size_t i = 0; i < before; i++)
            cr_assert_eq(items[i], UINT64_MAX);
        for (size_t i = before; i < capacity; i++) {
            cr_assert_eq(items[i], 0);
            items[i] = UINT64_MAX;
        }
    }
    free(items);
}

Test(array, too_much_changes_nothing)
{
    uint64_t *items = NULL, *kept;
    size_t capacity = 0;
    cr_assert_eq(SC_RESERVE(items, capacity, 1), 0);
    kept = items;
    *items = 7;
    cr_expect_eq(SC_RESERVE(items, capacity, SIZE_MAX), -ENOMEM, "more bytes than can be counted");
    cr_expect_eq(SC_RESERVE_ZERO(items, capacity, SIZE_MAX / 8 + 2), -ENOMEM);
    cr_expect_eq(items, kept);
    cr_expect_eq(*items, 7);
    cr_expect_eq(capacity, 16);
    capacity = SIZE_MAX / 2 + 1;
    cr_expect_eq(sc_array_grow(&items, &capacity, SIZE_MAX, 1), -ENOMEM, "twice that is nothing");
    cr_expect_eq(SC_RESERVE_NEXT(items, SIZE_MAX / 2 + 1), -ENOMEM);
    cr_expect_eq(items, kept);
    free(items);
}

Test(array, without_a_capacity_items_come_one_by_one)
{
    for (size_t first = 0; first < 2; first++) {
        size_t *items = NULL;
        for (size_t i = first; i < 300; i++) {
            cr_assert_eq(SC_RESERVE_NEXT(items, i), 0);
            items[i] = i;
        }
        for (size_t i = first; i < 300; i++)
            cr_assert_eq(items[i], i);
        free(items);
    }
}
