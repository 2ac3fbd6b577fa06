#include <criterion/criterion.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "../../common/name_match.h"

/* All short patterns over what means something, beside libc. */
Test(name_match, as_fnmatch)
{
    static const char letters[] = "ab*?[]!-\\/";
    static const char *const texts[] = {"",  "a", "b", "ab", "ba",  "aab", "abab", "a/b", "/a",
                                        "]", "-", "!", "\\", "a*b", "[a]", "b]",   "[!a"};
    enum { LONGEST = 5, LETTERS = sizeof letters - 1 };
    char pattern[LONGEST + 1];
    unsigned long count = 1, odd = 0;
    for (unsigned i = 0; i < LONGEST; i++)
        count *= LETTERS + 1;
    for (unsigned long number = 0; number < count; number++) {
        unsigned long left = number;
        unsigned length = 0;
        for (; length < LONGEST && left; length++, left /= LETTERS + 1)
            if (left % (LETTERS + 1) == 0)
                break;
            else
                pattern[length] = letters[left % (LETTERS + 1) - 1];
        pattern[length] = '\0';
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            bool wanted = fnmatch(pattern, texts[i], 0) == 0;
            if (wanted != sc_matches(pattern, texts[i]) && odd++ < 40)
                cr_log_warn("'%s' and '%s': fnmatch says %d", pattern, texts[i], wanted);
        }
    }
    cr_expect_eq(odd, 0, "%lu differ", odd);
}

Test(name_match, files)
{
    static const struct {
        const char *pattern, *name;
        bool fits;
    } rows[] = {
        {"f", "/x/f", true},       {"f", "f", true},          {"f", "/f/x", false},     {"x/f", "/a/x/f", true},
        {"x/f", "/a/ax/f", false}, {"/x/f", "/a/x/f", false}, {"./f", "/a/f", true},    {"*.f0", "/t/table.f0", true},
        {"t/*", "/t/a/b", true},   {"", "/x", false},         {"/a/*", "/a/x/f", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(sc_name_fits(rows[i].pattern, rows[i].name), rows[i].fits, "%s %s", rows[i].pattern, rows[i].name);
}
