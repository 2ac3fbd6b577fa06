#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../analyzer/text/line_writer.h"

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13, *seed ^= *seed >> 7, *seed ^= *seed << 17;
    return *seed;
}

static struct sc_lines *some_lines(unsigned count)
{
    struct sc_lines *lines = sc_lines_new();
    for (unsigned i = 0; i < count; i++) {
        char text[32];
        uint32_t id;
        int len = snprintf(text, sizeof text, "line %u", i);
        cr_assert_eq(sc_lines_intern(lines, text, (size_t)len, &id), 0);
        cr_assert_eq(id, i);
    }
    return lines;
}

static struct sc_sequence sequence_of(const char *letters)
{
    struct sc_sequence sequence = {0};
    for (; *letters; letters++)
        sc_sequence_add(&sequence, (uint32_t)(*letters - 'a'));
    return sequence;
}

static char *unified(const struct sc_lines *lines, const struct sc_sequence *a, const struct sc_sequence *b,
                     int64_t *ret_differing)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    *ret_differing = sc_write_unified(out, lines, &(struct sc_diff_side){a, a->count, "a.txt"},
                                      &(struct sc_diff_side){b, b->count, "b.txt"});
    fclose(out);
    return text;
}

static char *text_of(const struct sc_lines *lines, const struct sc_sequence *sequence)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < sequence->count; i++)
        fprintf(out, "%s\n", sc_lines_text(lines, sequence->ids[i]));
    fclose(out);
    return text;
}

/* Applies a unified diff as strictly as can be: every line number and every context line must be right. */
static char *apply(const char *old, const char *diff)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    size_t old_line = 0;
    if (*diff) {
        cr_assert_eq(strncmp(diff, "--- a.txt\n+++ b.txt\n", 20), 0);
        diff += 20;
    }
    while (*diff) {
        size_t begin, count = 1, new_begin, new_count = 1;
        char *at;
        cr_assert_eq(strncmp(diff, "@@ -", 4), 0, "%s", diff);
        begin = strtoul(diff + 4, &at, 10);
        if (*at == ',')
            count = strtoul(at + 1, &at, 10);
        cr_assert_eq(strncmp(at, " +", 2), 0);
        new_begin = strtoul(at + 2, &at, 10);
        if (*at == ',')
            new_count = strtoul(at + 1, &at, 10);
        cr_assert_eq(strncmp(at, " @@\n", 4), 0);
        diff = at + 4;
        size_t first = count ? begin - 1 : begin;
        for (; old_line < first; old_line++) {
            const char *end = strchr(old, '\n') + 1;
            fwrite(old, 1, (size_t)(end - old), out);
            old = end;
        }
        (void)new_begin;
        while (count || new_count) {
            const char *end = strchr(diff, '\n') + 1;
            size_t len = (size_t)(end - diff) - 1;
            if (*diff != '+') {
                cr_assert_eq(strncmp(old, diff + 1, len), 0, "context at %zu: %.*s", old_line, (int)len, diff);
                old += len;
                old_line++;
                count--;
            }
            if (*diff != '-') {
                fwrite(diff + 1, 1, len, out);
                new_count--;
            }
            diff = end;
        }
    }
    fputs(old, out);
    fclose(out);
    return text;
}

static void check_patch(const struct sc_lines *lines, const struct sc_sequence *a, const struct sc_sequence *b)
{
    int64_t differing;
    char *diff = unified(lines, a, b, &differing);
    char *old = text_of(lines, a), *new = text_of(lines, b);
    cr_assert_geq(differing, 0);
    cr_assert_eq(differing == 0, strcmp(old, new) == 0);
    cr_assert_eq(*diff == '\0', differing == 0);
    char *patched = apply(old, diff);
    cr_assert_str_eq(patched, new);
    free(patched);
    free(old);
    free(new);
    free(diff);
}

Test(sequence, lines_are_interned)
{
    struct sc_lines *lines = some_lines(5000);
    uint32_t id;
    cr_assert_eq(sc_lines_intern(lines, "line 4321", 9, &id), 0);
    cr_expect_eq(id, 4321);
    cr_expect_str_eq(sc_lines_text(lines, 17), "line 17");
    sc_lines_free(lines);
}

/* Twice the numbers of one run by itself become those of another one, met before or not. */
Test(sequence, lines_of_two_runs_become_one_table)
{
    struct sc_lines *a = some_lines(100), *b = sc_lines_new();
    struct sc_sequence sequence = {0};
    uint32_t *ids, id;
    for (unsigned i = 90; i < 200; i++) {
        char text[32];
        int len = snprintf(text, sizeof text, "line %u", 289 - i);
        cr_assert_eq(sc_lines_intern(b, text, (size_t)len, &id), 0);
        sc_sequence_add(&sequence, id);
    }
    char *before = text_of(b, &sequence);
    cr_assert_eq(sc_lines_merge(a, b, &ids), 0);
    sc_sequence_renumber(&sequence, ids);
    sc_lines_free(b);
    char *after = text_of(a, &sequence);
    cr_expect_str_eq(after, before);
    cr_expect_eq(sequence.ids[109], 90, "line 90 keeps the number that it had");
    cr_expect_eq(sequence.ids[0], 100, "line 199 is new");
    free(before);
    free(after);
    free(ids);
    sc_sequence_free(&sequence);
    sc_lines_free(a);
}

/* A log is written in pieces; a line that lies across two of them is one line. */
Test(log, what_is_noted_is_what_is_written)
{
    struct sc_lines *lines = some_lines(10);
    struct sc_sequence whole = {0};
    struct sc_line_writer log;
    char *text, long_line[5000];
    size_t size;
    FILE *out = open_memstream(&text, &size);
    memset(long_line, 'x', sizeof long_line);
    sc_line_writer_begin(&log, out, lines);
    sc_line_writer_note(&log, lines, &whole);
    for (uint32_t i = 0; i < 300; i++) {
        sc_line_writer_numbers(&log, (uint32_t[]){i % 10, 3}, 2);
        sc_line_writer_printf(&log, "%u ", i);
        sc_line_writer_spaces(&log, i % 7);
        sc_line_writer_add(&log, long_line, i * 16);
        sc_line_writer_end_line(&log);
    }
    cr_assert_eq(sc_line_writer_finish(&log), 0);
    fclose(out);
    char *noted = text_of(lines, &whole);
    cr_expect_eq(whole.count, 900);
    cr_expect(size > 10 * SC_LOG_BYTES);
    cr_expect_str_eq(noted, text);
    free(noted);
    free(text);
    sc_sequence_free(&whole);
    sc_lines_free(lines);
}

Test(unified, known_text)
{
    struct sc_lines *lines = some_lines(26);
    struct sc_sequence a = sequence_of("abcdefghijklm"), b = sequence_of("abcxefghijklmn");
    int64_t differing;
    char *diff = unified(lines, &a, &b, &differing);
    cr_expect_eq(differing, 3);
    cr_expect_str_eq(diff, "--- a.txt\n+++ b.txt\n"
                           "@@ -1,7 +1,7 @@\n line 0\n line 1\n line 2\n-line 3\n+line 23\n line 4\n line 5\n line 6\n"
                           "@@ -11,3 +11,4 @@\n line 10\n line 11\n line 12\n+line 13\n");
    free(diff);
    sc_sequence_free(&b);
    b = sequence_of("");
    diff = unified(lines, &b, &a, &differing);
    cr_expect_eq(differing, 13);
    cr_expect_eq(strncmp(diff, "--- a.txt\n+++ b.txt\n@@ -0,0 +1,13 @@\n", 37), 0);
    free(diff);
    diff = unified(lines, &a, &a, &differing);
    cr_expect_str_eq(diff, "");
    cr_expect_eq(differing, 0);
    free(diff);
    sc_sequence_free(&a);
    sc_sequence_free(&b);
    sc_lines_free(lines);
}

Test(unified, shortest_where_small)
{
    struct sc_sequence a = sequence_of("abcabba"), b = sequence_of("cbabac");
    struct sc_diff diff;
    cr_assert_eq(sc_diff_make(&a, &b, &diff), 0);
    int count = 0;
    for (size_t i = 0; i < a.count; i++)
        count += diff.only_a[i];
    for (size_t i = 0; i < b.count; i++)
        count += diff.only_b[i];
    cr_expect_eq(count, 5, "Myers's own example has five differences, not %d", count);
    sc_diff_free(&diff);
    sc_sequence_free(&a);
    sc_sequence_free(&b);
}

/* By a quadratic table: what Myers must equal while the bound is not reached. */
static unsigned shortest(const struct sc_sequence *a, const struct sc_sequence *b)
{
    unsigned *row = calloc(b->count + 1, sizeof *row);
    for (size_t i = 1; i <= a->count; i++) {
        unsigned diagonal = 0;
        for (size_t j = 1; j <= b->count; j++) {
            unsigned above = row[j];
            row[j] = a->ids[i - 1] == b->ids[j - 1] ? diagonal + 1 : above > row[j - 1] ? above : row[j - 1];
            diagonal = above;
        }
    }
    unsigned common = row[b->count];
    free(row);
    return (unsigned)(a->count + b->count) - 2 * common;
}

Test(unified, random_sequences_apply)
{
    struct sc_lines *lines = some_lines(40);
    uint64_t seed = 42;
    for (int round = 0; round < 3000; round++) {
        struct sc_sequence a = {0}, b = {0};
        unsigned letters = 1 + (unsigned)(next(&seed) % 12);
        size_t length = next(&seed) % 80;
        for (size_t i = 0; i < length; i++) {
            uint32_t id = (uint32_t)(next(&seed) % letters);
            unsigned what = (unsigned)(next(&seed) % (1 + (unsigned)round % 30));
            if (what != 1)
                sc_sequence_add(&a, id);
            if (what != 2)
                sc_sequence_add(&b, what == 3 ? (id + 1) % 40 : id);
        }
        check_patch(lines, &a, &b);
        struct sc_diff diff;
        sc_diff_make(&a, &b, &diff);
        unsigned count = 0;
        for (size_t i = 0; i < a.count; i++)
            count += diff.only_a[i];
        for (size_t i = 0; i < b.count; i++)
            count += diff.only_b[i];
        cr_assert_eq(count, shortest(&a, &b));
        sc_diff_free(&diff);
        sc_sequence_free(&a);
        sc_sequence_free(&b);
    }
    sc_lines_free(lines);
}

/* Long and different enough for the bound to be reached. */
Test(unified, beyond_the_bound)
{
    struct sc_lines *lines = some_lines(40);
    uint64_t seed = 4711;
    for (int round = 0; round < 4; round++) {
        struct sc_sequence a = {0}, b = {0};
        for (size_t i = 0; i < 60000; i++)
            sc_sequence_add(&a, (uint32_t)(next(&seed) % (uint64_t)(round + 2)));
        for (size_t i = 0; i < (round & 1 ? 300u : 60000u); i++)
            sc_sequence_add(&b, (uint32_t)(next(&seed) % 7));
        check_patch(lines, &a, &b);
        check_patch(lines, &b, &a);
        sc_sequence_free(&a);
        sc_sequence_free(&b);
    }
    sc_lines_free(lines);
}

Test(unified, patch_accepts_it)
{
    if (access("/usr/bin/patch", X_OK) != 0)
        cr_skip_test("no patch here");
    struct sc_lines *lines = some_lines(40);
    char directory[] = "/tmp/syscap-test-XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    uint64_t seed = 99;
    for (int round = 0; round < 20; round++) {
        struct sc_sequence a = {0}, b = {0};
        for (size_t i = 0; i < 300; i++) {
            uint32_t id = (uint32_t)(next(&seed) % 20);
            unsigned what = (unsigned)(next(&seed) % 12);
            if (what != 1)
                sc_sequence_add(&a, id);
            if (what != 2)
                sc_sequence_add(&b, id);
        }
        char name[64], command[256];
        int64_t differing;
        char *parts[3] = {text_of(lines, &a), text_of(lines, &b), unified(lines, &a, &b, &differing)};
        for (int i = 0; i < 3; i++) {
            snprintf(name, sizeof name, "%s/%c", directory, "abd"[i]);
            FILE *file = fopen(name, "w");
            fputs(parts[i], file);
            fclose(file);
            free(parts[i]);
        }
        snprintf(command, sizeof command, "cd %s && patch -s -F0 a d && cmp -s a b", directory);
        cr_assert_eq(system(command), 0);
        sc_sequence_free(&a);
        sc_sequence_free(&b);
    }
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    cr_assert_eq(system(command), 0);
    sc_lines_free(lines);
}

/* Lines behind those that are compared are context and stay as they are. */
Test(unified, first_lines_only)
{
    struct sc_lines *lines = some_lines(26);
    struct sc_sequence a = sequence_of("abcxyz"), b = sequence_of("abdduvw");
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    int64_t differing =
        sc_write_unified(out, lines, &(struct sc_diff_side){&a, 3, "a.txt"}, &(struct sc_diff_side){&b, 4, "b.txt"});
    fclose(out);
    cr_expect_eq(differing, 3);
    cr_expect_str_eq(text, "--- a.txt\n+++ b.txt\n@@ -1,6 +1,7 @@\n line 0\n line 1\n-line 2\n+line 3\n+line 3\n"
                           " line 23\n line 24\n line 25\n");
    free(text);
    out = open_memstream(&text, &size);
    differing =
        sc_write_unified(out, lines, &(struct sc_diff_side){&a, 2, "a.txt"}, &(struct sc_diff_side){&b, 2, "b.txt"});
    fclose(out);
    cr_expect_eq(differing, 0);
    cr_expect_str_eq(text, "");
    free(text);
    sc_sequence_free(&a);
    sc_sequence_free(&b);
    sc_lines_free(lines);
}

/* What is noted of the file is the file, line by line. */
static char *timeline(struct sc_lines *lines, const struct sc_sequence *sequence)
{
    char *text;
    size_t size;
    struct sc_line_writer log;
    struct sc_sequence whole = {0};
    FILE *out = open_memstream(&text, &size);
    sc_line_writer_begin(&log, out, lines);
    sc_line_writer_note(&log, lines, &whole);
    cr_assert_eq(sc_write_timeline(&log, sequence), 0);
    cr_assert_eq(sc_line_writer_finish(&log), 0);
    fclose(out);
    char *noted = text_of(lines, &whole);
    cr_expect_str_eq(noted, text);
    free(noted);
    sc_sequence_free(&whole);
    return text;
}

static void expect_timeline(const char *letters, const char *expected)
{
    struct sc_lines *lines = sc_lines_new();
    for (const char *letter = "abcdefghijklmnopqrstuvwxyz"; *letter; letter++) {
        uint32_t id;
        sc_lines_intern(lines, letter, 1, &id);
    }
    struct sc_sequence sequence = sequence_of(letters);
    char *text = timeline(lines, &sequence);
    cr_expect_str_eq(text, expected);
    free(text);
    sc_sequence_free(&sequence);
    sc_lines_free(lines);
}

Test(timeline, loops)
{
    expect_timeline("", "");
    expect_timeline("abc", "a\nb\nc\n");
    expect_timeline("xaaaay", "x\n4 x { a }\ny\n");
    expect_timeline("xabababy", "x\n3 x { a; b }\ny\n");
    expect_timeline("abbabbabbc", "3 x { a; 2 x { b } }\nc\n");
    expect_timeline("aabaabcaabaabc", "2 x { 2 x { 2 x { a }; b }; c }\n");
}

Test(timeline, blocks_where_lines_are_long)
{
    struct sc_lines *lines = sc_lines_new();
    char text[101];
    uint32_t id;
    struct sc_sequence sequence = {0};
    for (int turn = 0; turn < 2; turn++)
        for (int c = 'a'; c <= 'b'; c++) {
            memset(text, c, 100);
            sc_lines_intern(lines, text, 100, &id);
            sc_sequence_add(&sequence, id);
        }
    char *written = timeline(lines, &sequence);
    cr_expect_eq(strncmp(written, "2 x {\n    aaaa", 14), 0, "%s", written);
    cr_expect_str_eq(written + strlen(written) - 4, "b\n}\n");
    free(written);
    sc_sequence_free(&sequence);
    sc_lines_free(lines);
}

/* A random program of loops within loops, and noise. */
static void generate(struct sc_sequence *sequence, uint64_t *seed, unsigned depth)
{
    unsigned parts = 1 + (unsigned)(next(seed) % 4);
    for (unsigned part = 0; part < parts && sequence->count < 20000; part++) {
        uint32_t id = (uint32_t)(next(seed) % 6);
        if (depth == 0 || next(seed) % 3 == 0) {
            sc_sequence_add(sequence, id);
            continue;
        }
        uint64_t body = next(seed);
        unsigned times = 1 + (unsigned)(next(seed) % 6);
        for (unsigned turn = 0; turn < times; turn++) {
            uint64_t same = body;
            generate(sequence, &same, depth - 1);
        }
    }
}

Test(fold, nothing_is_lost)
{
    uint64_t seed = 1;
    for (int round = 0; round < 1000; round++) {
        struct sc_sequence sequence = {0}, back = {0};
        generate(&sequence, &seed, (unsigned)round % 6);
        if (round % 3 == 0)
            for (size_t i = 0; i < sequence.count; i += 1 + next(&seed) % 50)
                sequence.ids[i] = (uint32_t)(next(&seed) % 6);
        struct sc_fold *fold;
        cr_assert_eq(sc_fold_make(&sequence, &fold), 0);
        cr_assert_eq(sc_unfold(fold, &back), 0);
        cr_assert_eq(back.count, sequence.count);
        cr_assert(sequence.count == 0 || memcmp(back.ids, sequence.ids, back.count * sizeof *back.ids) == 0);
        size_t count;
        sc_fold_items(fold, &count);
        cr_assert_leq(count, sequence.count);
        sc_fold_free(fold);
        sc_sequence_free(&sequence);
        sc_sequence_free(&back);
    }
}
