#include <criterion/criterion.h>

#include "../../analyzer/model/subcommand.h"

#define EXPECT(words, expected)                                                                                        \
    do {                                                                                                               \
        const char *got_ = sc_subcommand(words, sizeof(words));                                                        \
        cr_expect_str_eq(got_ ? got_ : "none", expected);                                                              \
    } while (0)

Test(subcommand, of_programs_that_are_many_in_one)
{
    EXPECT("/usr/lib/git-core/git\0pack-objects\0--all", "pack-objects");
    EXPECT("git\0-c\0core.x=1\0--no-pager\0log", "log");
    EXPECT("busybox\0ls", "ls");
    EXPECT("cat\0file", "none");
    EXPECT("git", "none");
    EXPECT("git\0-c", "none");
    EXPECT("git\0--version", "none");
    EXPECT("git\0./x", "none");
    cr_expect_null(sc_subcommand("", 0));
    cr_expect_null(sc_subcommand("git", 3), "it was cut");
}
