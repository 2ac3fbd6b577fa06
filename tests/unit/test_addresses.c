/* The tree of addresses against a table of every address, and its forks. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../../analyzer/model/addresses.h"

enum { SPACE = 200, MAPS = 4, STEPS = 4000 };

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static void compare(const struct sc_addresses *addresses, const struct sc_address_map *map, const uint64_t *table)
{
    for (uint64_t at = 0; at < SPACE; at++) {
        uint64_t value = 0;
        bool found = sc_addresses_find(addresses, map, at, &value);
        cr_assert_eq(found, table[at] != 0);
        cr_assert_eq(value, table[at]);
    }
}

Test(addresses, as_a_table_says)
{
    struct sc_addresses addresses = {0};
    struct sc_address_map maps[MAPS] = {{0}};
    static uint64_t tables[MAPS][SPACE];
    uint32_t state = 1;
    for (uint64_t step = 1; step <= STEPS; step++) {
        unsigned which = next(&state) % MAPS, from = next(&state) % MAPS;
        if (next(&state) % 16 == 0 && which != from) {
            maps[which] = sc_addresses_fork(&addresses, &maps[from]);
            memcpy(tables[which], tables[from], sizeof tables[0]);
        }
        uint64_t begin = next(&state) % SPACE, end = begin + next(&state) % (SPACE - begin);
        bool any = false;
        for (uint64_t at = begin; at < end; at++)
            any |= tables[which][at] != 0;
        cr_assert_eq(sc_addresses_overlap(&addresses, &maps[which], begin, end), any);
        cr_assert_eq(sc_addresses_set(&addresses, &maps[which], begin, end, step), 0);
        for (uint64_t at = begin; at < end; at++)
            tables[which][at] = step;
        if (step % 50 == 0)
            for (unsigned i = 0; i < MAPS; i++)
                compare(&addresses, &maps[i], tables[i]);
    }
    sc_addresses_free(&addresses);
}

Test(addresses, many_forks_of_many_ranges_are_cheap, .timeout = 300)
{
    struct sc_addresses addresses = {0};
    struct sc_address_map parent = {0};
    enum { MANY = 20000 };
    for (uint64_t i = 0; i < MANY; i++)
        cr_assert_eq(sc_addresses_set(&addresses, &parent, 16 * i, 16 * i + 8, i), 0);
    for (uint64_t i = 0; i < MANY; i++) {
        struct sc_address_map child = sc_addresses_fork(&addresses, &parent);
        cr_assert_eq(sc_addresses_set(&addresses, &child, 16 * i, 16 * i + 8, MANY), 0);
    }
    cr_expect_lt(addresses.count, 100 * MANY);
    uint64_t value;
    cr_expect(sc_addresses_find(&addresses, &parent, 16 * (MANY - 1), &value) && value == MANY - 1);
    sc_addresses_free(&addresses);
}

Test(addresses, a_range_is_widened_by_what_it_touches)
{
    struct sc_addresses addresses = {0};
    struct sc_address_map map = {0};
    cr_assert_eq(sc_addresses_set(&addresses, &map, 10, 20, 1) || sc_addresses_set(&addresses, &map, 30, 40, 2), 0);
    static const uint64_t cases[][4] = {{15, 35, 10, 40}, {19, 20, 10, 20}, {20, 30, 20, 30},
                                        {5, 11, 5, 20},   {35, 50, 30, 50}, {12, 12, 12, 12}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t begin = cases[i][0], end = cases[i][1];
        sc_addresses_widen(&addresses, &map, &begin, &end);
        cr_expect_eq(begin, cases[i][2]);
        cr_expect_eq(end, cases[i][3]);
    }
    sc_addresses_free(&addresses);
}
