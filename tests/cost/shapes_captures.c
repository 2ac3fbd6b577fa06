/* shapes_captures.c: the shapes that are captures. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/build_capture.h"
#include "shapes.h"

enum { T = BUILD_TICK0, PAGE = 4096 };

/* Every so many of a shape a new chunk: none of theirs takes more than its share of one. */
enum { PER_CHUNK = 60 };

static void next_chunk(struct build *build, size_t i)
{
    if (i % PER_CHUNK == 0)
        build_chunk(build, build->process, 100, T + 100 * (i + 1));
}

/* Modules that never touch, in the order in which the tree of addresses becomes a list. */
static void modules(struct build *build, size_t n, unsigned side)
{
    uint64_t *places = calloc(n, sizeof *places);
    if (!places)
        abort();
    shape_ranks(n, places);
    for (size_t i = 0; i < n; i++) {
        next_chunk(build, i);
        uint64_t begin = (uint64_t)PAGE * (2 * places[i] + 16);
        struct sc_module module = {.process = 0, .begin = begin, .end = begin + PAGE, .bias = begin};
        char path[32];
        int len = snprintf(path, sizeof path, "/lib/%zu_%u.so", i, side);
        build_meta(build, SC_META_MODULE, &module, sizeof module, path, (size_t)len);
    }
}

static void read_at(struct build *build, uint64_t site, uint64_t start)
{
    build_record(build,
                 (struct sc_record){
                     .nr = SC_NR_read, .start = start, .duration = 10, .site = site, .result = 1, .args = {3, 0, 1}});
}

/* Call sites with one hash, in its lowest 32 bits. */
static void sites(struct build *build, size_t n, unsigned side)
{
    for (size_t i = 0; i < n; i++) {
        next_chunk(build, i);
        read_at(build, shape_unmix((i + side + 1) << 32) ^ (uint64_t)SC_NR_read << 33, T + 100 * (i + 1) + 10);
    }
}

/* Files and call sites that make rows of one hash: of two equal halves, which cancelled each other out. */
static void rows(struct build *build, size_t n, unsigned side)
{
    (void)side;
    for (size_t i = 0; i < n; i++) {
        char name[32];
        next_chunk(build, i);
        snprintf(name, sizeof name, "/r%zu", i);
        uint32_t offset = build_meta(build, SC_META_STRING, name, strlen(name), NULL, 0);
        build_record(build, (struct sc_record){.nr = SC_NR_openat,
                                               .start = T + 100 * (i + 1) + 10,
                                               .duration = 10,
                                               .site = (uint64_t)i << 32 | (uint32_t)SC_NR_openat << 16,
                                               .result = 3,
                                               .args = {(uint64_t)AT_FDCWD},
                                               .extras = {{SC_EXTRA_TEXT, 1, offset}},
                                               .extra_count = 1});
    }
}

/* Processes and threads whose numbers together have one hash, in its lowest 32 bits. */
static void members(struct build *build, size_t n, unsigned side)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t key = shape_unmix((i + side + 1) << 32);
        next_chunk(build, i);
        build->process = (uint32_t)(key >> 32);
        build_segment(build, (uint32_t)key, T + 100 * (i + 1));
        read_at(build, 0x555500, T + 100 * (i + 1) + 10);
    }
}

/* As many variables as a chunk holds, in opposite order. */
static void environment(struct build *build, size_t n, unsigned side)
{
    char text[15000];
    size_t used = 0;
    for (size_t i = 0; i < n && used + 16 < sizeof text; i++)
        used += (size_t)snprintf(text + used, 16, "V%zu=%u", side ? n - i : i + 1, side) + 1;
    build_text(build, SC_TEXT_ENVIRON, text, used);
}

/* A process that forks over and over, and maps a module between. */
static void forks(struct build *build, size_t n, unsigned side)
{
    for (size_t i = 0; i < n; i++) {
        next_chunk(build, i);
        uint64_t begin = (uint64_t)PAGE * (2 * i + 16);
        struct sc_module module = {.process = 0, .begin = begin, .end = begin + PAGE, .bias = begin};
        build_meta(build, SC_META_MODULE, &module, sizeof module, "/lib/m.so", 9);
        build_record(build, (struct sc_record){.nr = SC_NR_fork,
                                               .start = T + 100 * (i + 1) + 10,
                                               .duration = 10,
                                               .site = 0x555500,
                                               .result = (int64_t)(1000 + i + side)});
    }
}

static const struct {
    const char *name;
    void (*write)(struct build *build, size_t n, unsigned side);
} shapes[] = {
    {"modules", modules},         {"sites", sites}, {"rows", rows}, {"members", members},
    {"environment", environment}, {"forks", forks},
};

int shape_capture(const char *name, size_t n, unsigned side, const char *path)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(name, shapes[i].name) != 0)
            continue;
        struct build build;
        build_root(&build);
        shapes[i].write(&build, n, side);
        FILE *out = fopen(path, "w");
        size_t wrote = out ? fwrite(build.bytes, 1, build.size, out) : 0;
        int error = !out || fclose(out) || wrote != build.size;
        build_free(&build);
        return error ? 2 : 0;
    }
    return 2;
}
