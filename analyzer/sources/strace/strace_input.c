#include "strace_log.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "../input.h"

static void take_line(struct sc_strace_input *input, const char *line, size_t len)
{
    if (len > 0 && line[len - 1] == '\r')
        len--;
    input->line = (struct sc_span){line, len};
    input->line_number++;
    input->has_line = true;
}

/* A line that will not fit: its beginning is handed out, its rest passed over. */
static int overlong(struct sc_strace_input *input)
{
    const char *line = input->data + input->begin;
    size_t len = input->end - input->begin;
    input->begin = input->end;
    if (input->skipping)
        return 0;
    input->skipping = true;
    input->line_cut = true;
    take_line(input, line, len);
    return 1;
}

int sc_strace_input_line(struct sc_strace_input *input)
{
    if (!input->data)
        return input->at_end ? -1 : 0;
    for (;;) {
        size_t left = input->end - input->begin;
        const char *line = input->data + input->begin;
        const char *newline = left ? memchr(line, '\n', left) : NULL;
        if (newline) {
            size_t len = (size_t)(newline - line);
            input->begin += len + 1;
            input->line_cut = false;
            if (input->skipping) {
                input->skipping = false;
                continue;
            }
            take_line(input, line, len);
            return 1;
        }
        if (!input->at_end)
            return left >= SC_STRACE_LINE_MAX || (input->skipping && left) ? overlong(input) : 0;
        if (left == 0 || input->skipping)
            return -1;
        input->begin = input->end;
        input->line_cut = true;
        take_line(input, line, left);
        return 1;
    }
}

/* Moves what is left to the front and makes room behind it. */
static int make_room(struct sc_strace_input *input, size_t first_capacity)
{
    size_t left = input->end - input->begin;
    if (input->data && left)
        memmove(input->data, input->data + input->begin, left);
    input->begin = 0;
    input->end = left;
    size_t capacity = input->capacity ? input->capacity : first_capacity;
    while (left > capacity / 2 && capacity < SC_STRACE_LINE_MAX + (size_t)first_capacity)
        capacity *= 2;
    if (capacity == input->capacity)
        return 0;
    char *data = realloc(input->data, capacity + SC_STRACE_PAD);
    if (!data)
        return -ENOMEM;
    memset(data + left, 0, capacity + SC_STRACE_PAD - left);
    input->data = data;
    input->capacity = capacity;
    return 0;
}

int sc_strace_input_fill(struct sc_strace_input *input, size_t first_capacity)
{
    int error = make_room(input, first_capacity);
    if (error)
        return error;
    /* A family can have more files than a process may have descriptors: none stays open between two reads. */
    int fd = input->fd >= 0 ? input->fd : sc_input_open(input->path);
    if (fd < 0)
        return fd;
    ssize_t got;
    do {
        got = pread(fd, input->data + input->end, input->capacity - input->end, (off_t)input->offset);
    } while (got < 0 && errno == EINTR);
    error = got < 0 ? -errno : 0;
    if (input->fd < 0)
        close(fd);
    if (error)
        return error;
    if (got == 0)
        input->at_end = true;
    input->end += (size_t)got;
    input->offset += (uint64_t)got;
    return 0;
}

void sc_strace_input_free(struct sc_strace_input *input)
{
    if (input->fd >= 0)
        close(input->fd);
    sc_input_release(input->held);
    free(input->path);
    free(input->data);
    *input = (struct sc_strace_input){.fd = -1};
}
