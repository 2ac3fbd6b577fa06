#include <criterion/criterion.h>
#include <string.h>

#include "../../common/numbers.h"
#include "../../common/user_options.h"

static void expect_number(const char *text, unsigned base, const char *ends, bool is_one, uint64_t value)
{
    uint64_t read = 0;
    cr_expect_eq(sc_read_number(text, base, ends, &read), is_one, "'%s'", text);
    if (is_one)
        cr_expect_eq(read, value, "'%s'", text);
}

Test(numbers, are_written_and_read)
{
    static const uint64_t numbers[] = {0, 7, 10, 255, 4096, UINT32_MAX, UINT64_MAX};
    char text[21];
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        for (unsigned base = 10; base <= 16; base += 6) {
            text[sc_put_number(text, numbers[i], base)] = '\0';
            expect_number(text, base, "", true, numbers[i]);
        }
    }
    cr_expect_eq(sc_put_number(text, UINT64_MAX, 10), 20);
    cr_expect_eq(memcmp(text, "18446744073709551615", 20), 0);
}

Test(numbers, nothing_else_is_one)
{
    expect_number("", 10, "", false, 0);
    expect_number(";", 16, ";", false, 0);
    expect_number("-1", 10, "", false, 0);
    expect_number(" 1", 10, "", false, 0);
    expect_number("1a", 10, "", false, 0);
    expect_number("1a", 16, "", true, 0x1a);
    expect_number("1A", 16, "", false, 0);
    expect_number("12;x", 16, ";", true, 0x12);
    expect_number("18446744073709551616", 10, "", false, 0);
    expect_number("10000000000000000", 16, "", false, 0);
}

static void expect_size(const char *text, bool is_one, uint64_t value)
{
    uint64_t read = 4711;
    cr_expect_eq(sc_read_size(text, &read), is_one, "'%s'", text);
    cr_expect_eq(read, is_one ? value : 4711, "'%s'", text);
}

Test(numbers, sizes_have_one_unit)
{
    expect_size("0", true, 0);
    expect_size("1000", true, 1000);
    expect_size("3K", true, 3 << 10);
    expect_size("3k", true, 3 << 10);
    expect_size("5M", true, 5 << 20);
    expect_size("2g", true, UINT64_C(2) << 30);
    expect_size("17179869183G", true, UINT64_C(17179869183) << 30);
    expect_size("17179869184G", false, 0);
    expect_size("", false, 0);
    expect_size("K", false, 0);
    expect_size("5KK", false, 0);
    expect_size("5KM", false, 0);
    expect_size("5K1", false, 0);
    expect_size("5T", false, 0);
    expect_size("-5K", false, 0);
}

Test(user_options, values_that_are_none_change_nothing)
{
    static const struct {
        enum sc_user_option option;
        const char *good, *bad;
    } rows[] = {{SC_USER_OUTPUT, "x", ""},   {SC_USER_MODE, "full", "Full"},  {SC_USER_CHILDREN, "ignore", "none"},
                {SC_USER_STACK, "64", "65"}, {SC_USER_MAX_SIZE, "1M", "1MB"}, {SC_USER_ENV, "names", "all"}};
    struct sc_user_options options = sc_user_defaults(), before = options;
    cr_expect_str_eq(options.output, "syscap.%n.%p.bin");
    cr_expect(options.follow);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_not(sc_user_set(&options, rows[i].option, rows[i].bad));
        cr_expect(options.output == before.output && options.mode == before.mode && options.follow == before.follow &&
                  options.stack_depth == before.stack_depth && options.max_size == before.max_size &&
                  options.env == before.env);
        cr_expect(sc_user_set(&options, rows[i].option, rows[i].good));
        before = options;
    }
    cr_expect_str_eq(options.output, "x");
    cr_expect_eq(options.mode, SC_ASK_FULL);
    cr_expect_not(options.follow);
    cr_expect_eq(options.stack_depth, 64);
    cr_expect_eq(options.max_size, 1 << 20);
    cr_expect_eq(options.env, SC_ENV_NAMES);
    cr_expect_str_eq(sc_user_variable(SC_USER_MAX_SIZE), "SYSCAP_MAX_SIZE");
}
