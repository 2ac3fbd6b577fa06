/* Findings about how files are read and listed: three shapes of each, and a control just under its threshold. */
#include "findings_expect.h"

Test(findings, small_reads)
{
    struct scene s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 101; i++) /* the first one follows nothing */
        scene_read(&s, 3, 10);
    expect_finding(&s, (struct expected){"small-reads", "/data/f", 100, 10, 1010, 99});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 300; i++) /* pread, each where the last one ended */
        scene_pread(&s, 3, 4095, i * 4095);
    expect_finding(&s, (struct expected){"small-reads", "/data/f", 299, 4095, 300 * 4095, 280});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    scene_create(&s, "g", 4);
    for (int i = 0; i < 150; i++) { /* by parts, and with another file in between */
        PLAY(&s, SC_NR_readv, 80, 3, 0, 2);
        scene_write(&s, 4, 8192, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"small-reads", "/data/f", 149, 80, 12000, 148});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 100; i++)
        scene_read(&s, 3, 10);
    scene_open(&s, "large", O_RDONLY, 4);
    for (int i = 0; i < 200; i++)
        scene_read(&s, 4, 4096);
    scene_open(&s, "scattered", O_RDONLY, 5);
    for (int i = 0; i < 200; i++)
        scene_pread(&s, 5, 10, i * 100);
    scene_open(&s, "growing", O_RDONLY, 6);
    for (int i = 0; i < 200; i++)
        PLAY(&s, SC_NR_read, 10, 6, 0, 65536); /* all that there is yet */
    scene_open(&s, "share", O_RDONLY, 7);
    for (int i = 0; i < 1000; i++)
        scene_read(&s, 7, i < 100 ? 10 : 8192);
    scene_read(&s, 7, 10); /* 100 of 1001 */
    expect_none(&s, "small-reads");
}

/* Opens a directory and takes one listing of it. */
static void list(struct scene *s, const char *path, int fd)
{
    scene_open(s, path, O_RDONLY | O_DIRECTORY, fd);
    PLAY(s, SC_NR_getdents64, 480, fd, 0, 32768);
    PLAY(s, SC_NR_getdents64, 0, fd, 0, 32768);
}

/* Asks for so many names below it, by that call. */
static void ask_names(struct scene *s, const char *path, enum sc_nr nr, int count)
{
    char name[64];
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s/e%d", path, i);
        scene_path(s, nr, name, 0, 0);
    }
}

Test(findings, stat_per_entry)
{
    struct scene s = scene_new();
    list(&s, "in", 3);
    ask_names(&s, "in", SC_NR_lstat, 32);
    expect_finding(&s, (struct expected){"stat-per-entry", "/data/in", 32, -1, -1, 32});
    s = scene_new();
    list(&s, "/", 3);
    for (int i = 0; i < 40; i++) { /* relative to the directory, and each is a file that is opened afterwards */
        struct sc_event event = scene_event(SC_NR_newfstatat, 0);
        char name[16];
        snprintf(name, sizeof name, "/e%d", i);
        event.args[0].value = 3;
        event.args[0].state |= SC_ARG_VALUE;
        event.args[1].state = SC_ARG_TEXT;
        event.args[1].text = name + 1;
        event.args[1].text_len = strlen(name + 1);
        scene_play(&s, &event);
        scene_open(&s, name, O_RDONLY, 4);
    }
    expect_finding(&s, (struct expected){"stat-per-entry", "/", 40, -1, -1, 40});
    s = scene_new();
    for (int i = 0; i < 10; i++) { /* a tree: few in each directory */
        char name[24];
        snprintf(name, sizeof name, "tree/d%d", i);
        list(&s, name, 3 + i);
        ask_names(&s, name, SC_NR_statx, 5);
    }
    struct sc_finding_list found = findings_of(&s);
    const struct sc_finding *finding = look_for(&found, "stat-per-entry", NULL);
    cr_assert_not_null(finding);
    cr_expect_str_eq(finding->detail, "50 names in 10 directories that were listed");
    sc_findings_free(found.items, found.count);
    expect_finding(&s, (struct expected){"stat-per-entry", NULL, 50, -1, -1, 50});
    s = scene_new();
    list(&s, "in", 3);
    ask_names(&s, "in", SC_NR_lstat, 31);
    ask_names(&s, "unlisted", SC_NR_lstat, 100);
    for (int i = 0; i < 100; i++) { /* of what is open, and of what is not there */
        char name[32];
        snprintf(name, sizeof name, "in/open%d", i);
        scene_open(&s, name, O_RDONLY, 4);
        PLAY(&s, SC_NR_fstat, 0, 4);
        snprintf(name, sizeof name, "in/none%d", i);
        scene_path(&s, SC_NR_lstat, name, 0, -ENOENT);
    }
    expect_none(&s, "stat-per-entry");
}

/* Opens so many files of that pattern, one after the other, and reads or writes so much of each. */
static void use_files(struct scene *s, const char *pattern, int count, int64_t bytes, bool write)
{
    char name[64];
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s%d", pattern, i);
        scene_open(s, name, write ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY, 3);
        if (write)
            scene_write(s, 3, bytes, SC_DATA_SOME);
        else
            scene_read(s, 3, bytes);
        PLAY(s, SC_NR_close, 0, 3);
    }
}

Test(findings, many_small_files)
{
    struct scene s = scene_new();
    use_files(&s, "in/f", 100, 200, false);
    expect_finding(&s, (struct expected){"many-small-files", NULL, 100, -1, -1, 198});
    s = scene_new();
    use_files(&s, "out/one", 70, 4095, true); /* written, in two directories, with large ones */
    use_files(&s, "out/large", 50, 100000, true);
    use_files(&s, "other/f", 50, 1, true);
    struct sc_finding_list found = findings_of(&s);
    const struct sc_finding *finding = look_for(&found, "many-small-files", NULL);
    cr_assert_not_null(finding);
    cr_expect_str_eq(finding->detail, "120 files, of which 2389 bytes each were read or written");
    sc_findings_free(found.items, found.count);
    expect_finding(&s, (struct expected){"many-small-files", NULL, 120, -1, -1, 238});
    s = scene_new();
    char name[32];
    for (int i = 0; i < 110; i++) { /* all of them stay open, each is read in two parts */
        snprintf(name, sizeof name, "f%d", i);
        scene_open(&s, name, O_RDONLY, 3 + i);
        scene_read(&s, 3 + i, 100);
        scene_read(&s, 3 + i, 100);
    }
    expect_finding(&s, (struct expected){"many-small-files", NULL, 110, -1, -1, 109});
    s = scene_new();
    use_files(&s, "in/f", 99, 200, false);
    use_files(&s, "in/large", 200, 4096, false);
    use_files(&s, "/proc/1", 200, 100, false);
    use_files(&s, "in/empty", 200, 0, false);
    expect_none(&s, "many-small-files");
}
