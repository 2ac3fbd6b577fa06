#include "named.h"

#include <stdlib.h>
#include <string.h>

/* What a run did at a path and below. */
struct named {
    bool written, executed;
    size_t inputs;
    uint64_t bytes; /* of the inputs */
};

/* Is it path, or below it; a relative one, where the working directory is not known, below any directory. */
static bool is_there(const char *file, const char *path, size_t len)
{
    if (path[0] == '/')
        return strncmp(file, path, len) == 0 && (file[len] == '/' || !file[len] || len == 1);
    for (const char *at = file; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, path, len) == 0 && (at[len] == '/' || !at[len]))
            return true;
    }
    return false;
}

static void add_file(const struct sc_files *files, uint32_t index, struct named *named)
{
    const struct sc_file *file = sc_files_get(files, index);
    int64_t size = sc_files_size(files, index);
    named->written |= file->counts.writes || file->made;
    named->inputs++;
    named->bytes += size >= 0 ? (uint64_t)size : file->counts.bytes_read;
}

static struct named look_at(const struct sc_side *side, const char *path, bool *ret_failed)
{
    struct named named = {0};
    char *clean = side->files ? sc_path_below(side->run->cwd, path) : NULL;
    if (!clean) {
        *ret_failed |= side->files != NULL;
        return named;
    }
    size_t len = strlen(clean), count = sc_files_count(side->files);
    while (len > 1 && clean[len - 1] == '/')
        clean[--len] = '\0';
    for (size_t i = 0; i < count; i++) {
        const struct sc_file *file = sc_files_get(side->files, (uint32_t)i);
        if (file->regular && is_there(file->path, clean, len))
            add_file(side->files, (uint32_t)i, &named);
    }
    named.executed = sc_files_executed(side->files, clean);
    free(clean);
    return named;
}

bool sc_names_the_same(const struct sc_side *a, const char *path_a, const struct sc_side *b, const char *path_b,
                       bool alike, bool *ret_failed)
{
    struct named of_a = look_at(a, path_a, ret_failed), of_b = look_at(b, path_b, ret_failed);
    if (!of_a.inputs || !of_b.inputs)
        return alike || (of_a.executed && of_b.executed);
    if (of_a.written || of_b.written)
        return of_a.written == of_b.written;
    return of_a.inputs == of_b.inputs && of_a.bytes == of_b.bytes;
}
