/* Findings about offsets and bytes: three shapes of each, and a control just under its threshold. */
#include "findings_expect.h"

Test(findings, zero_fill_in_a_row)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    scene_write(&s, 3, 512, SC_DATA_SOME);
    for (int i = 0; i < 20; i++)
        scene_write(&s, 3, 1000, SC_DATA_ZERO);
    scene_write(&s, 3, 10, SC_DATA_SOME);
    expect_finding(&s, (struct expected){"zero-fill", "/data/f", 20, 512, 20512, 19});
}

Test(findings, zero_fill_backwards_and_in_two_ranges)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 9; i >= 0; i--)
        scene_pwrite(&s, 3, 4096, i * 4096, SC_DATA_ZERO);
    scene_pwrite(&s, 3, 4096, 1 << 20, SC_DATA_ZERO);
    expect_finding(&s, (struct expected){"zero-fill", "/data/f", 11, 0, (1 << 20) + 4096, 9});
}

Test(findings, zero_fill_over_and_over_with_data_between)
{
    struct scene s = scene_new();
    scene_create(&s, "other", 3);
    scene_write(&s, 3, 5000, SC_DATA_ZERO);
    scene_create(&s, "f", 4);
    for (int i = 0; i < 8; i++) {
        scene_seek(&s, 4, 100);
        scene_write(&s, 4, 2052, SC_DATA_ZERO);
        scene_pwrite(&s, 4, 52, 100, SC_DATA_SOME);
    }
    struct sc_finding_list list = findings_of(&s);
    const struct sc_finding *finding = look_for(&list, "zero-fill", "/data/f");
    cr_assert_not_null(finding);
    cr_expect_str_eq(finding->detail,
                     "2052 bytes in 1 range, written 8.0 times over; data replaced 416 of the zeros later");
    sc_findings_free(list.items, list.count);
    expect_finding(&s, (struct expected){"zero-fill", "/data/f", 8, 100, 2152, 7});
}

Test(findings, no_zero_fill)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 7; i++)
        scene_write(&s, 3, 4096, SC_DATA_ZERO);
    scene_create(&s, "tiny", 4);
    for (int i = 0; i < 9; i++)
        scene_write(&s, 4, 455, SC_DATA_ZERO); /* 4095 bytes */
    for (int i = 0; i < 100; i++)
        scene_write(&s, 1, 4096, SC_DATA_ZERO); /* no file */
    expect_none(&s, "zero-fill");
}

Test(findings, growing_a_mapped_file_is_no_zero_fill)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 1; i <= 100; i++) {
        scene_seek(&s, 3, i * 65536 - 1);
        scene_write(&s, 3, 1, SC_DATA_ZERO);
        scene_map(&s, 3);
    }
    cr_expect_eq(sc_files_get(s.files, 0)->counts.grows, 100);
    cr_expect_eq(sc_files_zeros(s.files, 0)->ever.count, 0);
    expect_none(&s, "zero-fill");
}

Test(findings, redundant_seeks)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 16; i++) { /* to where it is */
        scene_seek(&s, 3, i * 100);
        scene_write(&s, 3, 100, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"redundant-seek", "/data/f", 16, 0, 1500, 16});
    s = scene_new();
    scene_open(&s, "g", O_RDONLY, 3);
    for (int i = 0; i < 30; i++) { /* to ask where it is */
        scene_read(&s, 3, 10);
        PLAY(&s, SC_NR_lseek, (i + 1) * 10, 3, 0, SEEK_CUR);
    }
    expect_finding(&s, (struct expected){"redundant-seek", "/data/g", 30, 10, 300, 30});
    s = scene_new();
    scene_create(&s, "h", 3);
    scene_write(&s, 3, 500, SC_DATA_SOME);
    for (int i = 0; i < 40; i++)
        PLAY(&s, SC_NR_lseek, 500, 3, 0, SEEK_END);
    expect_finding(&s, (struct expected){"redundant-seek", "/data/h", 40, 500, 500, 40});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 15; i++) {
        scene_seek(&s, 3, i * 100);
        scene_write(&s, 3, 100, SC_DATA_SOME);
    }
    for (int i = 0; i < 100; i++)
        scene_seek(&s, 3, i * 4096 + 1); /* these move */
    expect_none(&s, "redundant-seek");
}

Test(findings, seek_and_write)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 16; i++) {
        scene_seek(&s, 3, 1000 + i * 100);
        scene_write(&s, 3, 50, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"seek-write", "/data/f", 16, 1000, 2500, 16});
    s = scene_new();
    scene_create(&s, "f", 3);
    scene_create(&s, "g", 4);
    for (int i = 20; i > 0; i--) { /* backwards, with calls on another file in between */
        scene_seek(&s, 3, i * 100);
        scene_write(&s, 4, 50, SC_DATA_SOME);
        scene_write(&s, 3, 50, SC_DATA_ZERO);
    }
    expect_finding(&s, (struct expected){"seek-write", "/data/f", 20, 100, 2000, 20});
    s = scene_new();
    scene_create(&s, "f", 3);
    PLAY(&s, SC_NR_dup, 4, 3);
    for (int i = 0; i < 17; i++) { /* one offset for both descriptors */
        scene_seek(&s, 3, 10000 - i);
        scene_write(&s, 4, 5, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"seek-write", "/data/f", 17, 9984, 10000, 17});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 15; i++) {
        scene_seek(&s, 3, 1000 + i * 100);
        scene_write(&s, 3, 50, SC_DATA_SOME);
    }
    for (int i = 0; i < 30; i++) {
        scene_seek(&s, 3, 20000 + i * 100);
        scene_read(&s, 3, 10);
        scene_write(&s, 3, 50, SC_DATA_SOME); /* not right behind a seek */
    }
    expect_none(&s, "seek-write");
}

Test(findings, the_seeks_themselves_are_the_evidence)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 16; i++) {
        s.site = 0x1000 + (unsigned)i % 2;
        scene_seek(&s, 3, 1000 + i * 100);
        s.site = 0x2000;
        scene_write(&s, 3, 50, SC_DATA_SOME);
    }
    struct sc_finding_list list = findings_of(&s);
    const struct sc_finding *finding = look_for(&list, "seek-write", NULL);
    cr_assert_not_null(finding);
    cr_expect_str_eq(finding->evidence.items[0], "lseek(<f>, 1000, SEEK_SET) = 1000");
    cr_expect_str_eq(finding->evidence.items[1], "lseek(<f>, 1100, SEEK_SET) = 1100");
    cr_expect_eq(finding->evidence.count, 3);
    cr_expect_eq(finding->site_count, 2);
    cr_expect_eq(finding->sites[0].calls, 8);
    cr_expect_str_eq(finding->sites[0].name, "0x1000");
    sc_findings_free(list.items, list.count);
    scene_free(&s);
}

Test(findings, seek_and_read)
{
    struct scene s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 16; i++) {
        scene_seek(&s, 3, 1000 + i * 100);
        scene_read(&s, 3, 50);
    }
    expect_finding(&s, (struct expected){"seek-read", "/data/f", 16, 1000, 2500, 16});
    s = scene_new();
    scene_open(&s, "/f", O_RDONLY, 3);
    scene_read(&s, 3, 10);
    for (int i = 0; i < 50; i++) { /* by steps */
        PLAY(&s, SC_NR_lseek, 20 + i * 20, 3, 10, SEEK_CUR);
        scene_read(&s, 3, 10);
    }
    expect_finding(&s, (struct expected){"seek-read", "/f", 50, 20, 1000, 50});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 18; i++) {
        scene_seek(&s, 3, 5);
        scene_seek(&s, 3, 7); /* only the last one of two is needed */
        scene_read(&s, 3, 0); /* the end of the file */
    }
    expect_finding(&s, (struct expected){"seek-read", "/data/f", 18, 7, 7, 18});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 15; i++) {
        scene_seek(&s, 3, 1000 + i * 100);
        scene_read(&s, 3, 50);
    }
    for (int i = 0; i < 100; i++)
        scene_pread(&s, 3, 10, i);
    expect_none(&s, "seek-read");
}

Test(findings, small_writes)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 101; i++) /* the first one follows nothing */
        scene_write(&s, 3, 10, SC_DATA_SOME);
    expect_finding(&s, (struct expected){"small-writes", "/data/f", 100, 10, 1010, 99});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 300; i++) /* pwrite, each where the last one ended */
        scene_pwrite(&s, 3, 4095, i * 4095, SC_DATA_SOME);
    expect_finding(&s, (struct expected){"small-writes", "/data/f", 299, 4095, 300 * 4095, 280});
    s = scene_new();
    scene_open(&s, "log", O_WRONLY | O_APPEND | O_CREAT | O_TRUNC, 3);
    for (int i = 0; i < 150; i++) {
        scene_write(&s, 3, 80, SC_DATA_SOME);
        scene_write(&s, 1, 80, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"small-writes", "/data/log", 149, 80, 12000, 148});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 100; i++)
        scene_write(&s, 3, 10, SC_DATA_SOME);
    scene_create(&s, "synced", 7);
    for (int i = 0; i < 300; i++) { /* no two of them can be joined */
        scene_write(&s, 7, 10, SC_DATA_SOME);
        PLAY(&s, SC_NR_fdatasync, 0, 7);
    }
    scene_create(&s, "large", 4);
    for (int i = 0; i < 200; i++)
        scene_write(&s, 4, 4096, SC_DATA_SOME);
    scene_create(&s, "scattered", 5);
    for (int i = 0; i < 200; i++)
        scene_pwrite(&s, 5, 10, i * 100, SC_DATA_SOME);
    scene_create(&s, "share", 6);
    for (int i = 0; i < 1000; i++)
        scene_write(&s, 6, i < 100 ? 10 : 8192, SC_DATA_SOME);
    scene_write(&s, 6, 10, SC_DATA_SOME); /* 100 of 1001 */
    expect_none(&s, "small-writes");
}

Test(findings, rewritten_range)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 17; i++) /* a header, again and again */
        scene_pwrite(&s, 3, 512, 0, SC_DATA_SOME);
    expect_finding(&s, (struct expected){"rewritten-range", "/data/f", 16, 0, 512, 16});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 40; i++) /* each overlaps half of the last one */
        scene_pwrite(&s, 3, 200, 1000 + i * 100, SC_DATA_SOME);
    expect_finding(&s, (struct expected){"rewritten-range", "/data/f", 39, 1100, 5100, 19});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int pass = 0; pass < 3; pass++) {
        scene_seek(&s, 3, 0);
        for (int i = 0; i < 10; i++)
            scene_write(&s, 3, 4096, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"rewritten-range", "/data/f", 20, 0, 40960, 20});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 16; i++)
        scene_pwrite(&s, 3, 512, 0, SC_DATA_SOME);
    scene_create(&s, "anew", 4);
    for (int i = 0; i < 50; i++) { /* a new content each time is no rewriting */
        scene_pwrite(&s, 4, 512, 0, SC_DATA_SOME);
        PLAY(&s, SC_NR_ftruncate, 0, 4, 0);
    }
    scene_create(&s, "share", 5);
    for (int i = 0; i < 200; i++)
        scene_pwrite(&s, 5, 100, i < 20 ? 0 : i * 100, SC_DATA_SOME); /* 19 of 200 */
    expect_none(&s, "rewritten-range");
}

Test(findings, reread_range)
{
    struct scene s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 17; i++)
        scene_pread(&s, 3, 100, 0);
    expect_finding(&s, (struct expected){"reread-range", "/data/f", 16, 0, 100, 16});
    s = scene_new();
    for (int pass = 0; pass < 3; pass++) { /* opened anew for each pass */
        scene_open(&s, "f", O_RDONLY, 3);
        for (int i = 0; i < 20; i++)
            scene_read(&s, 3, 4096);
        PLAY(&s, SC_NR_close, 0, 3);
    }
    expect_finding(&s, (struct expected){"reread-range", "/data/f", 40, 0, 81920, 40});
    s = scene_new();
    scene_open(&s, "f", O_RDWR, 3);
    for (int i = 0; i < 33; i++) { /* read, change, write */
        scene_pread(&s, 3, 50, 500);
        scene_pwrite(&s, 3, 50, 500, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"reread-range", "/data/f", 32, 500, 550, 32});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 16; i++)
        scene_pread(&s, 3, 100, 0);
    for (int i = 0; i < 1000; i++)
        scene_pread(&s, 3, 100, 100 + i * 100);
    expect_none(&s, "reread-range");
}
