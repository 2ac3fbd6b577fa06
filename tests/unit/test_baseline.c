/* Limits, what is kept of a run, and how several runs become one baseline. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../analyzer/baseline/baseline.h"

/* Does a limit of that text let a count grow from was to now? */
static bool soft_holds(const char *text, int64_t was, int64_t now)
{
    struct sc_limit limit;
    cr_assert_eq(sc_limit_parse(text, &limit), 0, "%s", text);
    bool holds = !sc_exceeds(&limit.soft, was, now - was);
    sc_limit_free(&limit);
    return holds;
}

Test(limits, numbers_and_shares)
{
    cr_expect(soft_holds("k=5", 10, 15) && !soft_holds("k=5", 10, 16));
    cr_expect(soft_holds("k=+5", 10, 15));
    cr_expect(soft_holds("k=2%", 100, 102) && !soft_holds("k=2%", 100, 103));
    cr_expect(soft_holds("k=0.5%", 1000, 1005) && !soft_holds("k=+0.5%", 1000, 1006));
    cr_expect(soft_holds("k=0.125%", 800, 801) && !soft_holds("k=0.125%", 800, 802));
    cr_expect(!soft_holds("k=1000%", 0, 1), "a share of nothing is nothing");
    cr_expect(soft_holds("k=100%", INT64_MAX / 2, INT64_MAX - 1), "no overflow");
}

Test(limits, what_can_not_be_read)
{
    static const char *const bad[] = {"",
                                      "k",
                                      "=5",
                                      "k=",
                                      "k=-5",
                                      "k=5x",
                                      "k=%",
                                      "k=.5%",
                                      "k=5.%",
                                      "k=5:",
                                      "k=:5",
                                      "k=5:4",
                                      "k=2%:1%",
                                      "k=1:2:3",
                                      "k= 5",
                                      "k=5.5",
                                      "k=1.2345%",
                                      "k=+-5",
                                      "k=99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct sc_limit limit;
        cr_expect_eq(sc_limit_parse(bad[i], &limit), -EINVAL, "%s", bad[i]);
    }
}

Test(limits, the_last_equals_sign_ends_the_key)
{
    struct sc_limit limit;
    cr_assert_eq(sc_limit_parse("files.a=b.writes=1:5%", &limit), 0);
    cr_expect_str_eq(limit.key, "files.a=b.writes");
    cr_expect_str_eq(limit.text, "1:5%");
    cr_expect(limit.has_hard && limit.hard.percent && !limit.soft.percent);
    sc_limit_free(&limit);
}

/* The baseline of a run with those files and that many writes of zeros. */
static json_t *baseline_of(json_t *files, int zero, int threads)
{
    json_t *report =
        json_pack("{s:s, s:[{s:s, s:{s:s}, s:i, s:i, s:i, s:i, s:i, s:i, s:{s:i}, s:{s:i}, s:{s:i}, s:{s:i}, s:[{s:s, "
                  "s:i, s:i}], "
                  "s:o, s:[{s:s, s:n, s:i}, {s:s, s:n, s:i}]}]}",
                  "taxonomy", "default", "runs", "kind", "capture", "coverage", "mode", "full", "total", 9,
                  "total_compared", 9, "startup_calls", 0, "runtime_calls", 0, "processes", 1, "threads", threads,
                  "categories", "other", 9, "writes", "zero", zero, "reads", "bytes", 0, "calls", "write", 9,
                  "process_table", "program", "/opt/x/prog", "calls", 9, "bytes", 9, "files", files, "findings", "id",
                  "failed-calls", "role", "calls", 2, "id", "failed-calls", "role", "calls", 3);
    cr_assert_not_null(report);
    json_t *baseline = sc_baseline_make(report, "auto");
    json_decref(report);
    cr_assert_not_null(baseline);
    return baseline;
}

static json_t *file(const char *role, int writes)
{
    return json_pack("{s:s, s:i, s:i}", "role", role, "opens", 1, "writes", writes);
}

static int64_t count(const json_t *baseline, const char *section, const char *name, const char *key, int64_t *ret_min)
{
    int64_t min, max;
    const json_t *counts = json_object_get(baseline, section);
    sc_baseline_range(json_object_get(name ? json_object_get(counts, name) : counts, key), &min, &max);
    if (ret_min)
        *ret_min = min;
    return max;
}

Test(baselines, many_files_are_one_name_and_the_machines_are_one)
{
    json_t *files = json_array();
    for (int i = 0; i < 20; i++) {
        char role[32];
        snprintf(role, sizeof role, "CWD/in/f%d", i);
        json_array_append_new(files, file(role, 2));
    }
    json_array_append_new(files, file("/usr/lib/libx.so.1", 0));
    json_array_append_new(files, file("/usr/share/y", 0));
    json_array_append_new(files, file("CWD/out", 7));
    json_t *baseline = baseline_of(files, 0, 1);
    cr_expect_eq(json_object_size(json_object_get(baseline, "files")), 3);
    cr_expect_eq(count(baseline, "files", "CWD/in/f*", "writes", NULL), 40);
    cr_expect_eq(count(baseline, "files", "/usr/**", "opens", NULL), 2);
    cr_expect_eq(count(baseline, "files", "CWD/out", "writes", NULL), 7);
    cr_expect_eq(count(baseline, "programs", "prog", "calls", NULL), 9);
    cr_expect_eq(count(baseline, "findings", "failed-calls", "calls", NULL), 5);
    json_decref(baseline);
}

Test(baselines, findings_of_many_files_are_one_too)
{
    json_t *files = json_array(), *findings = json_array();
    for (int i = 0; i < 20; i++) {
        char role[32];
        snprintf(role, sizeof role, "CWD/in/f%d", i);
        json_array_append_new(files, file(role, 2));
        json_array_append_new(findings, json_pack("{s:s, s:s, s:i}", "id", "zero-fill", "role", role, "calls", 2));
    }
    json_array_append_new(findings, json_pack("{s:s, s:s, s:i}", "id", "repeated-stat", "role", "CWD", "calls", 8));
    json_array_append_new(findings, json_pack("{s:s, s:s, s:i}", "id", "repeated-stat", "role", "/etc/x", "calls", 9));
    json_t *report = json_pack("{s:s, s:[{s:s, s:{s:s}, s:o, s:o}]}", "taxonomy", "default", "runs", "kind", "capture",
                               "coverage", "mode", "full", "files", files, "findings", findings);
    for (size_t i = 0; i < 4; i++) {
        static const char *const sections[] = {"categories", "writes", "reads", "calls"};
        json_object_set_new(json_array_get(json_object_get(report, "runs"), 0), sections[i], json_object());
    }
    static const char *const totals[] = {"total",         "total_compared", "startup_calls",
                                         "runtime_calls", "processes",      "threads"};
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++)
        json_object_set_new(json_array_get(json_object_get(report, "runs"), 0), totals[i], json_integer(1));
    json_t *baseline = sc_baseline_make(report, "auto");
    json_decref(report);
    cr_expect_eq(json_object_size(json_object_get(baseline, "findings")), 3);
    cr_expect_eq(count(baseline, "findings", "zero-fill:CWD/in/f*", "calls", NULL), 40);
    cr_expect_eq(count(baseline, "findings", "repeated-stat:CWD", "calls", NULL), 8);
    cr_expect_eq(count(baseline, "findings", "repeated-stat:/etc/**", "calls", NULL), 9);
    json_decref(baseline);
}

Test(baselines, several_runs_make_ranges_and_a_later_one_moves_what_it_leaves)
{
    char why[SC_BASELINE_WHY];
    int64_t min;
    json_t *baseline = baseline_of(json_pack("[o]", file("CWD/a", 3)), 4, 2);
    json_t *other = baseline_of(json_pack("[o]", file("CWD/b", 5)), 6, 2);
    cr_assert_eq(sc_baseline_widen(baseline, other, why), 0);
    cr_expect_eq(count(baseline, "writes", NULL, "zero", &min), 6);
    cr_expect_eq(min, 4);
    cr_expect_eq(count(baseline, "files", "CWD/b", "writes", &min), 5);
    cr_expect_eq(min, 0);
    cr_expect_eq(json_integer_value(json_object_get(baseline, "runs")), 2);
    json_t *later = baseline_of(json_pack("[o]", file("CWD/a", 1)), 9, 2);
    json_t *renewed = sc_baseline_renew(baseline, later);
    cr_expect_eq(count(renewed, "writes", NULL, "zero", &min), 9);
    cr_expect_eq(min, 9, "left: the new count alone");
    cr_expect_eq(count(renewed, "files", "CWD/a", "writes", &min), 3);
    cr_expect_eq(min, 0, "within: what was seen stays");
    json_decref(baseline);
    json_decref(other);
    json_decref(later);
    json_decref(renewed);
}

Test(baselines, what_a_renewed_one_has_no_more_is_gone)
{
    json_t *baseline = baseline_of(json_pack("[o]", file("CWD/a", 3)), 0, 1);
    json_t *later = baseline_of(json_array(), 0, 1);
    json_t *renewed = sc_baseline_renew(baseline, later);
    cr_expect_null(json_object_get(json_object_get(renewed, "files"), "CWD/a"));
    cr_expect(json_equal(renewed, later));
    json_decref(baseline);
    json_decref(later);
    json_decref(renewed);
}

Test(baselines, the_worst_comes_first_and_a_limit_leaves_the_others_alone)
{
    char why[SC_BASELINE_WHY];
    struct sc_limit limit;
    struct sc_report_baseline held;
    json_t *was = baseline_of(json_pack("[o]", file("CWD/a", 3)), 0, 1);
    json_t *now = baseline_of(json_pack("[o]", file("CWD/a", 9)), 2, 8);
    cr_assert_eq(sc_baseline_compare(was, now, NULL, 0, &held, why), 0);
    cr_expect_eq(held.verdict, SC_SOFT);
    cr_expect_str_eq(held.held[0].key, "threads");
    cr_expect_eq(held.held[0].by, 7);
    cr_expect_str_eq(held.held[1].key, "writes.zero");
    cr_expect_eq(held.other_count, 1);
    cr_expect_str_eq(held.others[0].key, "files.CWD/a.writes");
    sc_report_baseline_free(&held);
    cr_assert_eq(sc_limit_parse("writes.zero=0:1", &limit), 0);
    cr_assert_eq(sc_baseline_compare(was, now, &limit, 1, &held, why), 0);
    cr_expect_eq(held.verdict, SC_HARD);
    cr_expect_eq(held.held_count, 1);
    cr_expect_eq(held.other_count, 2);
    sc_report_baseline_free(&held);
    sc_limit_free(&limit);
    json_decref(was);
    json_decref(now);
}
