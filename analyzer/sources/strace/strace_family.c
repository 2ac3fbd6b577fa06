#include "../../model/array.h"
#include "strace_log.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../model/input_name.h"
#include "../input.h"

#define HALF_DAY (UINT64_C(43200) * UINT64_C(1000000000))

static int add_input(struct sc_strace_input **inputs, size_t *count, const char *directory, const char *name,
                     int32_t tid)
{
    if (SC_RESERVE_NEXT(*inputs, *count))
        return -ENOMEM;
    char *file = NULL;
    if (asprintf(&file, "%s%s", directory, name) < 0)
        return -ENOMEM;
    (*inputs)[(*count)++] = (struct sc_strace_input){.path = file, .tid = tid, .fd = -1};
    return 0;
}

static size_t packed(const struct sc_strace_input *input)
{
    return sc_packed_ending(input->path, strlen(input->path));
}

static int by_tid(const void *a, const void *b)
{
    const struct sc_strace_input *left = a, *right = b;
    return (left->tid > right->tid) - (left->tid < right->tid);
}

static int by_tid_and_ending(const void *a, const void *b)
{
    size_t left = packed(a), right = packed(b);
    int order = by_tid(a, b);
    return order ? order : (left > right) - (left < right);
}

/* A file that lies beside its packed copy is one file; the former is read. */
static void drop_copies(struct sc_strace_input *inputs, size_t *count)
{
    size_t kept = 0;
    if (*count)
        qsort(inputs, *count, sizeof *inputs, by_tid_and_ending);
    for (size_t i = 0; i < *count; i++) {
        if (kept && inputs[kept - 1].tid == inputs[i].tid)
            sc_strace_input_free(&inputs[i]);
        else
            inputs[kept++] = inputs[i];
    }
    *count = kept;
}

int sc_strace_family_find(const char *path, struct sc_strace_input **ret_inputs, size_t *ret_count, uint64_t *ret_total)
{
    *ret_inputs = NULL;
    *ret_count = 0;
    *ret_total = 0;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (!*name)
        return 0;
    char directory[PATH_MAX] = "";
    if (slash && snprintf(directory, sizeof directory, "%.*s", (int)(slash - path + 1), path) >= PATH_MAX)
        return -ENAMETOOLONG;
    DIR *dir = opendir(*directory ? directory : ".");
    if (!dir)
        return -errno;
    int error = 0;
    for (struct dirent *entry; !error && (entry = readdir(dir));) {
        int32_t tid = sc_family_member(entry->d_name, name, strlen(name));
        struct stat about;
        if (tid <= 0 || fstatat(dirfd(dir), entry->d_name, &about, 0) || !S_ISREG(about.st_mode))
            continue;
        error = add_input(ret_inputs, ret_count, directory, entry->d_name, tid);
        if (!error)
            (*ret_inputs)[*ret_count - 1].bytes = (uint64_t)about.st_size;
    }
    closedir(dir);
    drop_copies(*ret_inputs, ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        *ret_total += (*ret_inputs)[i].bytes;
    return error;
}

int sc_strace_family_take(struct sc_strace_family *family, struct sc_error *ret_error)
{
    int error = 0;
    for (size_t i = 0; i < family->count && !error; i++) {
        struct sc_strace_input *input = &family->inputs[i];
        error = sc_input_take(input->path, &input->held, ret_error);
        if (!input->held)
            continue;
        family->total += sc_input_bytes(input->held) - input->bytes;
        input->bytes = sc_input_bytes(input->held);
    }
    return error;
}

static int by_time(const void *a, const void *b)
{
    const struct sc_strace_input *left = a, *right = b;
    return left->when != right->when ? (left->when > right->when) - (left->when < right->when) : by_tid(a, b);
}

/* The first line's prefix, whether it is an execve, and whether there is none. */
static bool look_at_first(struct sc_strace_input *input, struct sc_strace_prefix *ret_prefix, bool *ret_empty)
{
    char head[1024 + SC_STRACE_PAD] = {0};
    *ret_prefix = (struct sc_strace_prefix){0};
    int fd = sc_input_open(input->path);
    ssize_t got = fd >= 0 ? pread(fd, head, 1024, 0) : -1;
    if (fd >= 0)
        close(fd);
    *ret_empty = got <= 0;
    if (got <= 0)
        return false;
    const char *newline = memchr(head, '\n', (size_t)got);
    sc_strace_prefix((struct sc_span){head, newline ? (size_t)(newline - head) : (size_t)got}, ret_prefix);
    bool exec = sc_span_begins(ret_prefix->body, "execve(");
    ret_prefix->body = (struct sc_span){0};
    return exec;
}

/* A clock without a date: what is earlier than the root's first line by half a day began after midnight. */
static void after_midnight(struct sc_strace_family *family, uint64_t first)
{
    for (size_t i = 0; i < family->count; i++) {
        struct sc_strace_input *input = &family->inputs[i];
        input->days = input->prefix.time_of_day && input->when + HALF_DAY < first;
        input->last_clock = input->when;
        input->when += input->days * 2 * HALF_DAY;
    }
}

int sc_strace_family_order(struct sc_strace_family *family)
{
    family->heap = calloc(family->count + 1, sizeof *family->heap);
    if (!family->heap)
        return -ENOMEM;
    if (family->count < 2)
        return 0;
    qsort(family->inputs, family->count, sizeof *family->inputs, by_tid);
    family->merge = true;
    size_t root = family->count;
    for (size_t i = 0; i < family->count; i++) {
        struct sc_strace_input *input = &family->inputs[i];
        bool empty;
        if (look_at_first(input, &input->prefix, &empty) && root == family->count)
            root = i;
        family->merge &= empty || (input->prefix.has_time && !input->prefix.has_delta);
        input->when = input->prefix.time_ns;
    }
    if (family->merge) {
        after_midnight(family, family->inputs[root < family->count ? root : 0].when);
        qsort(family->inputs, family->count, sizeof *family->inputs, by_time);
    } else if (root < family->count && root > 0) {
        struct sc_strace_input first = family->inputs[root];
        memmove(family->inputs + 1, family->inputs, root * sizeof *family->inputs);
        family->inputs[0] = first;
    }
    return 0;
}

static void follow_clock(struct sc_strace_input *input)
{
    const struct sc_strace_prefix *prefix = &input->prefix;
    if (prefix->has_time) {
        if (prefix->time_of_day && prefix->time_ns + HALF_DAY < input->last_clock)
            input->days++;
        input->last_clock = prefix->time_ns;
        input->when = prefix->time_ns + (prefix->time_of_day ? input->days * 2 * HALF_DAY : 0);
    } else if (prefix->has_delta) {
        input->relative += prefix->delta_ns;
        input->when = input->relative;
    }
}

/* The input's next line: 1, 0 (needs reading), -1 (no more), or an error. */
static int load(struct sc_strace_family *family, struct sc_strace_input *input, bool may_fill)
{
    size_t first = family->count > 1 ? SC_STRACE_FAMILY_BUFFER : SC_STRACE_BUFFER;
    if (family->total && family->total < first)
        first = (size_t)family->total + 4096;
    for (;;) {
        int state = sc_strace_input_line(input);
        if (state > 0) {
            sc_strace_prefix(input->line, &input->prefix);
            follow_clock(input);
        }
        if (state || !may_fill)
            return state;
        int error = sc_strace_input_fill(input, first);
        if (error)
            return error == -EPERM ? -EACCES : error; /* -1 means the end */
    }
}

static bool earlier(const struct sc_strace_family *family, size_t a, size_t b)
{
    uint64_t left = family->inputs[a].when, right = family->inputs[b].when;
    return left != right ? left < right : a < b;
}

static void sift_down(struct sc_strace_family *family)
{
    size_t at = 0, *heap = family->heap;
    for (;;) {
        size_t least = at, left = 2 * at + 1;
        if (left < family->heap_count && earlier(family, heap[left], heap[least]))
            least = left;
        if (left + 1 < family->heap_count && earlier(family, heap[left + 1], heap[least]))
            least = left + 1;
        if (least == at)
            return;
        size_t moved = heap[at];
        heap[at] = heap[least];
        heap[least] = moved;
        at = least;
    }
}

static void push(struct sc_strace_family *family, size_t input)
{
    size_t at = family->heap_count++, *heap = family->heap;
    while (at > 0 && earlier(family, input, heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = input;
}

/* Opens the inputs whose time has come. Their first reading moves nothing that an event points to. */
static int start_inputs(struct sc_strace_family *family)
{
    while (family->started < family->count) {
        struct sc_strace_input *next = &family->inputs[family->started];
        if (family->heap_count && (!family->merge || family->inputs[family->heap[0]].when < next->when))
            return 0;
        int state = load(family, next, true);
        if (state < -1)
            return state;
        if (state > 0)
            push(family, family->started);
        family->started++;
    }
    return 0;
}

int sc_strace_family_next(struct sc_strace_family *family, bool may_fill, struct sc_strace_input **ret_input)
{
    if (family->heap_count && !family->inputs[family->heap[0]].has_line) {
        struct sc_strace_input *input = &family->inputs[family->heap[0]];
        int state = load(family, input, may_fill);
        if (state == 0 || state < -1)
            return state;
        if (state == -1) {
            if (!may_fill)
                return 0; /* events still point into it */
            sc_strace_input_free(input);
            family->heap[0] = family->heap[--family->heap_count];
        }
        if (family->heap_count > 1)
            sift_down(family);
    }
    if (family->started < family->count) {
        int error = start_inputs(family);
        if (error)
            return error;
    }
    if (family->heap_count == 0)
        return -1;
    *ret_input = &family->inputs[family->heap[0]];
    return 1;
}

void sc_strace_family_free(struct sc_strace_family *family)
{
    for (size_t i = 0; i < family->count; i++)
        sc_strace_input_free(&family->inputs[i]);
    free(family->inputs);
    free(family->heap);
    *family = (struct sc_strace_family){0};
}
