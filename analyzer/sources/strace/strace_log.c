#include "strace_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../input.h"

static struct sc_strace_log *log_of(const struct sc_source *source)
{
    return (struct sc_strace_log *)source; /* the first member */
}

static void free_run(struct sc_run *run)
{
    for (size_t i = 0; i < run->argc; i++)
        free(run->argv[i]);
    for (size_t i = 0; i < run->child_count; i++) {
        for (char **word = run->children[i].argv; word && *word; word++)
            free(*word);
        free(run->children[i].argv);
        free(run->children[i].command);
    }
    for (size_t i = 0; i < run->warning_count; i++)
        free(run->warnings[i]);
    sc_intern_free(&run->program_keys);
    free(run->argv);
    free(run->children);
    free(run->warnings);
    free(run->exe);
    free(run->cwd);
}

static void close_log(struct sc_source *source)
{
    struct sc_strace_log *log = log_of(source);
    if (!log)
        return;
    sc_strace_processes_free(log);
    sc_strace_family_free(&log->family);
    sc_strace_names_free(log->names);
    sc_strace_arena_free(&log->arena);
    sc_requests_free(&log->requests);
    for (size_t i = 0; log->notes && i < log->note_count; i++)
        free(log->notes[i]);
    free(log->notes);
    free(log->overflow);
    free_run(&source->run);
    free(log);
}

/* A single log as a family of one, kept open. */
static int open_single(struct sc_strace_log *log, const char *path)
{
    struct stat about;
    struct sc_strace_input *input = calloc(1, sizeof *input);
    if (!input)
        return -ENOMEM;
    log->family.inputs = input;
    log->family.count = 1;
    *input = (struct sc_strace_input){.path = strdup(path), .fd = sc_input_open(path)};
    if (!input->path)
        return -ENOMEM;
    if (input->fd < 0)
        return input->fd;
    if (fstat(input->fd, &about))
        return -errno;
    if (S_ISDIR(about.st_mode))
        return -EISDIR;
    log->family.total = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
    return 0;
}

/* The files of strace -ff. */
static int open_family(struct sc_strace_log *log, const char *path, struct sc_error *ret_error)
{
    struct sc_strace_family *family = &log->family;
    int error = sc_strace_family_find(path, &family->inputs, &family->count, &family->total);
    if (!error && family->count == 0)
        error = -ENOENT;
    if (!error)
        error = sc_strace_family_take(family, ret_error);
    for (size_t i = 0; i < family->count && !error; i++)
        error = sc_source_damaged(&log->source, family->inputs[i].path, family->inputs[i].held);
    log->multi = true;
    return error;
}

static int open_inputs(struct sc_strace_log *log, const char *path, struct sc_error *ret_error)
{
    int error = open_single(log, path);
    if (error == -ENOENT) {
        sc_strace_family_free(&log->family);
        error = open_family(log, path, ret_error);
    }
    return error ? error : sc_strace_family_order(&log->family);
}

static int open_log(const char *path, struct sc_source **ret_source, struct sc_error *ret_error)
{
    struct sc_strace_log *log = calloc(1, sizeof *log);
    int error = log ? 0 : -ENOMEM;
    ret_error->text[0] = '\0';
    if (log) {
        log->source.ops = &sc_strace_source;
        log->source.run.kind = SC_RUN_STRACE;
        log->names = sc_strace_names_new();
        log->notes = calloc(8, sizeof(char *));
        error = log->names && log->notes ? open_inputs(log, path, ret_error) : -ENOMEM;
    }
    if (error) {
        if (!ret_error->text[0])
            snprintf(ret_error->text, sizeof ret_error->text, "%s: %s", path, strerror(-error));
        if (log)
            close_log(&log->source);
        return error;
    }
    *ret_source = &log->source;
    return 0;
}

void sc_strace_warn(struct sc_strace_log *log, char *text)
{
    if (sc_run_warn(&log->source.run, text))
        log->failure = -ENOMEM;
}

static void warn_count(struct sc_strace_log *log, uint64_t count, const char *one, const char *more)
{
    char *text = NULL;
    if (count && asprintf(&text, "%llu %s", (unsigned long long)count, count == 1 ? one : more) >= 0)
        sc_strace_warn(log, text);
}

static void finish(struct sc_strace_log *log)
{
    sc_strace_processes_finish(log);
    warn_count(log, log->unparsed, "line could not be understood (program output, or damage).",
               "lines could not be understood (program output, or damage).");
    for (size_t i = 0; i < log->note_count; i++) {
        sc_strace_warn(log, log->notes[i]);
        log->notes[i] = NULL;
    }
    log->note_count = 0;
    warn_count(log, log->glued, "line had program output or a message in its middle.",
               "lines had program output or a message in their middle.");
    warn_count(log, log->long_lines, "line was longer than 16 MiB and was cut.",
               "lines were longer than 16 MiB and were cut.");
    warn_count(log, log->unfinished, "call was begun and its end is not in the log.",
               "calls were begun and their end is not in the log.");
    warn_count(log, log->injected, "call was changed by strace (-e inject=): what it returned is not the kernel's.",
               "calls were changed by strace (-e inject=): what they returned is not the kernel's.");
    log->source.run.coverage.damaged |= log->long_lines > 0;
    log->source.run.coverage.requests = log->requests.aio.handed_over;
    log->source.run.coverage.requests_told = log->requests.aio.told;
    log->finished = true;
    sc_strace_warn_missing(log);
}

/* What did not fit into the batch before: no reading meanwhile, so the strings are still there. */
static size_t drain(struct sc_strace_log *log, struct sc_event *events, size_t capacity)
{
    size_t count = log->overflow_count - log->overflow_at;
    count = count < capacity ? count : capacity;
    if (count)
        memcpy(events, log->overflow + log->overflow_at, count * sizeof *events);
    log->overflow_at += count;
    return count;
}

static int64_t next_events(struct sc_source *source, struct sc_event *events, size_t capacity,
                           struct sc_error *ret_error)
{
    struct sc_strace_log *log = log_of(source);
    if (capacity == 0)
        return 0;
    size_t drained = drain(log, events, capacity);
    if (drained)
        return (int64_t)drained;
    log->overflow_at = log->overflow_count = 0;
    sc_strace_arena_reset(&log->arena);
    log->events = events;
    log->capacity = capacity;
    log->count = 0;
    while (log->count < capacity && !log->failure && !log->finished) {
        struct sc_strace_input *input;
        int state = sc_strace_family_next(&log->family, log->count == 0, &input);
        if (state == 0)
            break;
        if (state == -1) {
            finish(log);
        } else if (state < 0) {
            snprintf(ret_error->text, sizeof ret_error->text, "reading the log failed: %s", strerror(-state));
            return state;
        } else {
            sc_strace_line(log, input);
            input->has_line = false;
        }
    }
    if (log->failure) {
        snprintf(ret_error->text, sizeof ret_error->text, "%s", strerror(-log->failure));
        return log->failure;
    }
    return (int64_t)log->count;
}

static void progress(const struct sc_source *source, uint64_t *ret_done, uint64_t *ret_total)
{
    const struct sc_strace_log *log = log_of(source);
    uint64_t left = 0;
    *ret_done = 0;
    *ret_total = log->family.total;
    for (size_t i = 0; i < log->family.count; i++) {
        left += log->family.inputs[i].end - log->family.inputs[i].begin;
        *ret_done += log->family.inputs[i].offset;
    }
    *ret_done = log->finished ? log->family.total : *ret_done - left;
}

const struct sc_source_ops sc_strace_source = {
    .name = "strace log",
    .recognise = sc_strace_recognise,
    .open = open_log,
    .next = next_events,
    .progress = progress,
    .close = close_log,
};
