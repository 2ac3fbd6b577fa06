/* Captures that are cut, flipped or none at all. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "build_capture.h"

enum { T = BUILD_TICK0 };

/* Whatever is in the file: it is read, or refused with a reason; nothing crashes and no event contradicts itself. */
static bool reads_or_refuses(const char *path)
{
    struct sc_source *source;
    struct sc_error error = {""};
    struct sc_event events[16];
    volatile unsigned touched = 0; /* every byte of every string has to be there */
    int result = sc_source_open(path, &source, &error);
    if (result != 0) {
        cr_assert(result < 0 && strstr(error.text, path) == error.text && strstr(error.text, ": byte "), "%s",
                  error.text);
        return false;
    }
    for (int64_t got; (got = sc_source_next(source, events, 16, &error)) != 0;) {
        cr_assert_gt(got, 0, "%s", error.text);
        for (int64_t i = 0; i < got; i++) {
            cr_assert(events[i].desc && events[i].nargs <= SC_MAX_ARGS);
            for (unsigned a = 0; a < events[i].nargs; a++)
                for (size_t c = 0; events[i].args[a].state & SC_ARG_TEXT && c < events[i].args[a].text_len; c++)
                    touched += (unsigned char)events[i].args[a].text[c];
        }
    }
    cr_assert(!sc_source_run(source)->coverage.damaged || sc_source_run(source)->warning_count);
    sc_source_close(source);
    return true;
}

static void patch(int fd, size_t at, uint8_t byte)
{
    cr_assert_eq(pwrite(fd, &byte, 1, (off_t)at), 1);
}

Test(capture_damage, one_wrong_byte_anywhere, .timeout = 300)
{
    struct build build;
    build_little(&build);
    size_t used = build.chunk + build_chunk_header(&build)->used;
    build_chunk(&build, 1, 101, T + 30);
    build_process(&build, 0, 101, SC_ORIGIN_FORK, T + 30);
    build_open(&build, "x", 0, 3, T + 40);
    size_t end = build.chunk + build_chunk_header(&build)->used;
    const char *path = build_save(&build, build.size);
    int fd = open(path, O_RDWR);
    static const uint8_t flips[] = {0x01, 0x80, 0xff, 0x10};
    for (size_t at = 0; at < end; at++) {
        if (at == sizeof(struct sc_file_header) + 4 * sizeof(struct sc_file_call))
            at = BUILD_FIRST_CHUNK; /* all rows are alike */
        if (at == used + 64)
            at = build.chunk;
        for (size_t i = 0; i < sizeof flips; i++) {
            patch(fd, at, build.bytes[at] ^ flips[i]);
            reads_or_refuses(path);
        }
        patch(fd, at, build.bytes[at]);
    }
    cr_expect(reads_or_refuses(path));
    close(fd);
    build_remove(path);
    build_free(&build);
}

Test(capture_damage, cut_at_every_64th_byte, .timeout = 300)
{
    struct build build;
    build_little(&build);
    const char *path = build_save(&build, build.size);
    for (size_t size = build.size; size > 0; size -= size % 64 ? size % 64 : 64) {
        cr_assert_eq(truncate(path, (off_t)size), 0);
        bool readable = reads_or_refuses(path);
        cr_expect_eq(readable,
                     size >= sizeof(struct sc_file_header) +
                                 build_header(&build)->calls_count * sizeof(struct sc_file_call),
                     "%zu bytes", size);
    }
    build_remove(path);
    build_free(&build);
}

static void expect_refused(const char *path, int result, const char *cause)
{
    struct sc_source *source;
    struct sc_error error;
    char expected[600];
    snprintf(expected, sizeof expected, "%s: %s", path, cause);
    cr_expect_eq(sc_source_open(path, &source, &error), result, "%s", path);
    cr_expect_str_eq(error.text, expected);
}

static const char *save_bytes(const char *bytes, size_t len)
{
    struct build build = {.bytes = (uint8_t *)bytes};
    return build_save(&build, len);
}

Test(capture_damage, what_is_no_capture)
{
    expect_refused("/tmp/no/such/file", -ENOENT, "No such file or directory");
    expect_refused("/tmp", -EISDIR, "is a directory");
    expect_refused("/dev/null", -EINVAL, "is no regular file and no pipe");
    const char *path = save_bytes("", 0);
    expect_refused(path, -EBADMSG, "byte 0: the file is empty");
    build_remove(path);
    path = save_bytes("SYSCAP\r\n", 8);
    expect_refused(path, -EBADMSG, "byte 8: the header of this capture is cut");
    build_remove(path);
    static const char noise[4096] = {1, 2, 3, 0, 5};
    path = save_bytes(noise, sizeof noise);
    expect_refused(path, -EBADMSG, "byte 0: neither a capture nor a strace log");
    build_remove(path);
    static const char text_mode[4096] = "SYSCAP\n";
    path = save_bytes(text_mode, sizeof text_mode);
    expect_refused(path, -EBADMSG, "byte 6: the capture's first line is changed: it went through a text-mode transfer");
    build_remove(path);
}
