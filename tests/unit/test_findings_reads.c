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
