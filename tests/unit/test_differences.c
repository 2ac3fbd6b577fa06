#include <criterion/criterion.h>

#include "../../analyzer/why/param_diff.h"

/* lines: what differs, then what has another name. Whether anything differs. */
static bool compare_runs(struct sc_run a, struct sc_run b, struct sc_strings *lines)
{
    char **argv_a = a.argv, **argv_b = b.argv;
    while (argv_a && argv_a[a.argc])
        a.argc++;
    while (argv_b && argv_b[b.argc])
        b.argc++;
    struct sc_normaliser *names_a = sc_normaliser_new(&a, "rust", &b, "cpp", NULL, 0);
    struct sc_normaliser *names_b = sc_normaliser_new(&b, "cpp", &a, "rust", NULL, 0);
    struct sc_side side_a = {&a, names_a, NULL}, side_b = {&b, names_b, NULL};
    struct sc_strings other_names = {0};
    size_t before = lines->count;
    sc_find_param_diff(&side_a, &side_b, lines, &other_names);
    bool parameters = lines->count > before;
    for (size_t i = 0; i < other_names.count; i++)
        sc_strings_add(lines, other_names.items[i]);
    sc_strings_free(&other_names);
    sc_normaliser_free(names_a);
    sc_normaliser_free(names_b);
    return parameters;
}

static bool compare(char **argv_a, char **argv_b, struct sc_strings *lines)
{
    return compare_runs((struct sc_run){.argv = argv_a}, (struct sc_run){.argv = argv_b}, lines);
}

#define ARGV(...)                                                                                                      \
    (char *[])                                                                                                         \
    {                                                                                                                  \
        "./prog", __VA_ARGS__, NULL                                                                                    \
    }

Test(differences, order_and_spelling_of_options_do_not_matter)
{
    struct sc_strings lines = {0};
    cr_expect(!compare(ARGV("--rows=5", "-v", "in"), ARGV("--rows", "5", "-v", "in"), &lines));
    cr_expect(!compare(ARGV("--a", "1", "--b", "-2"), ARGV("--b=-2", "--a", "1"), &lines));
    cr_expect(!compare(ARGV("--", "-x"), ARGV("-x"), &lines) == false, "-x is an argument here and an option there");
    sc_strings_free(&lines);
}

Test(differences, each_kind)
{
    struct sc_strings lines = {0};
    cr_expect(compare(ARGV("--mode", "a", "5", "bs=4k", "-i", "x", "-i", "y"),
                      ARGV("--mode=b", "7", "bs=8k", "-i", "x", "-i", "z", "--fast"), &lines));
    cr_assert_eq(lines.count, 5);
    cr_expect_str_eq(lines.items[0], "--mode a / b");
    cr_expect_str_eq(lines.items[1], "argument 1 5 / 7");
    cr_expect_str_eq(lines.items[2], "bs 4k / 8k");
    cr_expect_str_eq(lines.items[3], "-i y / z");
    cr_expect_str_eq(lines.items[4], "--fast (absent) / (given)");
    sc_strings_free(&lines);
}

Test(differences, what_follows_an_option_of_one_side_is_no_value_of_it)
{
    struct sc_strings lines = {0};
    cr_expect(compare(ARGV("-L", "in"), ARGV("in"), &lines));
    cr_expect(compare(ARGV("-q", "from", "to"), ARGV("-q", "--no-local", "from", "to"), &lines));
    cr_expect(compare(ARGV("-T2", "in"), ARGV("-T1", "in"), &lines));
    cr_expect(compare(ARGV("-v", "x", "in"), ARGV("in"), &lines), "here it may be one");
    cr_assert_eq(lines.count, 4);
    cr_expect_str_eq(lines.items[0], "-L (given) / (absent)");
    cr_expect_str_eq(lines.items[1], "--no-local (absent) / (given)");
    cr_expect_str_eq(lines.items[2], "-T 2 / 1");
    cr_expect_str_eq(lines.items[3], "-v x / (absent)");
    sc_strings_free(&lines);
}

Test(differences, the_runs_own_output_is_none)
{
    struct sc_strings lines = {0};
    cr_expect(!compare(ARGV("--path", "/data/rust.ms"), ARGV("--path", "/data/cpp.ms"), &lines));
    cr_expect_eq(lines.count, 1, "but it is said");
    cr_expect(compare(ARGV("/data/one"), ARGV("/data/two"), &lines), "nothing says that they name the same");
    cr_expect_eq(lines.count, 2);
    sc_strings_free(&lines);
}

Test(differences, a_value_is_no_output)
{
    struct sc_strings lines = {0};
    cr_expect(compare(ARGV("--language", "rust"), ARGV("--language", "cpp"), &lines));
    sc_strings_free(&lines);
}

Test(differences, what_is_not_known_does_not_differ)
{
    struct sc_strings lines = {0};
    cr_expect(!compare(NULL, ARGV("--rows", "5"), &lines));
    cr_expect_eq(lines.count, 0);
}

static bool compare_elided(char **argv_a, char **argv_b, struct sc_strings *lines)
{
    struct sc_run a = {.argv = argv_a, .argv_elided = true}, b = {.argv = argv_b};
    return compare_runs(a, b, lines) || compare_runs(b, a, lines);
}

Test(differences, what_strace_cut_does_not_differ)
{
    struct sc_strings lines = {0};
    cr_expect(!compare_elided(ARGV("--query=select a...", "a fir..."), ARGV("--query=select a, b", "a first"), &lines));
    cr_expect(!compare_elided(ARGV("--a-long-opt...", "v"), ARGV("--a-long-option", "v"), &lines));
    cr_expect_eq(lines.count, 0);
    cr_expect(compare_elided(ARGV("a sec..."), ARGV("a first"), &lines));
    cr_expect(compare_elided(ARGV("a first..."), ARGV("a fir"), &lines), "it is longer than that");
    cr_expect(compare(ARGV("a fir..."), ARGV("a first"), &lines), "nothing was cut there");
    sc_strings_free(&lines);
}

Test(differences, what_a_capture_cut_does_not_differ)
{
    struct sc_strings lines = {0};
    struct sc_run a = {.argv = ARGV("x", "a fir"), .argv_cut = true}, b = {.argv = ARGV("x", "a first", "y", "--z")};
    cr_expect(!compare_runs(a, b, &lines));
    cr_expect(!compare_runs(b, a, &lines));
    sc_strings_free(&lines);
}

/* The lines of both, "; " between them; and the same mirrored. */
static void expect_lines(char **argv_a, char **argv_b, const char *expected)
{
    struct sc_strings lines = {0}, mirrored = {0};
    char text[512] = "";
    compare(argv_a, argv_b, &lines);
    compare(argv_b, argv_a, &mirrored);
    for (size_t i = 0; i < lines.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? "; " : "", lines.items[i]);
    cr_expect_str_eq(text, expected);
    cr_expect_eq(mirrored.count, lines.count, "%s", expected);
    sc_strings_free(&lines);
    sc_strings_free(&mirrored);
}

Test(differences, a_flag_takes_no_argument)
{
    expect_lines(ARGV("-r", "src", "s_e"), ARGV("-r", "--reflink=never", "src", "s_f"),
                 "argument 2 s_e / s_f; --reflink (absent) / never");
    expect_lines(ARGV("clone", "-q", "repo", "c_a"), ARGV("clone", "-q", "--no-local", "repo", "c_b"),
                 "argument 3 c_a / c_b; --no-local (absent) / (given)");
    expect_lines(ARGV("clone", "repo_a", "c_a"), ARGV("clone", "--no-local", "repo_b", "c_b"),
                 "argument 2 repo_a / repo_b; argument 3 c_a / c_b; --no-local (absent) / (given)");
    expect_lines(ARGV("in.txt", "zo1"), ARGV("-v", "in.txt", "zo3"), "argument 2 zo1 / zo3; -v (absent) / (given)");
    expect_lines(ARGV("-T1", "F"), ARGV("-T2", "F"), "-T 1 / 2");
    expect_lines(ARGV("-T1", "F"), ARGV("-T2", "G"), "-T 1 / 2; argument 1 F / G");
    expect_lines(ARGV("-T1", "F"), ARGV("F"), "-T1 (given) / (absent)");
    expect_lines(ARGV("-l", "src"), ARGV("-l", "--color=always", "src"), "--color (absent) / always");
    expect_lines(ARGV("-l", "a", "b"), ARGV("-l", "b"), "argument 1 a / (absent)");
    expect_lines(ARGV("-l", "a"), ARGV("-la"), "-l a / (absent); -la (absent) / (given)");
}

Test(differences, what_means_the_same_is_none)
{
    expect_lines(ARGV("in1", "-n"), ARGV("-n", "in1"), "");
    expect_lines(ARGV("-n", "5", "in1"), ARGV("-n5", "in1"), "");
    expect_lines(ARGV("-l", "--", "in1"), ARGV("-l", "in1"), "");
    expect_lines(ARGV("cf", "a.tar", "d"), ARGV("-cf", "a.tar", "d"), "");
}

Test(differences, an_options_value_is_its_own)
{
    expect_lines(ARGV("--rows", "100"), ARGV("--rows", "200"), "--rows 100 / 200");
    expect_lines(ARGV("--x=1", "in"), ARGV("--x=2", "in"), "--x 1 / 2");
    expect_lines(ARGV("--rows", "5", "in"), ARGV("--rows=6", "in"), "--rows 5 / 6");
    expect_lines(ARGV("-n", "5", "in"), ARGV("-n7", "in"), "-n 5 / 7");
    expect_lines(ARGV("-i", "x", "-i", "y"), ARGV("-i", "y"), "-i x / (absent)");
    expect_lines(ARGV("cf", "a.tar", "d"), ARGV("-b1", "-cf", "b.tar", "d"),
                 "-cf a.tar / b.tar; -b1 (absent) / (given)");
    expect_lines(ARGV("-o", "f", "in"), ARGV("in"), "-o f / (absent)");
}
