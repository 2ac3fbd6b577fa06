/* capture.c: captures as a source of events. */
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../input.h"

enum { MAGIC_WORD = 6 }; /* "SYSCAP": what follows tells of a broken transfer, not of another kind of file */

static bool recognise(const char *path, const unsigned char *head, size_t len)
{
    (void)path;
    return len >= MAGIC_WORD && memcmp(head, SC_MAGIC, MAGIC_WORD) == 0;
}

static void close_capture(struct sc_source *source)
{
    struct sc_capture *capture = (struct sc_capture *)source;
    struct sc_run *run = &source->run;
    sc_merge_free(capture);
    sc_capture_free_requests(capture);
    for (size_t i = 0; i < capture->process_count; i++) {
        free(capture->processes[i].command);
        free(capture->processes[i].argv);
    }
    for (size_t i = 0; i < run->warning_count; i++)
        free(run->warnings[i]);
    sc_run_free_modules(run);
    sc_intern_free(&run->program_keys);
    sc_intern_free(&capture->module_keys);
    sc_addresses_free(&capture->addresses);
    free(capture->forks);
    sc_index_free(&capture->fork_numbers);
    free(run->warnings);
    sc_capture_free_notes(capture);
    free(run->children);
    free(run->argv);
    free(run->environ);
    sc_run_free_variables(run);
    free(run->only_calls);
    free(run->only_paths);
    free(run->only_set);
    free(run->exe);
    free(run->cwd);
    free(capture->chunks);
    free(capture->chunks_by_process);
    free(capture->processes);
    free(capture->threads);
    free(capture->strays);
    sc_index_free(&capture->process_numbers);
    sc_index_free(&capture->thread_numbers);
    sc_index_free(&capture->pids);
    sc_index_free(&capture->stray_ends);
    if (capture->fd >= 0)
        close(capture->fd);
    free(capture->path);
    free(capture);
}

static int open_capture(const char *path, struct sc_source **ret_source, struct sc_error *ret_error)
{
    struct sc_capture *capture = calloc(1, sizeof *capture);
    if (!capture)
        return -ENOMEM;
    capture->source.ops = &sc_capture_source;
    capture->path = strdup(path);
    capture->fd = sc_input_open(path);
    int result = !capture->path ? -ENOMEM : capture->fd < 0 ? capture->fd : sc_capture_load(capture, ret_error);
    if (result != 0) {
        if (!ret_error->text[0])
            snprintf(ret_error->text, sizeof ret_error->text, "%s: %s", path, strerror(-result));
        close_capture(&capture->source);
        return result;
    }
    struct sc_run *run = &capture->source.run;
    run->kind = SC_RUN_CAPTURE;
    run->mode = SC_MODE_INTERPOSE;
    run->root_pid = (int32_t)capture->header.root_pid;
    run->to_real_ns = capture->header.created_real - capture->header.mono0; /* taken one right after the other */
    run->has_times = capture->times_known;
    struct sc_cap_process *root = sc_capture_process(capture, 0); /* the run's first one even where its begin is lost */
    if (root)
        root->pid = run->root_pid;
    *ret_source = &capture->source;
    return 0;
}

static int64_t next(struct sc_source *source, struct sc_event *events, size_t capacity, struct sc_error *ret_error)
{
    struct sc_capture *capture = (struct sc_capture *)source;
    sc_merge_recycle(capture);
    size_t count = sc_merge_next(capture, events, capacity);
    if (count == 0 && !capture->failed)
        sc_capture_finish(capture);
    if (capture->failed) {
        snprintf(ret_error->text, sizeof ret_error->text, "%s: %s", capture->path, strerror(-capture->failed));
        return capture->failed;
    }
    return (int64_t)count;
}

static void progress(const struct sc_source *source, uint64_t *ret_done, uint64_t *ret_total)
{
    const struct sc_capture *capture = (const struct sc_capture *)source;
    *ret_done = capture->bytes_done;
    *ret_total = capture->bytes_total;
}

const struct sc_source_ops sc_capture_source = {
    .name = "capture",
    .recognise = recognise,
    .open = open_capture,
    .next = next,
    .progress = progress,
    .close = close_capture,
};
