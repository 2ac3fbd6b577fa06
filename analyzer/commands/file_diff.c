#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../stages/sequence.h"
#include "formatted.h"

enum { READ_BYTES = 1 << 20 };

/* The whole lines among bytes, as many as are handed on at a time. Returns how many bytes they are; 0: no line ends. */
static size_t split(const char *bytes, size_t size, const char **texts, size_t *lens, size_t *ret_count)
{
    size_t used = 0, count = 0;
    while (count < SC_LINES_MANY) {
        const char *end = memchr(bytes + used, '\n', size - used);
        if (!end)
            break;
        texts[count] = bytes + used;
        lens[count++] = (size_t)(end - bytes) - used;
        used = (size_t)(end - bytes) + 1;
    }
    *ret_count = count;
    return used;
}

static int add_lines(struct sc_lines *lines, const char *const *texts, const size_t *lens, size_t count,
                     struct sc_sequence *sequence)
{
    uint32_t ids[SC_LINES_MANY];
    int error = sc_lines_intern_many(lines, texts, lens, count, ids);
    for (size_t i = 0; i < count && !error; i++)
        error = sc_sequence_add(sequence, ids[i]);
    return error;
}

/* Every line that these files hold is shorter than the buffer; a longer one would be two. */
static int read_lines(const char *path, struct sc_lines *lines, struct sc_sequence *sequence)
{
    FILE *file = fopen(path, "re");
    char *bytes = file ? malloc(READ_BYTES) : NULL;
    int error = !file ? -errno : !bytes ? -ENOMEM : 0;
    size_t have = 0, got = 1;
    while (!error && got > 0) {
        got = fread(bytes + have, 1, READ_BYTES - have, file);
        have += got;
        const char *texts[SC_LINES_MANY] = {bytes};
        size_t lens[SC_LINES_MANY] = {have}, count, used, begin = 0;
        while (!error && (used = split(bytes + begin, have - begin, texts, lens, &count)) > 0) {
            error = add_lines(lines, texts, lens, count, sequence);
            begin += used;
        }
        have -= begin;
        memmove(bytes, bytes + begin, have);
        if (!error && have && (got == 0 || have == READ_BYTES)) { /* the last line, without its end */
            texts[0] = bytes;
            lens[0] = have;
            error = add_lines(lines, texts, lens, 1, sequence);
            have = 0;
        }
    }
    if (!error && ferror(file))
        error = -EIO;
    free(bytes);
    if (file)
        fclose(file);
    return error;
}

/* From the files as they stand, and not from what they were made of: so `patch` can apply it whatever is in them. */
int64_t sc_write_file_diff(FILE *out, const char *path_a, const char *name_a, const char *path_b, const char *name_b)
{
    struct sc_lines *lines = sc_lines_new();
    struct sc_sequence a = {0}, b = {0};
    int64_t result = lines ? 0 : -ENOMEM;
    if (!result)
        result = read_lines(path_a, lines, &a);
    if (!result)
        result = read_lines(path_b, lines, &b);
    if (!result)
        result = sc_write_unified(out, lines, &a, name_a, &b, name_b);
    sc_sequence_free(&a);
    sc_sequence_free(&b);
    if (lines)
        sc_lines_free(lines);
    return result;
}
