#include <errno.h>
#include <stdlib.h>

#include "../stages/sequence.h"
#include "formatted.h"

static int read_lines(const char *path, struct sc_lines *lines, struct sc_sequence *sequence)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return -errno;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    int error = 0;
    while (!error && (len = getline(&line, &capacity, file)) > 0) {
        uint32_t id;
        if (line[len - 1] == '\n')
            len--;
        error = sc_lines_intern(lines, line, (size_t)len, &id);
        if (!error)
            error = sc_sequence_add(sequence, id);
    }
    if (!error && ferror(file))
        error = -EIO;
    free(line);
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
