#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unpack.h"

#define MEMORY_MAX (UINT64_C(1) << 30)

struct sc_input {
    char *path;
    int spool;
    unsigned users;
    bool once;               /* a pipe: kept, since it may be asked for again and has no second beginning */
    pthread_mutex_t filling; /* held while the spool is being filled */
    int result;
    struct sc_error error;
    struct sc_unpacked unpacked;
    struct sc_input *next;
};

/* By path, so that a run's second reading, and a run that stands in for another, find what the first one spooled. */
static struct sc_input *inputs;
static pthread_mutex_t inputs_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t limit = SC_UNPACKED_MAX;

void sc_input_limit(uint64_t bytes)
{
    limit = bytes;
}

static bool is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

int sc_input_stat(const char *path, struct stat *ret_info)
{
    return is_stdin(path) ? fstat(STDIN_FILENO, ret_info) : stat(path, ret_info);
}

static int fail(struct sc_error *error, const char *path, int cause)
{
    snprintf(error->text, sizeof error->text, "%s: %s", path, strerror(cause));
    return -cause;
}

static int refuse(struct sc_error *error, const char *path, int cause, const char *text)
{
    snprintf(error->text, sizeof error->text, "%s: %s", path, text);
    return -cause;
}

/* Is it to be spooled? 1, 0 or -errno. once: it can be read only once. */
static int look_at(const char *path, bool *ret_once, struct sc_error *error)
{
    struct stat info;
    if (sc_input_stat(path, &info) != 0)
        return fail(error, path, errno);
    *ret_once = is_stdin(path) || S_ISFIFO(info.st_mode);
    if (S_ISDIR(info.st_mode))
        return refuse(error, path, EISDIR, "is a directory");
    if (is_stdin(path) && isatty(STDIN_FILENO))
        return refuse(error, path, EINVAL, "is a terminal");
    if (*ret_once)
        return 1;
    if (!S_ISREG(info.st_mode))
        return refuse(error, path, EINVAL, "is no regular file and no pipe");
    unsigned char head[SC_PACKED_MAGIC];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return fail(error, path, errno);
    ssize_t got = pread(fd, head, sizeof head, 0);
    int cause = errno;
    close(fd);
    return got < 0 ? fail(error, path, cause) : sc_is_packed(head, (size_t)got);
}

static void fill(struct sc_input *input)
{
    bool memory;
    input->spool = sc_spool_new(&memory);
    if (input->spool < 0) {
        input->result = fail(&input->error, input->path, -input->spool);
        return;
    }
    int fd = is_stdin(input->path) ? STDIN_FILENO : open(input->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        input->result = fail(&input->error, input->path, errno);
    else
        input->result = sc_unpack(fd, input->path, input->spool, memory && limit > MEMORY_MAX ? MEMORY_MAX : limit,
                                  &input->unpacked, &input->error);
    if (fd >= 0 && !is_stdin(input->path))
        close(fd);
}

static struct sc_input *find(const char *path)
{
    struct sc_input *input = inputs;
    while (input && strcmp(input->path, path) != 0)
        input = input->next;
    return input;
}

/* The list's lock is held; the new entry's too when this returns. */
static struct sc_input *add(const char *path, bool once)
{
    struct sc_input *input = calloc(1, sizeof *input);
    if (!input || !(input->path = strdup(path))) {
        free(input);
        return NULL;
    }
    input->spool = -1;
    input->once = once;
    pthread_mutex_init(&input->filling, NULL);
    pthread_mutex_lock(&input->filling);
    input->next = inputs;
    inputs = input;
    return input;
}

int sc_input_take(const char *path, struct sc_input **ret_input, struct sc_error *ret_error)
{
    bool once = false;
    *ret_input = NULL;
    int spooled = look_at(path, &once, ret_error);
    if (spooled <= 0)
        return spooled;
    pthread_mutex_lock(&inputs_lock);
    struct sc_input *input = find(path);
    bool is_new = !input;
    if (is_new && !(input = add(path, once))) {
        pthread_mutex_unlock(&inputs_lock);
        return fail(ret_error, path, ENOMEM);
    }
    input->users++;
    pthread_mutex_unlock(&inputs_lock);
    /* Not under the list's lock: two pipes may be filled by one program, which waits for both to be read. */
    if (is_new)
        fill(input);
    else
        pthread_mutex_lock(&input->filling);
    pthread_mutex_unlock(&input->filling);
    int result = input->result;
    if (result != 0) {
        *ret_error = input->error;
        sc_input_release(input);
        return result;
    }
    *ret_input = input;
    return 0;
}

void sc_input_release(struct sc_input *input)
{
    if (!input)
        return;
    pthread_mutex_lock(&inputs_lock);
    bool last = --input->users == 0 && !input->once;
    for (struct sc_input **at = &inputs; last && *at; at = &(*at)->next)
        if (*at == input) {
            *at = input->next;
            break;
        }
    pthread_mutex_unlock(&inputs_lock);
    if (!last)
        return;
    if (input->spool >= 0)
        close(input->spool);
    pthread_mutex_destroy(&input->filling);
    free(input->path);
    free(input);
}

uint64_t sc_input_bytes(const struct sc_input *input)
{
    return input->unpacked.bytes;
}

const char *sc_input_damage(const struct sc_input *input)
{
    return input->unpacked.damage[0] ? input->unpacked.damage : NULL;
}

int sc_input_open(const char *path)
{
    pthread_mutex_lock(&inputs_lock);
    const struct sc_input *input = find(path);
    int spool = input ? input->spool : -1;
    pthread_mutex_unlock(&inputs_lock);
    int fd = spool >= 0 ? fcntl(spool, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return fd < 0 ? -errno : fd;
}

struct stream {
    int fd;
    uint64_t at;
};

static ssize_t read_stream(void *cookie, char *to, size_t bytes)
{
    struct stream *stream = cookie;
    ssize_t got = pread(stream->fd, to, bytes, (off_t)stream->at);
    stream->at += got > 0 ? (uint64_t)got : 0;
    return got;
}

static int close_stream(void *cookie)
{
    struct stream *stream = cookie;
    close(stream->fd);
    free(stream);
    return 0;
}

FILE *sc_input_stream(const char *path)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->fd = sc_input_open(path);
    errno = stream->fd < 0 ? -stream->fd : 0;
    FILE *file = stream->fd < 0
                     ? NULL
                     : fopencookie(stream, "r", (cookie_io_functions_t){.read = read_stream, .close = close_stream});
    if (!file && stream->fd >= 0)
        close(stream->fd);
    if (!file)
        free(stream);
    return file;
}
