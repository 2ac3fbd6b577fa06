/* What a report says of seeks, allocation and mapping. */
#include <stdlib.h>

#include "../../analyzer/render/render.h"
#include "scene.h"

__attribute__((noinline)) static void expect_text(struct scene *a, struct scene *b, const char *wanted)
{
    struct sc_report_input inputs[2] = {scene_input(a, "A"), scene_input(b, "B")};
    struct sc_report report;
    cr_assert_eq(sc_report_build(inputs, 2, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, "x", &report), 0);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    sc_render_text(out, &report, (struct sc_style){0});
    fclose(out);
    char *at = strstr(text, "## Seeks, Allocation, Mapping\n");
    cr_assert_not_null(at, "%s", text);
    cr_expect_eq(strncmp(strchr(at, '\n') + 1, wanted, strlen(wanted)), 0, "%s", at);
    free(text);
    sc_report_free(&report);
    scene_free(a);
    scene_free(b);
}

Test(ways, each_seek_has_its_purpose)
{
    struct scene a = scene_new(), b = scene_new();
    scene_create(&a, "f", 3);
    for (int i = 1; i <= 5; i++) {
        scene_seek(&a, 3, i * 100);
        scene_write(&a, 3, 10, SC_DATA_SOME);
    }
    for (int i = 1; i <= 4; i++) {
        scene_seek(&a, 3, i * 100);
        scene_read(&a, 3, 10);
    }
    for (int i = 0; i < 3; i++)
        PLAY(&a, SC_NR_lseek, 410, 3, 0, SEEK_CUR);
    scene_seek(&a, 3, 7);
    scene_seek(&a, 3, -EINVAL);
    expect_text(
        &a, &b,
        "A seeks: 14: 5 before a write (pwrite would do), 4 before a read (pread would do), 3 redundant, 2 other\n"
        "B seeks: 0\n"
        "No file is allocated ahead.\n"
        "No file is mapped to be shared.\n\n");
}

Test(ways, allocation_and_mapping)
{
    struct scene a = scene_new(), b = scene_new();
    scene_create(&a, "f", 3);
    for (int i = 0; i < 8; i++)
        scene_write(&a, 3, 100, SC_DATA_ZERO);
    scene_create(&b, "f", 3);
    PLAY(&b, SC_NR_fallocate, 0, 3, 0, 0, 800);
    scene_create(&a, "g", 4);
    PLAY(&a, SC_NR_ftruncate, 0, 4, 800);
    scene_map(&a, 4);
    scene_map(&a, 4);
    scene_create(&b, "h", 5);
    scene_map(&b, 5);
    for (int i = 0; i < 7; i++) /* too few to be called a fill */
        scene_write(&b, 5, 100, SC_DATA_ZERO);
    expect_text(&a, &b,
                "A seeks: 0\nB seeks: 0\n"
                "/data/f: A writes zeros into it (8 calls); B uses fallocate (1 call)\n"
                "/data/g: A uses ftruncate (1 call) and maps it (2 mmap); B does not allocate it ahead\n"
                "/data/h: A does not allocate it ahead; B does not allocate it ahead and maps it (1 mmap)\n\n");
}
