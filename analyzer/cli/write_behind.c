#include "write_behind.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 18, STDIO_BYTES = 1 << 16 };

/* One block is filled while the other is written: of the thread while full says so. */
struct behind {
    int fd;
    int error; /* the first one, errno */
    size_t filling, used;
    char *blocks[2];
    char stdio[STDIO_BYTES]; /* the file's own */
    size_t full[2];          /* its bytes; 0: free */
    bool running, done;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

/* 0, or errno. */
static int write_all(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno != EINTR)
            return errno;
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

static void *write_blocks(void *argument)
{
    struct behind *behind = argument;
    pthread_mutex_lock(&behind->lock);
    for (size_t turn = 0;; turn = 1 - turn) {
        while (!behind->full[turn] && !behind->done)
            pthread_cond_wait(&behind->changed, &behind->lock);
        if (!behind->full[turn])
            break;
        bool failed = behind->error != 0;
        pthread_mutex_unlock(&behind->lock);
        int error = failed ? 0 : write_all(behind->fd, behind->blocks[turn], behind->full[turn]);
        pthread_mutex_lock(&behind->lock);
        behind->error = behind->error ? behind->error : error;
        behind->full[turn] = 0;
        pthread_cond_signal(&behind->changed);
    }
    pthread_mutex_unlock(&behind->lock);
    return NULL;
}

/* Gives the block to the thread and waits for the other. Without a thread it is written here. 0, or errno of any block
 * before. */
static int hand_over(struct behind *behind)
{
    if (!behind->running)
        behind->running = pthread_create(&behind->thread, NULL, write_blocks, behind) == 0;
    if (!behind->running) {
        behind->error = behind->error ? behind->error : write_all(behind->fd, behind->blocks[0], behind->used);
        behind->used = 0;
        return behind->error;
    }
    pthread_mutex_lock(&behind->lock);
    behind->full[behind->filling] = behind->used;
    behind->filling = 1 - behind->filling;
    behind->used = 0;
    pthread_cond_signal(&behind->changed);
    while (behind->full[behind->filling])
        pthread_cond_wait(&behind->changed, &behind->lock);
    int error = behind->error;
    pthread_mutex_unlock(&behind->lock);
    return error;
}

/* What was written in vain is said as soon as it is known, so that nobody goes on for nothing. */
static ssize_t take(void *cookie, const char *bytes, size_t count)
{
    struct behind *behind = cookie;
    for (size_t left = count; left > 0;) {
        size_t room = BLOCK_BYTES - behind->used, part = left < room ? left : room;
        memcpy(behind->blocks[behind->filling] + behind->used, bytes, part);
        behind->used += part;
        bytes += part;
        left -= part;
        int error = behind->used == BLOCK_BYTES ? hand_over(behind) : 0;
        if (error) {
            errno = error;
            return 0;
        }
    }
    return (ssize_t)count;
}

static void forget(struct behind *behind)
{
    free(behind->blocks[0]);
    free(behind->blocks[1]);
    free(behind);
}

static int end(void *cookie)
{
    struct behind *behind = cookie;
    if (behind->running) {
        pthread_mutex_lock(&behind->lock);
        behind->done = true;
        pthread_cond_signal(&behind->changed);
        pthread_mutex_unlock(&behind->lock);
        pthread_join(behind->thread, NULL);
    }
    int error = behind->error;
    if (!error)
        error = write_all(behind->fd, behind->blocks[behind->filling], behind->used);
    if (close(behind->fd) && !error)
        error = errno;
    pthread_mutex_destroy(&behind->lock);
    pthread_cond_destroy(&behind->changed);
    forget(behind);
    errno = error;
    return error ? -1 : 0;
}

FILE *sc_write_behind(int fd)
{
    struct behind *behind = calloc(1, sizeof *behind);
    if (!behind)
        return NULL;
    behind->fd = fd;
    behind->blocks[0] = malloc(BLOCK_BYTES);
    behind->blocks[1] = malloc(BLOCK_BYTES);
    FILE *file = NULL;
    if (behind->blocks[0] && behind->blocks[1])
        file = fopencookie(behind, "w", (cookie_io_functions_t){.write = take, .close = end});
    if (!file) {
        forget(behind);
        return NULL;
    }
    pthread_mutex_init(&behind->lock, NULL);
    pthread_cond_init(&behind->changed, NULL);
    setvbuf(file, behind->stdio, _IOFBF, sizeof behind->stdio);
    return file;
}
