#include <stdlib.h>

#include "scene.h"

#include "../../analyzer/render/render.h"

static struct sc_report compare(const struct scene *a, const struct scene *b, enum sc_startup startup)
{
    struct sc_report_input inputs[2] = {scene_input(a, "Rust"), scene_input(b, "C++")};
    struct sc_report report;
    cr_assert_eq(sc_report_build(inputs, 2, SC_TAXONOMY_DEFAULT, startup, "x", &report), 0);
    return report;
}

static const struct sc_cause *look_for(const struct sc_report *report, const char *pattern, const char *role)
{
    for (size_t i = 0; i < report->cause_count; i++)
        if (strcmp(report->causes[i].pattern, pattern) == 0 && strcmp(report->causes[i].role, role) == 0)
            return &report->causes[i];
    return NULL;
}

/* Not inlined: see test_report.c. */
__attribute__((noinline)) static char *render(const struct sc_report *report)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    sc_render_text(out, report, (struct sc_style){0});
    fclose(out);
    return text;
}

static int64_t difference(const uint64_t values[2])
{
    return (int64_t)(values[0] - values[1]);
}

/* A cause's sites are all of it, and none stands there twice. */
static void expect_sites(const struct sc_cause *cause)
{
    int64_t calls = 0, bytes = 0, time_ns = 0;
    for (uint32_t i = 0; i < cause->site_count; i++) {
        const struct sc_cause_site *site = &cause->sites[i];
        calls += difference(site->calls);
        bytes += difference(site->bytes);
        time_ns += difference(site->time_ns);
        for (uint32_t k = 0; k < i; k++)
            cr_expect_neq(strcmp(site->name ? site->name : "", cause->sites[k].name ? cause->sites[k].name : ""), 0);
    }
    cr_expect_eq(calls, difference(cause->calls), "%s: %ld calls at its sites", cause->pattern, calls);
    cr_expect_eq(bytes, difference(cause->bytes), "%s: %ld bytes at its sites", cause->pattern, bytes);
    cr_expect_eq(time_ns, difference(cause->time_ns), "%s: %ld ns at its sites", cause->pattern, time_ns);
}

static void expect_sum(const struct sc_report *report)
{
    const struct sc_counts *a = &report->runs[0].counts, *b = &report->runs[1].counts;
    bool bytes_known = report->runs[0].calls_known && report->runs[1].calls_known;
    int64_t sum = 0, bytes = 0, time_ns = 0;
    for (size_t i = 0; i < report->cause_count; i++) {
        sum += difference(report->causes[i].calls);
        bytes += difference(report->causes[i].bytes);
        time_ns += difference(report->causes[i].time_ns);
        expect_sites(&report->causes[i]);
    }
    cr_expect_eq(sum, report->total_diff, "%ld, not %ld", sum, report->total_diff);
    cr_expect_eq(bytes, bytes_known ? (int64_t)(a->moved_bytes - b->moved_bytes) : 0, "%ld bytes", bytes);
    cr_expect_eq(time_ns, (int64_t)(a->time_total - b->time_total), "%ld ns", time_ns);
    /* What is printed adds up as well, in calls and in percent. */
    char *text = render(report), *at = strstr(text, "## Where"), *end = strstr(text, "## Category");
    cr_assert(at && end);
    *end = '\0';
    int64_t printed = 0;
    int percents = 0;
    unsigned lines = 0, places = 0;
    for (char *line = strtok(strchr(at, '\n'), "\n"); line; line = strtok(NULL, "\n")) {
        char *percent = strstr(line, " %):");
        lines += strncmp(line, "    ", 4) != 0;
        places += strncmp(line, "    ", 4) == 0;
        if (!strstr(line, " calls") || strstr(line, " calls more") || strstr(line, "of these calls"))
            continue;
        int64_t value = strtoll(line, NULL, 10);
        printed += strstr(line, "missing calls") ? -value : value;
        while (percent && percent > line && percent[-1] != '(')
            percent--;
        percents += percent ? atoi(percent) : 0;
    }
    cr_expect_eq(printed, report->total_diff, "%ld printed, not %ld", printed, report->total_diff);
    cr_expect_eq(percents, report->total_diff ? 100 : 0, "%d %%", percents);
    cr_expect_leq(lines, 12);
    cr_expect_leq(places, 7 * 3);
    free(text);
}

static void end(struct scene *a, struct scene *b, struct sc_report *report)
{
    sc_report_free(report);
    scene_free(a);
    scene_free(b);
}

/* A table's file: zeros first where fill says so, and then data by seek and write. */
static struct scene table(bool fill, uint64_t site)
{
    struct scene s = scene_new();
    s.site = site;
    scene_create(&s, "table.f0", 3);
    for (int i = 0; fill && i < 32; i++)
        scene_pwrite(&s, 3, 2048, 512 + i * 2048, SC_DATA_ZERO);
    for (int i = 0; i < 10; i++) {
        scene_seek(&s, 3, 512 + i * 2048);
        scene_write(&s, 3, 100, SC_DATA_SOME);
    }
    return s;
}

Test(causes, filling_a_file_with_zeros)
{
    struct scene a = table(true, 0x10), b = table(false, 0x20);
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    const struct sc_cause *cause = look_for(&report, "zero-fill", "/data/table.f0");
    cr_assert_not_null(cause);
    cr_expect_eq(cause, &report.causes[0]);
    cr_expect_eq(cause->calls[0], 32);
    cr_expect_eq(cause->calls[1], 0);
    cr_expect_eq(cause->bytes[0], 65536);
    cr_expect_eq(cause->span.begin, 512);
    cr_expect_eq(cause->span.end, 512 + 65536);
    cr_expect_eq(cause->site_count, 1);
    cr_expect_str_eq(cause->sites[0].name, "0x10");
    expect_sum(&report);
    char *text = render(&report);
    cr_expect_not_null(
        strstr(text, "  32 of the 32 extra calls (100 %): zero-fill of /data/table.f0, bytes 512 to 66048, from 0x10"),
        "%s", text);
    free(text);
    end(&a, &b, &report);
}

/* What a log makes where a capture does, it makes there as far as anybody knows; what only the capture does has a
 * place. */
Test(causes, a_log_knows_no_places)
{
    for (unsigned kind = SC_RUN_CAPTURE; kind <= SC_RUN_STRACE; kind++) {
        struct scene a = scene_new(), b = scene_new();
        a.site = 0x10;
        for (int i = 0; i < 30; i++)
            scene_read(&a, 0, 100);
        for (int i = 0; i < 10; i++)
            scene_read(&b, 0, 100);
        scene_create(&a, "f", 3);
        b.fake.run.kind = (enum sc_run_kind)kind;
        struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
        const struct sc_cause *read = look_for(&report, "read", "stdin");
        const struct sc_cause *made = look_for(&report, "openat", "/data/f");
        cr_assert(read && made);
        cr_assert_eq(read->site_count, kind == SC_RUN_STRACE ? 1 : 2);
        cr_expect_eq(difference(read->sites[0].calls), kind == SC_RUN_STRACE ? 20 : 30);
        cr_expect_eq(read->sites[0].name == NULL, kind == SC_RUN_STRACE);
        cr_expect_str_eq(made->sites[0].name, "0x10");
        expect_sum(&report);
        end(&a, &b, &report);
    }
}

Test(causes, each_place_has_its_part)
{
    struct scene a = scene_new(), b = scene_new();
    static const int calls[2][3] = {{30, 10, 2}, {1, 14, 2}};
    struct scene *const scenes[2] = {&a, &b};
    for (unsigned run = 0; run < 2; run++)
        for (unsigned place = 0; place < 3; place++)
            for (int i = 0; i < calls[run][place]; i++) {
                scenes[run]->site = place * 0x10;
                scenes[run]->duration_ns = place == 2 ? 5 + run : 1;
                scene_read(scenes[run], 0, 100);
            }
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    cr_assert_eq(report.cause_count, 1);
    const struct sc_cause *cause = &report.causes[0];
    cr_assert_eq(cause->site_count, 3);
    cr_expect_null(cause->sites[0].name);
    cr_expect_eq(difference(cause->sites[0].calls), 29);
    cr_expect_str_eq(cause->sites[1].name, "0x10");
    cr_expect_eq(difference(cause->sites[1].bytes), -400);
    cr_expect_str_eq(cause->sites[2].name, "0x20"); /* the same calls, and only slower */
    cr_expect_eq(difference(cause->sites[2].time_ns), -2);
    expect_sum(&report);
    char *text = render(&report);
    cr_expect_not_null(strstr(text, "    +29 from a place that is not known, +2900 bytes moved, +0.029 us\n"
                                    "    -4 from 0x10, -400 bytes moved, -0.004 us\n\n"),
                       "%s", text);
    free(text);
    end(&a, &b, &report);
}

Test(causes, the_same_calls_in_another_time)
{
    struct scene a = scene_new(), b = scene_new();
    scene_create(&a, "f", 3);
    scene_create(&b, "f", 3);
    a.duration_ns = 5000;
    PLAY(&a, SC_NR_fsync, 0, 3);
    PLAY(&b, SC_NR_fsync, 0, 3);
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    cr_assert_eq(report.cause_count, 1);
    expect_sum(&report);
    char *text = render(&report);
    cr_expect_not_null(strstr(text, "Rust and C++ make the same number of calls; those of Rust take 4.990 us longer.\n"
                                    "  The same calls in another time, +4.990 us; most of all fsync of /data/f"));
    free(text);
    end(&a, &b, &report);
}

/* The work is the same, and a seek is what remains. */
Test(causes, equal_work_by_other_calls_cancels)
{
    struct scene a = scene_new(), b = scene_new();
    scene_create(&a, "f", 3);
    scene_create(&b, "f", 3);
    for (int i = 0; i < 10; i++) {
        PLAY(&a, SC_NR_lseek, i * 100, 3, i * 100, SEEK_SET);
        PLAY(&a, SC_NR_write, 10, 3, 0, 10);
        PLAY(&b, SC_NR_pwrite64, 10, 3, 0, 10, i * 100);
    }
    PLAY(&b, SC_NR_pwrite64, 10, 3, 0, 10, 5000);
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    expect_sum(&report);
    cr_assert_not_null(look_for(&report, "write and pwrite64", "/data/f"));
    cr_expect_eq(difference(look_for(&report, "write and pwrite64", "/data/f")->calls), -1);
    cr_expect_null(look_for(&report, "write", "/data/f"));
    cr_expect_null(look_for(&report, "pwrite64", "/data/f"));
    end(&a, &b, &report);
}

/* Twenty writes of zeros over each other are to be saved twice, and are twenty writes. */
Test(causes, savings_that_overlap_are_counted_once)
{
    struct scene a = scene_new(), b = scene_new();
    scene_create(&a, "f", 3);
    scene_create(&b, "f", 3);
    for (int i = 0; i < 20; i++) {
        struct sc_event event = scene_event(SC_NR_pwrite64, 8192);
        int64_t values[4] = {3, 0, 8192, 0};
        for (unsigned k = 0; k < 4; k++)
            event.args[k].value = values[k];
        event.data = SC_DATA_ZERO;
        scene_play(&a, &event);
    }
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    uint64_t sum = 0, most = 0;
    for (size_t i = 0; i < report.runs[0].finding_count; i++) {
        sum += report.runs[0].findings[i].saved_calls;
        most = report.runs[0].findings[i].saved_calls > most ? report.runs[0].findings[i].saved_calls : most;
    }
    cr_assert_gt(sum, 20, "%lu calls by %zu findings", sum, report.runs[0].finding_count);
    cr_expect_geq(report.runs[0].saved_calls, most);
    cr_expect_leq(report.runs[0].saved_calls, 20);
    end(&a, &b, &report);
}

/* Few calls that take long come before many that don't; what is asked for by calls or bytes is in that order. */
Test(causes, what_costs_most_comes_first)
{
    for (unsigned rank = SC_RANK_COST; rank <= SC_RANK_CALLS; rank++) {
        struct scene a = scene_new(), b = scene_new();
        scene_create(&a, "f", 3);
        scene_create(&b, "f", 3);
        a.duration_ns = 20000000;
        for (int i = 0; i < 2; i++)
            PLAY(&a, SC_NR_fsync, 0, 3);
        a.duration_ns = 10;
        for (int i = 0; i < 50; i++)
            PLAY(&a, SC_NR_fchmod, 0, 3, 0600);
        struct sc_report_input inputs[2] = {scene_input(&a, "Rust"), scene_input(&b, "C++")};
        inputs[0].ranking.by = (enum sc_rank)rank;
        struct sc_report report;
        cr_assert_eq(sc_report_build(inputs, 2, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, "x", &report), 0);
        cr_assert_eq(report.cause_count, 2);
        cr_expect_str_eq(report.causes[0].pattern, rank == SC_RANK_CALLS ? "fchmod" : "fsync");
        expect_sum(&report);
        end(&a, &b, &report);
    }
}

/* A call that was held up once is no cause; calls that all take longer are. */
Test(causes, time_alone)
{
    struct scene a = scene_new(), b = scene_new();
    scene_create(&a, "f", 3);
    scene_create(&b, "f", 3);
    for (int i = 0; i < 10; i++) {
        a.duration_ns = 1000000;
        PLAY(&a, SC_NR_fsync, 0, 3);
        PLAY(&b, SC_NR_fsync, 0, 3);
        a.duration_ns = i == 5 ? 9000000 : 1000;
        PLAY(&a, SC_NR_fchmod, 0, 3, 0600);
        PLAY(&b, SC_NR_fchmod, 0, 3, 0600);
    }
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    expect_sum(&report);
    cr_assert_not_null(look_for(&report, "fsync", "/data/f"));
    cr_assert_not_null(look_for(&report, "fchmod", "/data/f"));
    cr_expect(look_for(&report, "fsync", "/data/f")->by_time);
    cr_expect_not(look_for(&report, "fchmod", "/data/f")->by_time);
    char *text = render(&report);
    cr_expect_not_null(strstr(text, "  The same 10 calls: fsync of /data/f, +10.000 ms"), "%s", text);
    free(text);
    end(&a, &b, &report);
}

Test(causes, equal_runs_have_none)
{
    struct scene a = table(true, 1), b = table(true, 2);
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    cr_expect(report.causes_known);
    cr_expect_eq(report.cause_count, 0);
    expect_sum(&report);
    end(&a, &b, &report);
}

Test(causes, a_dead_run_has_none_and_says_so)
{
    struct scene a = table(true, 0), b = table(false, 0);
    b.fake.run.end = (struct sc_end){SC_ENDED_SIGNALED, 0, 6};
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    cr_expect_not(report.causes_known);
    char *text = render(&report);
    cr_expect_null(strstr(text, "## Where the difference"));
    cr_expect_not_null(strstr(text, "VOID: C++: killed by SIGABRT; nothing else can be concluded"));
    cr_expect_null(strstr(text, "C++: zero-fill"));
    free(text);
    json_t *json = sc_render_json(&report);
    cr_expect(json_is_null(json_object_get(json_object_get(json, "comparison"), "causes")));
    json_decref(json);
    end(&a, &b, &report);
}

static void signal_action(struct scene *s, int signal)
{
    PLAY(s, SC_NR_rt_sigaction, 0, signal, 0, 0, 8);
}

/* As Rust 1.63 to 1.85 do it on Linux. */
static unsigned rust_starts(struct scene *s)
{
    PLAY(s, SC_NR_poll, 0, 0, 3, 0);
    signal_action(s, 13);
    scene_open(s, "/proc/self/maps", O_RDONLY, 9);
    PLAY(s, SC_NR_prlimit64, 0, 0, 3, 0, 0);
    PLAY(s, SC_NR_brk, 0x5000000, 0x5000000); /* not its own: a heap grows for anybody */
    scene_read(s, 9, 1024);
    PLAY(s, SC_NR_close, 0, 9);
    PLAY(s, SC_NR_sched_getaffinity, 8, 0, 32, 0);
    signal_action(s, 11);
    PLAY(s, SC_NR_sigaltstack, 0, 0, 0);
    PLAY(s, SC_NR_mmap, 0x7f0000000000, 0, 12288, 3, 0x20022, -1, 0);
    PLAY(s, SC_NR_mprotect, 0, 0, 4096, 0);
    PLAY(s, SC_NR_sigaltstack, 0, 0, 0);
    signal_action(s, 7);
    return 13;
}

Test(causes, what_remains_is_the_runtime)
{
    struct scene a = scene_new(), b = table(true, 0);
    PLAY(&a, SC_NR_getpid, 1, 0);
    unsigned calls = rust_starts(&a);
    scene_create(&a, "table.f0", 3);
    for (int i = 0; i < 32; i++)
        scene_pwrite(&a, 3, 2048, 512 + i * 2048, SC_DATA_ZERO);
    for (int i = 0; i < 10; i++) {
        scene_seek(&a, 3, 512 + i * 2048);
        scene_write(&a, 3, 100, SC_DATA_SOME);
    }
    PLAY(&a, SC_NR_mprotect, 0, 0, 4096, 0); /* not the runtime's: no signal stack in front of it */
    PLAY(&a, SC_NR_sigaltstack, 0, 0, 0);
    PLAY(&a, SC_NR_munmap, 0, 0, 12288);
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    cr_expect_eq(report.runs[0].runtime_calls, calls + 2, "%lu", report.runs[0].runtime_calls);
    cr_expect_eq(report.runs[1].runtime_calls, 0);
    cr_expect_not_null(look_for(&report, "Rust's runtime, poll", ""));
    cr_expect_not_null(look_for(&report, "Rust's runtime, read", "/proc/self/maps"));
    cr_expect_not_null(look_for(&report, "mprotect", ""));
    const struct sc_cause *cause = look_for(&report, "Rust's runtime, sigaltstack", "");
    cr_assert_not_null(cause);
    cr_expect_eq(cause->calls[0], 3);
    expect_sum(&report);
    char *text = render(&report);
    cr_expect_not_null(strstr(text, "What remains is Rust's runtime: 15 of these calls"));
    free(text);
    end(&a, &b, &report);
}

Test(causes, the_runtime_as_symbol_wrappers_see_it)
{
    struct scene a = scene_new(), b = scene_new();
    PLAY(&a, SC_NR_poll, 0, 0, 3, 0);
    PLAY(&a, SC_NR_mmap, 0x7f0000000000, 0, 12288, 3, 0x20022, -1, 0);
    PLAY(&a, SC_NR_mprotect, 0, 0, 4096, 0);
    PLAY(&a, SC_NR_getpid, 1, 0);
    PLAY(&a, SC_NR_munmap, 0, 0x7f0000000000, 8192);
    PLAY(&a, SC_NR_munmap, 0, 0x7f0000003000, 12288);
    PLAY(&a, SC_NR_munmap, 0, 0x7f0000000000, 12288); /* only this one takes its stack down */
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    cr_expect_eq(report.runs[0].runtime_calls, 4);
    expect_sum(&report);
    end(&a, &b, &report);
}

Test(causes, a_poll_or_sigpipe_alone_is_no_runtime)
{
    struct scene a = scene_new(), b = scene_new();
    PLAY(&a, SC_NR_poll, 0, 0, 3, 0);
    PLAY(&a, SC_NR_getpid, 1, 0);
    signal_action(&a, 13);
    PLAY(&a, SC_NR_poll, 0, 0, 3, 100);
    signal_action(&a, 13);
    PLAY(&a, SC_NR_sigaltstack, 0, 0, 0);
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    cr_expect_eq(report.runs[0].runtime_calls, 0);
    expect_sum(&report);
    end(&a, &b, &report);
}

Test(causes, calls_that_would_wait_are_apart_from_those_that_do_their_work)
{
    struct scene a = scene_new(), b = scene_new();
    for (int i = 0; i < 5; i++)
        PLAY(&a, SC_NR_read, -EAGAIN, 0, 0, 10);
    scene_read(&a, 0, 10);
    scene_read(&b, 0, 10);
    scene_read(&b, 0, 10);
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    const struct sc_cause *waits = look_for(&report, "read that would wait (EAGAIN)", "stdin");
    const struct sc_cause *reads = look_for(&report, "read", "stdin");
    cr_assert_not_null(waits);
    cr_assert_not_null(reads);
    cr_expect_eq(waits->calls[0], 5);
    cr_expect_eq(waits->calls[1], 0);
    cr_expect_eq(reads->calls[0], 1);
    cr_expect_eq(reads->calls[1], 2);
    expect_sum(&report);
    end(&a, &b, &report);
}

Test(causes, writes_that_wait_for_the_disk_are_apart_from_those_that_do_not)
{
    struct scene a = scene_new(), b = scene_new();
    scene_open(&a, "f", O_WRONLY | O_CREAT | O_DSYNC, 3);
    scene_open(&b, "f", O_WRONLY | O_CREAT, 3);
    for (int i = 0; i < 5; i++) {
        scene_write(&a, 3, 5000, SC_DATA_SOME);
        scene_write(&b, 3, 5000, SC_DATA_SOME);
    }
    struct sc_report report = compare(&a, &b, SC_STARTUP_AUTO);
    const struct sc_cause *waits = look_for(&report, "write with O_SYNC or O_DSYNC", "/data/f");
    const struct sc_cause *writes = look_for(&report, "write", "/data/f");
    cr_assert_not_null(waits);
    cr_assert_not_null(writes);
    cr_expect_eq(waits->calls[0], 5);
    cr_expect_eq(writes->calls[1], 5);
    expect_sum(&report);
    end(&a, &b, &report);
}

Test(causes, tables_of_counts_are_compared_by_name)
{
    struct scene a = table(true, 0), b = table(false, 0);
    struct sc_report_input inputs[2] = {scene_input(&a, "A"), scene_input(&b, "B")};
    inputs[1].ledger = NULL;
    inputs[1].files = NULL;
    b.fake.run.kind = SC_RUN_STRACE_SUMMARY;
    struct sc_report report;
    cr_assert_eq(sc_report_build(inputs, 2, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, "x", &report), 0);
    cr_expect_eq(report.cause_count, 1);
    cr_expect_str_eq(report.causes[0].pattern, "pwrite64");
    cr_expect_not(report.runs[1].findings_known);
    expect_sum(&report);
    end(&a, &b, &report);
}

/* Any calls in any order. */
static struct scene random_run(unsigned seed)
{
    static const char *const names[] = {"a", "b", "/tmp/x/c", "/dev/null"};
    struct scene s = scene_new();
    int64_t at[8] = {0};
    unsigned calls = (unsigned)rand_r(&seed) % 400;
    for (unsigned i = 0; i < calls; i++) {
        int fd = 3 + rand_r(&seed) % 4, bytes = rand_r(&seed) % 3 * 1000;
        const char *name = names[rand_r(&seed) % 4];
        s.site = (uint64_t)(rand_r(&seed) % 3) * 0x100;
        s.startup = i < 10 && seed % 2;
        s.duration_ns = (uint64_t)rand_r(&seed) % 100;
        switch (rand_r(&seed) % 12) {
        case 0: scene_open(&s, name, rand_r(&seed) % 2 ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY, fd); break;
        case 1: scene_open(&s, name, O_RDONLY, -ENOENT); break;
        case 2: scene_path(&s, SC_NR_stat, name, 0, rand_r(&seed) % 2 ? 0 : -ENOENT); break;
        case 3: PLAY(&s, SC_NR_close, rand_r(&seed) % 4 ? 0 : -EBADF, fd); break;
        case 4: scene_read(&s, fd, bytes); break;
        case 5: scene_write(&s, fd, bytes, rand_r(&seed) % 2 ? SC_DATA_ZERO : SC_DATA_SOME); break;
        case 6:
        case 7: scene_seek(&s, fd, at[fd % 8] = rand_r(&seed) % 5 * 1000); break;
        case 8: scene_pwrite(&s, fd, 1, 9000, SC_DATA_ZERO); break;
        case 9: rust_starts(&s); break;
        case 10: PLAY(&s, SC_NR_dup2, fd, 3, fd); break;
        default: PLAY(&s, SC_NR_ftruncate, 0, fd, bytes); break;
        }
    }
    return s;
}

Test(causes, they_add_up_for_any_pair, .timeout = 300)
{
    for (unsigned seed = 1; seed <= 300; seed++) {
        struct scene a = random_run(seed), b = random_run(seed * 7919);
        if (seed % 3 == 0)
            a.fake.run.startup_seen = true;
        struct sc_report report = compare(&a, &b, (enum sc_startup)(seed % 3));
        expect_sum(&report);
        end(&a, &b, &report);
    }
}
