/* Findings about where accesses lie: three shapes of each, and a control just under its threshold. */
#include "findings_expect.h"

Test(findings, misaligned)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    scene_write(&s, 3, 512, SC_DATA_SOME);
    for (int i = 0; i < 100; i++) /* behind a header */
        scene_write(&s, 3, 8192, SC_DATA_SOME);
    expect_finding(&s, (struct expected){"misaligned", "/data/f", 100, 512, 512 + 819200, 0});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 160; i++) /* one of four begins with a page */
        scene_pread(&s, 3, 5000, i * 5120);
    expect_finding(&s, (struct expected){"misaligned", "/data/f", 120, 5120, 159 * 5120 + 5000, 0});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 130; i++) { /* backwards, read and written, with what is small in between */
        scene_pwrite(&s, 3, 4096, (200 - i) * 4096 + 1, SC_DATA_SOME);
        scene_pread(&s, 3, 4096, (200 - i) * 4096 + 4095);
        scene_pread(&s, 3, 10, 7);
    }
    expect_finding(&s, (struct expected){"misaligned", "/data/f", 260, 71 * 4096 + 1, 201 * 4096 + 4095, 0});
    s = scene_new();
    scene_create(&s, "f", 3);
    scene_write(&s, 3, 512, SC_DATA_SOME);
    for (int i = 0; i < 99; i++)
        scene_write(&s, 3, 8192, SC_DATA_SOME);
    scene_create(&s, "small", 4);
    for (int i = 0; i < 300; i++)
        scene_write(&s, 4, 4095, SC_DATA_SOME);
    scene_create(&s, "share", 5);
    for (int i = 0; i < 1001; i++)
        scene_pwrite(&s, 5, 4096, i * 4096 + (i % 10 == 9), SC_DATA_SOME); /* 100 of 1001 */
    expect_none(&s, "misaligned");
}

Test(findings, random_access)
{
    struct scene s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    scene_pread(&s, 3, 100, 0);
    for (int i = 1; i <= 100; i++)
        scene_pread(&s, 3, 100, i * i * 1000 % 65521);
    expect_finding(&s, (struct expected){"random-access", "/data/f", 100, 228, 65058, 0});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 130; i++) { /* written here and there, by seeks */
        scene_seek(&s, 3, i * i * 37 % 4099 * 4096);
        scene_write(&s, 3, 4096, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"random-access", "/data/f", 129, 151552, 16506880, 0});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 250; i++) /* two places in turn */
        scene_pwrite(&s, 3, 10, i % 2 ? 0 : 5000 + i, SC_DATA_SOME);
    expect_finding(&s, (struct expected){"random-access", "/data/f", 249, 0, 5258, 0});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    scene_pread(&s, 3, 100, 0);
    for (int i = 1; i <= 99; i++)
        scene_pread(&s, 3, 100, i * i * 1000 % 65521);
    scene_open(&s, "strides", O_RDONLY, 4);
    for (int i = 0; i < 1000; i++)
        scene_pread(&s, 4, 100, (1000 - i) * 5000);
    scene_open(&s, "share", O_RDONLY, 5);
    for (int64_t i = 0; i < 1005; i++) /* 200 jumps */
        scene_pread(&s, 5, 100, (i / 5) * (i / 5) * 7 % 9973 * 1000000 + i % 5 * 100);
    expect_none(&s, "random-access");
}
