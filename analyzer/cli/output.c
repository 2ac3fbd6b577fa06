#include "output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../model/input_name.h"
#include "../sources/input.h"
#include "../sources/unpack.h"
#include "write_behind.h"

static int report(const char *path, int error, struct sc_error *ret_error)
{
    snprintf(ret_error->text, sizeof ret_error->text, "%s: cannot be written: %s", path, strerror(-error));
    return error;
}

static void forget(struct sc_output *output)
{
    free(output->path);
    free(output->temporary);
    *output = (struct sc_output){0};
}

static int make_temporary(struct sc_output *output)
{
    static _Thread_local unsigned number; /* a thread may write several files at a time: exports */
    const char *slash = strrchr(output->path, '/');
    int directory = slash ? (int)(slash - output->path) + 1 : 0;
    if (asprintf(&output->temporary, "%.*s.syscap.%d.%u.tmp", directory, output->path, (int)gettid(), number++) < 0) {
        output->temporary = NULL;
        return -ENOMEM;
    }
    /* Of this thread alone. A leftover of a killed analyzer is nobody's. */
    unlink(output->temporary);
    int fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return fd < 0 ? -errno : fd;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is the file one of PREFIX.1, PREFIX.2 ...? */
static bool is_of_family(const char *prefix, const struct stat *file)
{
    const char *slash = strrchr(prefix, '/');
    const char *base = slash ? slash + 1 : prefix;
    char *directory = slash ? strndup(prefix, (size_t)(slash - prefix) + 1) : strdup(".");
    DIR *dir = directory ? opendir(directory) : NULL;
    free(directory);
    if (!dir)
        return false;
    bool found = false;
    size_t len = strlen(base);
    for (const struct dirent *entry; !found && (entry = readdir(dir));) {
        struct stat member;
        if (sc_family_member(entry->d_name, base, len))
            found = fstatat(dirfd(dir), entry->d_name, &member, 0) == 0 && is_same(&member, file);
    }
    closedir(dir);
    return found;
}

static bool holds_capture(const char *path)
{
    char head[sizeof SC_MAGIC - 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return false;
    bool holds = sc_unpack_head(fd, head, sizeof head) == sizeof head && memcmp(head, SC_MAGIC, sizeof head) == 0;
    close(fd);
    return holds;
}

/* Why the file that stands there must not be replaced; NULL where nothing speaks against it. */
static const char *objection(const char *path, const struct stat *file, const struct sc_inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        struct stat input;
        bool there = sc_input_stat(inputs->paths[i], &input) == 0;
        if (there ? is_same(&input, file) : is_of_family(inputs->paths[i], file))
            return "it is an input";
    }
    return holds_capture(path) ? "it is a capture, which would be lost" : NULL;
}

int sc_output_open(const char *path, const struct sc_inputs *inputs, struct sc_output *ret_output,
                   struct sc_error *ret_error)
{
    struct stat info;
    bool there = stat(path, &info) == 0;
    const char *against = there && S_ISREG(info.st_mode) ? objection(path, &info, inputs) : NULL;
    if (against) {
        snprintf(ret_error->text, sizeof ret_error->text, "%s: cannot be written: %s", path, against);
        return -EEXIST;
    }
    *ret_output = (struct sc_output){.path = strdup(path)};
    int fd = -ENOMEM;
    if (ret_output->path && there && !S_ISREG(info.st_mode)) {
        fd = open(path, O_WRONLY | O_CLOEXEC);
        fd = fd < 0 ? -errno : fd;
    } else if (ret_output->path) {
        fd = make_temporary(ret_output);
    }
    if (fd >= 0 && !(ret_output->file = sc_write_behind(fd))) {
        close(fd);
        fd = -ENOMEM;
    }
    if (fd >= 0)
        return 0;
    forget(ret_output);
    return report(path, fd, ret_error);
}

int sc_output_close(struct sc_output *output, int failed, struct sc_error *ret_error)
{
    int error = fflush(output->file) || ferror(output->file) ? -EIO : 0;
    if (fclose(output->file)) /* which knows what went wrong first */
        error = -errno;
    if (output->temporary && !failed && !error && rename(output->temporary, output->path))
        error = -errno;
    if (output->temporary && (failed || error))
        unlink(output->temporary);
    if (error && !failed)
        report(output->path, error, ret_error);
    forget(output);
    return failed ? failed : error;
}

int sc_make_directory(const char *path, struct sc_error *ret_error)
{
    char *copy = strdup(path);
    if (!copy)
        return report(path, -ENOMEM, ret_error);
    int error = 0;
    for (char *p = copy + 1; !error; p++) {
        if (*p != '/' && *p)
            continue;
        char kept = *p;
        *p = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            error = -errno;
        *p = kept;
        if (!kept)
            break;
    }
    struct stat info;
    if (!error && stat(copy, &info))
        error = -errno;
    else if (!error && !S_ISDIR(info.st_mode))
        error = -ENOTDIR;
    free(copy);
    return error ? report(path, error, ret_error) : 0;
}
