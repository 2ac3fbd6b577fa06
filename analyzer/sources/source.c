#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    for (const struct dirent *entry; !found && (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (strncmp(name, base, len) == 0 && name[len] == '.' && name[len + 1])
            found = name[len + 1 + strspn(name + len + 1, "0123456789")] == '\0';
    }
    closedir(dir);
    return found;
}

/* The first bytes of path, which has to be a regular file: anything else may block or cannot be read twice. */
static int read_head(const char *path, unsigned char *head, size_t *ret_len, struct sc_error *error)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return fail(error, path, errno);
    if (S_ISDIR(st.st_mode)) {
        snprintf(error->text, sizeof error->text, "%s: is a directory", path);
        return -EISDIR;
    }
    if (!S_ISREG(st.st_mode)) {
        snprintf(error->text, sizeof error->text, "%s: is no regular file", path);
        return -EINVAL;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return fail(error, path, errno);
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

int sc_source_open(const char *path, struct sc_source **ret_source, struct sc_error *ret_error)
{
    unsigned char head[HEAD_BYTES];
    size_t len = 0;
    ret_error->text[0] = '\0';
    int result = read_head(path, head, &len, ret_error);
    if (result == -ENOENT && is_prefix(path))
        return sc_strace_source.open(path, ret_source, ret_error);
    if (result != 0)
        return result;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i]->recognise(path, head, len))
            return kinds[i]->open(path, ret_source, ret_error);
    snprintf(ret_error->text, sizeof ret_error->text, "%s: byte 0: neither a capture nor a strace log", path);
    return -EBADMSG;
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
    if (source)
        source->ops->close(source);
}
