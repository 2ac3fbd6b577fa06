/* Text from elsewhere is printed so that no terminal obeys it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../analyzer/render/text_util.h"

static void expect_shown(const char *text, size_t columns, const char *expected)
{
    char *shown;
    size_t size;
    FILE *out = open_memstream(&shown, &size);
    sc_print_safe(out, text, columns);
    fclose(out);
    cr_expect_str_eq(shown, expected);
    free(shown);
}

Test(show, controls_are_escaped)
{
    expect_shown("a\nb\tc", 0, "a\\nb\\tc");
    expect_shown("\033[31m\177", 0, "\\033[31m\\177");
    expect_shown("\xc2\x9b"
                 "31m",
                 0, "\\302\\23331m"); /* U+009B, CSI */
    expect_shown("\x9b"
                 "31m",
                 0, "\\23331m");
}

Test(show, utf8_stays_and_what_is_none_is_escaped)
{
    expect_shown("gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\x98\x80", 0, "gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\x98\x80");
    expect_shown("\xc2\xa0", 0, "\xc2\xa0");
    expect_shown("\xc3", 0, "\\303");
    expect_shown("\xe2\x82z", 0, "\\342\\202z");
    expect_shown("\xe0\x82\x9b", 0, "\\340\\202\\233"); /* U+009B in more bytes than it needs */
    expect_shown("\xff\xfe\xc0\x80", 0, "\\377\\376\\300\\200");
}

Test(show, columns_are_counted_by_character)
{
    expect_shown("\xc3\xbc\xc3\xbc\xc3\xbc", 3, "\xc3\xbc\xc3\xbc\xc3\xbc");
    expect_shown("\xc3\xbc\xc3\xbc\xc3\xbc", 2, "\xc3\xbc\xc3\xbc...");
}
