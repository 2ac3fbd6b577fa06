#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../model/input_name.h"
#include "input.h"

enum { HEAD_BYTES = 4096 };

/* A capture says by its first bytes what it is; a table is tried before a log, which takes much for a line. */
static const struct sc_source_ops *const kinds[] = {&sc_capture_source, &sc_strace_summary_source, &sc_strace_source};

static int fail(struct sc_error *error, const char *path, int cause)
{
    snprintf(error->text, sizeof error->text, "%s: %s", path, strerror(cause));
    return -cause;
}

/* strace -ff writes one file per process, named PREFIX.PID. */
static bool is_prefix(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t len = strlen(base);
    char directory[4096] = ".";
    if (!len || (slash && (size_t)(slash - path) + 1 >= sizeof directory))
        return false;
    if (slash)
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path) + 1, path);
    DIR *dir = opendir(directory);
    if (!dir)
        return false;
    bool found = false;
    for (const struct dirent *entry; !found && (entry = readdir(dir));)
        found = sc_family_member(entry->d_name, base, len) > 0;
    closedir(dir);
    return found;
}

/* The first bytes of path. */
static int read_head(const char *path, unsigned char *head, size_t *ret_len, struct sc_error *error)
{
    int fd = sc_input_open(path);
    if (fd < 0)
        return fail(error, path, -fd);
    ssize_t got = pread(fd, head, HEAD_BYTES, 0);
    int cause = errno;
    close(fd);
    if (got < 0)
        return fail(error, path, cause);
    if (got == 0) {
        snprintf(error->text, sizeof error->text, "%s: byte 0: the file is empty", path);
        return -EBADMSG;
    }
    *ret_len = (size_t)got;
    return 0;
}

static int open_kind(const char *path, struct sc_source **ret_source, struct sc_error *ret_error)
{
    unsigned char head[HEAD_BYTES];
    size_t len = 0;
    int result = read_head(path, head, &len, ret_error);
    if (result != 0)
        return result;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i]->recognise(path, head, len))
            return kinds[i]->open(path, ret_source, ret_error);
    snprintf(ret_error->text, sizeof ret_error->text, "%s: byte 0: neither a capture nor a strace log", path);
    return -EBADMSG;
}

int sc_source_damaged(struct sc_source *source, const char *path, const struct sc_input *input)
{
    char *text;
    const char *damage = input ? sc_input_damage(input) : NULL;
    if (!damage)
        return 0;
    source->run.coverage.damaged = true;
    return asprintf(&text, "%s: %s; what follows is lost.", path, damage) < 0 ? -ENOMEM
                                                                              : sc_run_warn(&source->run, text);
}

int sc_source_open(const char *path, struct sc_source **ret_source, struct sc_error *ret_error)
{
    struct sc_input *input;
    ret_error->text[0] = '\0';
    int result = sc_input_take(path, &input, ret_error);
    if (result == -ENOENT && is_prefix(path)) {
        ret_error->text[0] = '\0';
        return sc_strace_source.open(path, ret_source, ret_error);
    }
    if (result != 0)
        return result;
    result = open_kind(path, ret_source, ret_error);
    if (result != 0) {
        sc_input_release(input);
        return result;
    }
    (*ret_source)->input = input;
    if (sc_source_damaged(*ret_source, path, input) == 0)
        return 0;
    sc_source_close(*ret_source);
    return fail(ret_error, path, ENOMEM);
}

int sc_source_open_agreed(const char *path, const struct sc_terms *terms, struct sc_source **ret_source,
                          struct sc_error *ret_error)
{
    int result = sc_source_open(path, ret_source, ret_error);
    if (result != 0)
        return result;
    struct sc_source *source = *ret_source;
    source->terms = *terms;
    source->run.own_names = terms->own_names;
    if (!terms->cwd || source->run.cwd || (source->run.cwd = strdup(terms->cwd)))
        return 0;
    sc_source_close(source);
    return fail(ret_error, path, ENOMEM);
}

int64_t sc_source_next(struct sc_source *source, struct sc_event *events, size_t capacity, struct sc_error *ret_error)
{
    return source->ops->next(source, events, capacity, ret_error);
}

const struct sc_run *sc_source_run(const struct sc_source *source)
{
    return &source->run;
}

void sc_source_progress(const struct sc_source *source, uint64_t *ret_done, uint64_t *ret_total)
{
    *ret_done = *ret_total = 0;
    if (source->ops->progress)
        source->ops->progress(source, ret_done, ret_total);
}

int sc_source_counts(const struct sc_source *source, const struct sc_counted_call **ret_rows, size_t *ret_count)
{
    return source->ops->counts ? source->ops->counts(source, ret_rows, ret_count) : -ENOTSUP;
}

void sc_source_close(struct sc_source *source)
{
    if (!source)
        return;
    struct sc_input *input = source->input;
    source->ops->close(source);
    sc_input_release(input);
}
