#include <criterion/criterion.h>
#include <errno.h>

#include "../../analyzer/why/labels.h"

static void expect(const char *a, const char *b, const char *label_a, const char *label_b, const char *stem_a,
                   const char *pair)
{
    const char *paths[2] = {a, b}, *given[2] = {NULL, NULL};
    struct sc_names names;
    cr_assert_eq(sc_names_make(paths, given, &names), 0);
    cr_expect_str_eq(names.labels[0], label_a);
    cr_expect_str_eq(names.labels[1], label_b);
    cr_expect_str_eq(names.stems[0], stem_a);
    cr_expect_str_eq(names.pair, pair);
    sc_names_free(&names);
}

Test(labels, by_the_rule)
{
    expect("x/rust.bin", "cpp.bin", "Rust", "C++", "rust", "rust_vs_cpp");
    expect("rust_row.strace", "/a/cpp_row.bin", "Rust", "C++", "rust_row", "row");
    expect("cpp_row.strace", "rust_row.strace", "C++", "Rust", "cpp_row", "row");
    expect("rust_a.bin", "cpp_b.bin", "Rust", "C++", "rust_a", "rust_a_vs_cpp_b");
    expect("rust_old.bin", "rust_new.bin", "rust_old", "rust_new", "rust_old", "rust_old_vs_rust_new");
    expect("one/run.bin", "two/run.bin", "A_run", "B_run", "A_run", "A_run_vs_B_run");
    expect("one/rust.bin", "two/rust.bin", "A_rust", "B_rust", "A_rust", "A_rust_vs_B_rust");
    expect("before.1.log", "after", "before.1", "after", "before.1", "before.1_vs_after");
    expect("rust_x.bin.zst", "cpp_x.strace.gz", "Rust", "C++", "rust_x", "x");
    expect("a.gz", ".xz", "a", ".xz", "a", "a_vs_.xz");
    expect("-", "run.bin", "stdin", "run", "stdin", "stdin_vs_run");
    expect(".hidden", "rust_", ".hidden", "Rust", ".hidden", ".hidden_vs_rust_");
}

Test(labels, keys_for_the_normaliser)
{
    const char *paths[2] = {"cpp.bin", "x.bin"}, *given[2] = {NULL, NULL};
    struct sc_names names;
    cr_assert_eq(sc_names_make(paths, given, &names), 0);
    cr_expect_str_eq(names.keys[0], "cpp");
    sc_names_free(&names);
}

Test(labels, of_one_run)
{
    const char *paths[2] = {"rust.bin", NULL}, *given[2] = {NULL, NULL};
    struct sc_names names;
    cr_assert_eq(sc_names_make(paths, given, &names), 0);
    cr_expect_str_eq(names.labels[0], "Rust");
    cr_expect_null(names.labels[1]);
    cr_expect_null(names.pair);
    sc_names_free(&names);
}

Test(labels, given_ones_must_differ)
{
    const char *paths[2] = {"a", "b"}, *same[2] = {"x", "x"}, *other[2] = {"Old\n", "New"};
    struct sc_names names;
    cr_expect_eq(sc_names_make(paths, same, &names), -EINVAL);
    cr_assert_eq(sc_names_make(paths, other, &names), 0);
    cr_expect_str_eq(names.labels[0], "Old?");
    cr_expect_str_eq(names.keys[0], "old");
    sc_names_free(&names);
}
