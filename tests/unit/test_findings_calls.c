/* Findings about names, locks, failures, and between two runs: three shapes of each, and a control just under. */
#include "findings_expect.h"

static void open_close(struct scene *s, const char *path, enum sc_nr nr)
{
    scene_path(s, nr, path, nr == SC_NR_creat ? 0644 : O_RDONLY, 3);
    PLAY(s, SC_NR_close, 0, 3);
}

Test(findings, repeated_open)
{
    struct scene s = scene_new();
    for (int i = 0; i < 8; i++)
        open_close(&s, "f", SC_NR_openat);
    expect_finding(&s, (struct expected){"repeated-open", "/data/f", 8, -1, -1, 14});
    s = scene_new();
    for (int i = 0; i < 7; i++) { /* under two names and by three calls */
        open_close(&s, i % 2 ? "/data/./f" : "x/../f", i % 3 ? SC_NR_open : SC_NR_creat);
        open_close(&s, i % 2 ? "a" : "b", SC_NR_creat);
    }
    open_close(&s, "f", SC_NR_openat);
    expect_finding(&s, (struct expected){"repeated-open", "/data/f", 8, -1, -1, 14});
    s = scene_new();
    for (int i = 0; i < 10; i++) /* never closed: only the opens can be saved */
        scene_open(&s, "f", O_RDONLY, 3 + i);
    expect_finding(&s, (struct expected){"repeated-open", "/data/f", 10, -1, -1, 9});
    s = scene_new();
    for (int i = 0; i < 7; i++)
        open_close(&s, "f", SC_NR_openat);
    scene_open(&s, "f", O_RDONLY, -EACCES);
    for (int i = 0; i < 50; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        open_close(&s, name, SC_NR_openat);
    }
    expect_none(&s, "repeated-open");
}

Test(findings, repeated_stat)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 8; i++) /* by descriptor */
        PLAY(&s, SC_NR_fstat, 0, 3);
    expect_finding(&s, (struct expected){"repeated-stat", "/data/f", 8, -1, -1, 7});
    s = scene_new();
    for (int i = 0; i < 5; i++) { /* before it is there, and once afterwards: another answer */
        scene_path(&s, SC_NR_stat, "f", 0, -ENOENT);
        scene_path(&s, SC_NR_newfstatat, "/data/f", 0, -ENOENT);
    }
    scene_create(&s, "f", 3);
    scene_path(&s, SC_NR_stat, "f", 0, 0);
    expect_finding(&s, (struct expected){"repeated-stat", "/data/f", 11, -1, -1, 9});
    s = scene_new();
    for (int i = 0; i < 9; i++)
        scene_path(&s, i % 2 ? SC_NR_access : SC_NR_lstat, "/etc/passwd", 0, 0);
    expect_finding(&s, (struct expected){"repeated-stat", "/etc/passwd", 9, -1, -1, 8});
    s = scene_new();
    for (int i = 0; i < 7; i++)
        scene_path(&s, SC_NR_stat, "f", 0, 0);
    for (int i = 0; i < 50; i++)
        PLAY(&s, SC_NR_fstat, 0, 1); /* no file */
    expect_none(&s, "repeated-stat");
}

Test(findings, fsync_heavy)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 8; i++) {
        scene_write(&s, 3, 5000, SC_DATA_SOME);
        PLAY(&s, SC_NR_fsync, 0, 3);
    }
    expect_finding(&s, (struct expected){"fsync-heavy", "/data/f", 8, -1, -1, 7});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 90; i++) {
        scene_write(&s, 3, 5000, SC_DATA_SOME);
        if (i % 9 == 0)
            PLAY(&s, SC_NR_fdatasync, 0, 3);
    }
    expect_finding(&s, (struct expected){"fsync-heavy", "/data/f", 10, -1, -1, 9});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 30; i++) /* without any write at all */
        PLAY(&s, i % 2 ? SC_NR_sync_file_range : SC_NR_fsync, 0, 3, 0, 0, 0);
    expect_finding(&s, (struct expected){"fsync-heavy", "/data/f", 30, -1, -1, 29});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 7; i++)
        PLAY(&s, SC_NR_fsync, 0, 3);
    scene_create(&s, "g", 4);
    for (int i = 0; i < 200; i++) {
        scene_write(&s, 4, 5000, SC_DATA_SOME);
        if (i % 10 == 0)
            PLAY(&s, SC_NR_fsync, 0, 4);
    }
    expect_none(&s, "fsync-heavy");
}

Test(findings, lock_churn)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 32; i++)
        PLAY(&s, SC_NR_fcntl, 0, 3, F_SETLK, 0);
    expect_finding(&s, (struct expected){"lock-churn", "/data/f", 32, -1, -1, 30});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 50; i++)
        PLAY(&s, SC_NR_flock, 0, 3, i % 2 ? 8 : 2);
    expect_finding(&s, (struct expected){"lock-churn", "/data/f", 50, -1, -1, 48});
    s = scene_new();
    scene_create(&s, "f", 3);
    scene_create(&s, "g", 4);
    for (int i = 0; i < 40; i++) {
        PLAY(&s, SC_NR_fcntl, 0, 3, i % 2 ? 38 : F_SETLKW, 0); /* F_OFD_SETLKW */
        PLAY(&s, SC_NR_fcntl, 0, 4, F_GETFL, 0);
    }
    expect_finding(&s, (struct expected){"lock-churn", "/data/f", 40, -1, -1, 38});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 31; i++)
        PLAY(&s, SC_NR_fcntl, 0, 3, F_SETLK, 0);
    for (int i = 0; i < 50; i++)
        PLAY(&s, SC_NR_fcntl, 2, 3, F_GETFL, 0);
    expect_none(&s, "lock-churn");
}

Test(findings, failed_calls)
{
    struct scene s = scene_new();
    for (int i = 0; i < 16; i++) { /* a search through many directories */
        char name[32];
        snprintf(name, sizeof name, "/lib%d/x", i);
        scene_open(&s, name, O_RDONLY, -ENOENT);
    }
    struct sc_finding_list list = findings_of(&s);
    const struct sc_finding *finding = look_for(&list, "failed-calls", NULL);
    cr_assert_not_null(finding);
    cr_expect_str_eq(finding->detail, "openat: ENOENT, on 16 names");
    cr_expect_null(finding->file);
    sc_findings_free(list.items, list.count);
    expect_finding(&s, (struct expected){"failed-calls", NULL, 16, -1, -1, 16});
    s = scene_new();
    for (int i = 0; i < 20; i++)
        scene_path(&s, SC_NR_stat, "there/is/none", 0, -ENOENT);
    expect_finding(&s, (struct expected){"failed-calls", "/data/there/is/none", 20, -1, -1, 20});
    s = scene_new();
    for (int i = 0; i < 100; i++)
        PLAY(&s, SC_NR_close, -EBADF, 3 + i);
    expect_finding(&s, (struct expected){"failed-calls", NULL, 100, -1, -1, 100});
    s = scene_new();
    for (int i = 0; i < 15; i++) {
        PLAY(&s, SC_NR_close, -EBADF, 70);
        scene_open(&s, "x", O_RDONLY, -ENOENT);
        scene_open(&s, "x", O_RDONLY, -EACCES);
    }
    for (int i = 0; i < 100; i++)
        PLAY(&s, SC_NR_read, -EAGAIN, 0, 0, 10); /* no failure */
    for (int i = 0; i < 100; i++)
        PLAY(&s, SC_NR_futex, -ETIMEDOUT, 4096, 0, 0); /* nor is this: to wait for so long was the purpose */
    expect_none(&s, "failed-calls");
}

static void expect_detail(struct scene *scene, const char *detail)
{
    struct sc_finding_list list = findings_of(scene);
    const struct sc_finding *finding = look_for(&list, "failed-calls", NULL);
    cr_assert_not_null(finding, "%s", detail);
    cr_expect_str_eq(finding->detail, detail);
    sc_findings_free(list.items, list.count);
    scene_free(scene);
}

Test(findings, failed_calls_count_no_names_that_are_not_known)
{
    struct scene s = scene_new();
    for (int i = 0; i < 20; i++)
        PLAY(&s, SC_NR_chown, -EPERM, 0);
    expect_detail(&s, "chown: EPERM");
    s = scene_new();
    for (int i = 0; i < 20; i++) {
        char name[32];
        snprintf(name, sizeof name, "/lib/%d", i % 4);
        s.site = 0x1000 + (uint64_t)(i % 3); /* a name at several sites is one name */
        scene_path(&s, SC_NR_chmod, name, 0, -EPERM);
        PLAY(&s, SC_NR_chmod, -EPERM, 0);
    }
    expect_detail(&s, "chmod: EPERM, on 4 known names");
}

Test(findings, the_start_and_the_runtime_are_nobodys_fault)
{
    struct scene s = scene_new();
    s.startup = true;
    for (int i = 0; i < 100; i++) {
        scene_open(&s, "/lib/x", O_RDONLY, -ENOENT);
        scene_path(&s, SC_NR_stat, "/lib/y", 0, 0);
    }
    struct sc_finding_list list = findings_of(&s);
    cr_expect_eq(list.count, 0);
    sc_findings_free(list.items, list.count);
    scene_free(&s);
}

/* Writes zeros in calls of so many bytes. */
static struct scene zeros(int calls, int64_t bytes)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < calls; i++)
        scene_write(&s, 3, bytes, SC_DATA_ZERO);
    return s;
}

Test(findings, allocation_strategies)
{
    struct scene a = zeros(8, 1000), b = scene_new();
    scene_create(&b, "f", 3);
    PLAY(&b, SC_NR_fallocate, 0, 3, 0, 0, 8000);
    expect_between(&a, &b, (struct expected){"allocation-strategy", "/data/f", 8, 0, 8000, 7});
    a = zeros(100, 10);
    b = scene_new();
    scene_create(&b, "f", 3);
    PLAY(&b, SC_NR_ftruncate, 0, 3, 1000);
    PLAY(&b, SC_NR_ftruncate, 0, 3, 2000);
    expect_between(&a, &b, (struct expected){"allocation-strategy", "/data/f", 100, 0, 1000, 98});
    a = zeros(20, 4096);
    b = scene_new();
    scene_create(&b, "f", 3);
    scene_seek(&b, 3, 81919);
    scene_write(&b, 3, 1, SC_DATA_ZERO);
    scene_map(&b, 3);
    expect_between(&a, &b, (struct expected){"allocation-strategy", "/data/f", 20, 0, 81920, 19});
    a = zeros(7, 4096);
    b = scene_new();
    scene_create(&b, "f", 3);
    PLAY(&b, SC_NR_fallocate, 0, 3, 0, 0, 8000);
    expect_between(&a, &b, (struct expected){.id = "allocation-strategy"});
    a = zeros(20, 4096);
    b = zeros(9, 100);
    expect_between(&a, &b, (struct expected){.id = "allocation-strategy"});
}

static struct scene mapped(void)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    scene_map(&s, 3);
    return s;
}

Test(findings, mmap_or_write)
{
    struct scene a = scene_new(), b = mapped();
    scene_create(&a, "f", 3);
    for (int i = 0; i < 16; i++)
        scene_write(&a, 3, 100, SC_DATA_SOME);
    expect_between(&a, &b, (struct expected){"mmap-vs-write", "/data/f", 16, 0, 1600, 15});
    a = scene_new();
    b = mapped();
    scene_open(&a, "f", O_RDONLY, 3);
    for (int i = 0; i < 50; i++)
        scene_pread(&a, 3, 10, 4096 - i);
    expect_between(&a, &b, (struct expected){"mmap-vs-write", "/data/f", 50, 4047, 4106, 49});
    a = scene_new();
    b = mapped();
    scene_write(&b, 3, 10, SC_DATA_SOME);
    scene_create(&a, "f", 3);
    for (int i = 0; i < 10; i++) {
        scene_pwrite(&a, 3, 100, 0, SC_DATA_SOME);
        scene_pread(&a, 3, 100, 0);
    }
    expect_between(&a, &b, (struct expected){"mmap-vs-write", "/data/f", 20, 0, 100, 18});
    a = scene_new();
    b = mapped();
    scene_create(&a, "f", 3);
    for (int i = 0; i < 15; i++)
        scene_write(&a, 3, 100, SC_DATA_SOME);
    expect_between(&a, &b, (struct expected){.id = "mmap-vs-write"});
    a = mapped();
    b = mapped();
    for (int i = 0; i < 50; i++)
        scene_write(&a, 3, 100, SC_DATA_SOME);
    expect_between(&a, &b, (struct expected){.id = "mmap-vs-write"});
}

Test(findings, thresholds_are_adjusted_by_name)
{
    struct sc_thresholds thresholds;
    sc_thresholds_default(&thresholds);
    cr_expect_eq(sc_thresholds_set(&thresholds, "zero-fill.calls=3"), 0);
    cr_expect_eq(thresholds.values[SC_T_ZERO_CALLS], 3);
    static const char *const bad[] = {"zero-fill.calls", "zero-fill.calls=", "zero-fill.calls=x",  "zero-fill.calls=-1",
                                      "zero-fill=3",     "none.calls=3",     "zero-fill.calls=3x", ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(sc_thresholds_set(&thresholds, bad[i]), -EINVAL, "%s", bad[i]);
}
