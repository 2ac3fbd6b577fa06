#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../analyzer/render/render.h"
#include "../../common/siphash.h"
#include "scene.h"

static struct sc_report build(const struct fake *a, const struct fake *b)
{
    struct sc_report_input inputs[2] = {fake_input(a, "Rust"), {0}};
    if (b)
        inputs[1] = fake_input(b, "C++");
    struct sc_report report;
    cr_assert_eq(sc_report_build(inputs, b ? 2 : 1, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, b ? "x" : NULL, &report), 0);
    return report;
}

/* Not inlined: gcc takes the buffer, which belongs to the caller, for the variable that held its address. */
__attribute__((noinline)) static char *render(const struct sc_report *report, bool color)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    sc_render_text(out, report, (struct sc_style){.color = color});
    fclose(out);
    return text;
}

static void expect_text(const struct sc_report *report, const char *line)
{
    char *text = render(report, false);
    cr_expect(strstr(text, line) != NULL, "expected:\n%s\nin:\n%s", line, text);
    free(text);
}

/* The founding case's numbers, written by hand. */
static void founding(struct fake *a, struct fake *b)
{
    *a = fake_run();
    *b = fake_run();
    fake_add(a, SC_NR_openat, 3, SC_DATA_NONE, 58);
    fake_add(a, SC_NR_lseek, 0, SC_DATA_NONE, 779);
    fake_add(a, SC_NR_write, 3328, SC_DATA_ZERO, 353);
    fake_add(a, SC_NR_write, 100, SC_DATA_SOME, 43);
    fake_add(b, SC_NR_openat, 3, SC_DATA_NONE, 23);
    fake_add(b, SC_NR_write, 10, SC_DATA_SOME, 6);
}

Test(report, the_lines_that_people_grep_for)
{
    struct fake a, b;
    founding(&a, &b);
    b.run.end = (struct sc_end){SC_ENDED_SIGNALED, 0, SIGABRT};
    struct sc_report report = build(&a, &b);
    expect_text(&report, "# Rust vs C++ Syscall Comparison\n");
    expect_text(&report, "VOID: C++: killed by SIGABRT; nothing else can be concluded");
    expect_text(&report, "## Run Health\nRust: exited with 0\nC++:  killed by SIGABRT\n"
                         "WARNING: C++ did not finish normally (killed by SIGABRT); this is not a like-for-like "
                         "comparison.\n");
    expect_text(&report, "## Summary Statistics\nRust total syscalls: 1233\nC++ total syscalls:  29\n"
                         "Difference: +1204 (+4151.7%)\n");
    expect_text(&report, "## Category Breakdown\nfile_ops    : Rust  58, C++  23, Diff +35 (+152.2%)\n"
                         "memory      : Rust   0, C++   0, Diff +0\n");
    expect_text(&report, "seek_ops    : Rust 779, C++   0, Diff +779 (C++ has 0 seeks!)\n");
    expect_text(&report, "## Write Pattern Analysis\nRust zero writes: 353 (89% of all writes are zeros!)\n"
                         "C++ zero writes:  0\nRust data writes: 43\nC++ data writes:  6\n");
    cr_expect(!report.comparable);
    cr_expect_str_eq(report.why_not, "C++: killed by SIGABRT");
    sc_report_free(&report);
    sc_tally_free(a.tally);
    sc_tally_free(b.tally);
}

Test(report, the_first_screen_holds_the_answer)
{
    struct fake a, b;
    founding(&a, &b);
    char *warnings[] = {"one.", "two.", "three.", "four.", "five.", "six.", NULL};
    a.run.warnings = b.run.warnings = warnings;
    a.run.warning_count = b.run.warning_count = 6;
    struct sc_report report = build(&a, &b);
    char *text = render(&report, false), *at = strstr(text, "## Category Breakdown");
    cr_assert_not_null(at);
    cr_assert_not_null(strstr(text, "## Where the difference comes from"));
    cr_expect_lt(strstr(text, "## Where the difference comes from"), at);
    unsigned lines = 0;
    for (char *p = text; p < at; p++)
        lines += *p == '\n';
    cr_expect_lt(lines, 40);
    cr_expect_not_null(strstr(text, "## Warnings\nRust: five.\n"));
    cr_expect_null(strchr(text, '\033'));
    free(text);
    text = render(&report, true);
    cr_expect_not_null(strchr(text, '\033'));
    free(text);
    sc_report_free(&report);
    sc_tally_free(a.tally);
    sc_tally_free(b.tally);
}

Test(report, incomplete_and_unknown_runs_are_not_comparable)
{
    struct fake a, b;
    founding(&a, &b);
    a.run.coverage.write_calls_seen = 391;
    a.run.coverage.write_calls_kernel = 403;
    b.run.end.kind = SC_ENDED_UNKNOWN;
    struct sc_report report = build(&a, &b);
    expect_text(&report, "write calls: 391 of 403 seen");
    expect_text(&report, "C++:  unknown: killed, crashed or still running\n");
    cr_expect(!report.comparable);
    cr_expect_eq(report.runs[0].complete, SC_NO);
    sc_report_free(&report);
    sc_tally_free(a.tally);
    sc_tally_free(b.tally);
}

Test(report, more_seen_than_the_kernel_counted_is_a_fault)
{
    struct fake a = fake_run();
    fake_add(&a, SC_NR_write, 1, SC_DATA_SOME, 3);
    a.run.coverage.write_calls_seen = 3;
    a.run.coverage.write_calls_kernel = 3;
    a.run.coverage.write_calls_excess = 1; /* in one thread; another one lacks as many */
    struct sc_report report = build(&a, NULL);
    expect_text(&report, "write calls: 2 of 3 seen");
    expect_text(&report, "write calls: 1 more seen than the kernel counted (3), which can hide a loss");
    cr_expect_eq(report.runs[0].complete, SC_NO);
    sc_report_free(&report);
    sc_tally_free(a.tally);
}

static char *rust_argv[] = {"./rust_example", "--rows", "1000", "--initialize=true", "--path", "in", NULL};
static char *cpp_argv[] = {"./cpp_example", "--initialize", "false", "--rows", "1000", "--path", "in", "-v", NULL};

Test(report, a_parameter_is_no_language)
{
    struct fake a, b;
    founding(&a, &b);
    a.run.argv = rust_argv;
    b.run.argv = cpp_argv;
    char *env_a[] = {"LANG=C", "SYSCAP_OUTPUT=a", "LD_PRELOAD=x", NULL}, *env_b[] = {"LANG=de_DE", NULL};
    a.run.environ = env_a;
    b.run.environ = env_b;
    struct sc_report report = build(&a, &b);
    expect_text(&report, "not identical operations: --initialize true / false; -v (absent) / (given); "
                         "environment LANG C / de_DE\n");
    expect_text(&report, "Rust command: ./rust_example --rows 1000 --initialize=true --path in\n");
    cr_expect_eq(report.differences.count, 3);
    cr_expect(!report.comparable);
    sc_report_free(&report);
    b.run.argv = rust_argv;
    b.run.environ = env_a;
    report = build(&a, &b);
    cr_expect_eq(report.differences.count, 0);
    cr_expect(report.comparable);
    cr_expect_null(report.why_not);
    sc_report_free(&report);
    sc_tally_free(a.tally);
    sc_tally_free(b.tally);
}

static void give_variables(struct fake *run, struct sc_variable *items, size_t count)
{
    run->run.variables = (struct sc_variables_known){.items = items, .count = count, .listed = true};
}

Test(report, what_is_known_of_a_variable_is_compared)
{
    struct fake a, b;
    founding(&a, &b);
    char *none[] = {NULL};
    a.run.environ = b.run.environ = none;
    struct sc_variable of_a[] = {{.entry = "HASH", .hashed = true, .hash = 1},
                                 {.entry = "SAME", .hashed = true, .hash = sc_variable_hash("SAME=1", 6)},
                                 {.entry = "NAME"},
                                 {.entry = "SSH_TTY", .hashed = true, .hash = 1},
                                 {.entry = "ONLY", .hashed = true}},
                       of_b[] = {{.entry = "SAME=1", .has_value = true},
                                 {.entry = "NAME=1", .has_value = true},
                                 {.entry = "SSH_TTY=", .has_value = true},
                                 {.entry = "HASH=1", .has_value = true}};
    give_variables(&a, of_a, 5);
    give_variables(&b, of_b, 4);
    struct sc_report report = build(&a, &b);
    expect_text(&report, "not identical operations: environment HASH differs; environment ONLY set / (absent)\n");
    cr_expect_eq(report.differences.count, 2);
    cr_expect(!report.comparable);
    sc_report_free(&report);

    b.run.variables.left_out = 1; /* ONLY may be it */
    report = build(&a, &b);
    cr_expect_eq(report.differences.count, 1);
    sc_report_free(&report);

    b.run.variables = (struct sc_variables_known){0}; /* an older capture: it says nothing of any of them */
    report = build(&a, &b);
    cr_expect_eq(report.differences.count, 0);
    cr_expect(report.comparable);
    sc_report_free(&report);
    sc_tally_free(a.tally);
    sc_tally_free(b.tally);
}

Test(report, failed_children_are_listed)
{
    struct fake a = fake_run();
    struct sc_child children[] = {{.process = 1, .pid = 77, .command = "sh -c x", .end = {SC_ENDED_EXITED, 3, 0}},
                                  {.process = 2, .pid = 78, .end = {SC_ENDED_EXITED, 0, 0}}};
    a.run.children = children;
    a.run.child_count = 2;
    struct sc_report report = build(&a, NULL);
    cr_expect_eq(report.runs[0].failed_count, 1);
    expect_text(&report, "WARNING: Rust: child 77 (sh -c x) exited with 3.\n");
    expect_text(&report, "# Rust Syscall Summary\n");
    sc_report_free(&report);
    sc_tally_free(a.tally);
}

Test(report, startup_is_left_out_where_one_side_cannot_know_it)
{
    struct fake a = fake_run(), b = fake_run();
    struct sc_event event = fake_call(SC_NR_openat, 3);
    event.startup = true;
    sc_tally_add(a.tally, &event, 1);
    sc_tally_add(b.tally, &event, 1);
    fake_add(&a, SC_NR_read, 3, SC_DATA_NONE, 4);
    a.run.kind = SC_RUN_STRACE;
    a.run.startup_seen = true;
    struct sc_report report = build(&a, &b);
    cr_expect_eq(report.runs[0].total, 5);
    cr_expect_eq(report.runs[0].counts.total, 4);
    cr_expect_eq(report.runs[1].counts.total, 1);
    cr_expect_eq(report.total_diff, 3);
    expect_text(&report, "Rust total syscalls: 4 (without the 1 of its start-up)\n");
    sc_report_free(&report);
    b.run.kind = SC_RUN_STRACE;
    b.run.startup_seen = true;
    report = build(&a, &b);
    cr_expect_eq(report.runs[0].counts.total, 5);
    sc_report_free(&report);
    sc_tally_free(a.tally);
    sc_tally_free(b.tally);
}

Test(report, what_a_table_cannot_know_is_null)
{
    struct fake a = fake_run();
    a.run.kind = SC_RUN_STRACE_SUMMARY;
    a.run.end.kind = SC_ENDED_UNKNOWN;
    a.run.coverage.counters_known = false;
    struct sc_report report = build(&a, NULL);
    json_t *json = sc_render_json(&report), *run = json_array_get(json_object_get(json, "runs"), 0);
    cr_expect(json_is_null(json_object_get(run, "processes")));
    cr_expect(json_is_null(json_object_get(run, "startup_calls")));
    cr_expect(json_is_null(json_object_get(run, "files")));
    cr_expect(json_is_null(json_object_get(run, "findings")));
    cr_expect(json_is_null(json_object_get(json_object_get(run, "writes"), "zero")));
    cr_expect(json_is_null(json_object_get(json_object_get(run, "coverage"), "write_calls_seen")));
    cr_expect(json_is_integer(json_object_get(run, "total")));
    cr_expect(json_is_null(json_object_get(json, "comparison")));
    json_decref(json);
    expect_text(&report, "Rust zero writes: unknown\n");
    sc_report_free(&report);
    sc_tally_free(a.tally);
}

Test(report, shares_are_not_rounded_to_all_or_none)
{
    struct fake a = fake_run();
    fake_add(&a, SC_NR_write, 1, SC_DATA_ZERO, 999);
    fake_add(&a, SC_NR_write, 1, SC_DATA_SOME, 1);
    struct sc_report report = build(&a, NULL);
    expect_text(&report, "Rust zero writes: 999 (99% of all writes are zeros!)\n");
    sc_report_free(&report);
    sc_tally_free(a.tally);
}

/* Programs make a lock anew each time: its path is one line, whatever the model of the files knows. */
Test(report, files_that_had_one_path_are_one)
{
    struct scene scene = scene_new();
    for (int i = 0; i < 3; i++) {
        scene_open(&scene, "lock", O_WRONLY | O_CREAT | O_EXCL, 3);
        scene_write(&scene, 3, 4096, SC_DATA_ZERO);
        scene_path(&scene, SC_NR_unlink, "lock", 0, 0);
        PLAY(&scene, SC_NR_close, 0, 3);
    }
    scene_create(&scene, "table", 3);
    cr_assert_eq(sc_files_count(scene.files), 4);
    struct sc_report_input input = scene_input(&scene, "a");
    struct sc_report report;
    cr_assert_eq(sc_report_build(&input, 1, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, NULL, &report), 0);
    const struct sc_report_file *lock = &report.runs[0].files[0];
    cr_expect_eq(report.runs[0].file_count, 2);
    cr_expect_str_eq(lock->path, "/data/lock");
    cr_expect_eq(lock->made, 3);
    cr_expect_eq(lock->counts.opens, 3);
    cr_expect_eq(lock->counts.writes, 3);
    cr_expect_eq(lock->counts.time_ns, 120);
    cr_expect_eq(lock->counts.rewrites, 0);
    cr_expect_eq(lock->zero_total, 3);
    cr_expect_eq(lock->zero_count, 1);
    cr_expect_eq(lock->zeros[0].end, 4096);
    sc_report_free(&report);
    scene_free(&scene);
}

Test(report, a_renamed_file_is_told_by_both_names)
{
    struct scene scene = scene_new();
    scene_create(&scene, "table.tmp", 3);
    scene_rename(&scene, "table.tmp", "table", 0);
    struct sc_report_input input = scene_input(&scene, "a");
    struct sc_report report;
    cr_assert_eq(sc_report_build(&input, 1, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, NULL, &report), 0);
    cr_expect_eq(report.runs[0].file_count, 1);
    cr_expect_str_eq(report.runs[0].files[0].path, "/data/table");
    cr_expect_str_eq(report.runs[0].files[0].first_path, "/data/table.tmp");
    report.runs[0].calls_known = true;
    expect_text(&report, "/data/table, at first /data/table.tmp\n");
    sc_report_free(&report);
    scene_free(&scene);
}
