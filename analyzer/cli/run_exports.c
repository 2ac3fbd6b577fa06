#include "run_exports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../export/page_write.h"
#include "read_events.h"

/* One that is under way. */
struct running {
    struct sc_export export;
    struct sc_output output; /* where it has a file of its own */
    bool has_output;
    bool gone; /* nobody reads it any more */
};

struct reading {
    struct running *items;
    size_t count, gone;
    struct sc_export_run run;
    const struct sc_export_input *input;
    struct sc_files *files;
    struct sc_error *error;
    struct sc_mappings *mappings;
};

/* What a format gave back, which is 0 or -errno, and in words. */
static int told(const struct sc_export *export, int error, struct sc_error *ret_error)
{
    if (error)
        snprintf(ret_error->text, sizeof ret_error->text, "%s: cannot be written: %s", export->path,
                 export->why ? export->why : strerror(-error));
    return error;
}

static int open_one(struct running *running, const struct sc_export_request *request, const struct sc_inputs *names,
                    struct sc_error *ret_error)
{
    running->export.path = request->path;
    if (request->ops->of_one_run && running->export.report->run_count > 1) {
        snprintf(ret_error->text, sizeof ret_error->text, "--export %s is of one run, and there are two",
                 request->ops->name);
        return -EINVAL;
    }
    if (strcmp(request->path, "-") == 0 && request->ops->opens_file) {
        snprintf(ret_error->text, sizeof ret_error->text, "--export %s=-: it needs a file", request->ops->name);
        return -EINVAL;
    }
    running->export.page = request->page;
    if (request->page) {
        running->export.out = request->page->out;
    } else if (strcmp(request->path, "-") == 0) {
        running->export.out = stdout;
    } else {
        int error = sc_output_open(request->path, names, &running->output, ret_error);
        if (error)
            return error;
        running->has_output = true;
        if (request->ops->opens_file)
            running->export.target = running->output.temporary ? running->output.temporary : request->path;
        else
            running->export.out = running->output.file;
    }
    running->export.ops = request->ops; /* from here on it is to be ended */
    return request->ops->begin ? told(&running->export, request->ops->begin(&running->export), ret_error) : 0;
}

static int tell(struct reading *reading, const struct sc_event *event, const struct sc_access *access)
{
    int error = 0;
    for (size_t i = 0; i < reading->count && !error; i++) {
        struct running *running = &reading->items[i];
        struct sc_export *export = &running->export;
        error = running->gone ? 0 : export->ops->call(export, &reading->run, event, access);
        if (error == -EPIPE) {
            running->gone = true;
            reading->gone++;
            error = 0;
        }
        error = told(export, error, reading->error);
    }
    return !error && reading->gone && reading->gone == reading->count ? -EPIPE : error;
}

static int read_event(struct reading *reading, const struct sc_event *event)
{
    struct sc_access access;
    const struct sc_export_input *input = reading->input;
    int error = sc_files_apply(reading->files, event, &access);
    if (event->has_start && !reading->run.begin_ns)
        reading->run.begin_ns = event->start_ns;
    bool does = sc_event_does(event), left_out = does && event->startup && !input->with_startup;
    if (!error && !left_out && (!does || sc_filter_passes(input->filter, event, &access)))
        error = tell(reading, event, does ? &access : NULL);
    return error ? error : sc_mappings_apply(reading->mappings, reading->files, event);
}

static int take_events(void *state, const struct sc_event *events, size_t count)
{
    int error = 0;
    for (size_t i = 0; i < count && !error; i++)
        error = read_event(state, &events[i]);
    return error;
}

static int read_run(struct reading *reading, struct sc_error *ret_error)
{
    struct sc_source *source;
    int error = sc_source_open_agreed(reading->input->loaded->path, reading->input->loaded->terms, &source, ret_error);
    if (error)
        return error;
    reading->files = sc_files_of_run(reading->run.run);
    reading->mappings = sc_mappings_new();
    reading->run.files = reading->files;
    reading->run.mappings = reading->mappings;
    const struct sc_child **children = sc_run_children(reading->run.run, reading->run.run->processes);
    reading->run.children = children;
    error = reading->files && reading->mappings && children ? 0 : -ENOMEM;
    if (!error)
        sc_files_only_follow(reading->files);
    sc_filter_begin(reading->input->filter, reading->run.run);
    for (size_t i = 0; i < reading->count && !error; i++) {
        struct sc_export *export = &reading->items[i].export;
        if (export->ops->begin_run)
            error = told(export, export->ops->begin_run(export, &reading->run), ret_error);
    }
    if (!error)
        error = sc_read_events(source, "exporting", reading->input->loaded->path, take_events, reading, ret_error);
    for (size_t i = 0; i < reading->count && !error; i++) {
        struct sc_export *export = &reading->items[i].export;
        if (export->ops->end_run)
            error = told(export, export->ops->end_run(export, &reading->run), ret_error);
    }
    sc_files_free(reading->files);
    sc_mappings_free(reading->mappings);
    free(children);
    sc_source_close(source);
    return error;
}

/* A table of counts has no calls to read. 0, or -EINVAL where one of the formats needs them. */
static int take_counts(const struct running *items, size_t count, const char *path, struct sc_error *ret_error)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].export.ops->takes_counts)
            continue;
        snprintf(ret_error->text, sizeof ret_error->text, "%s: a strace -c table holds counts, and no calls one by one",
                 path);
        return -EINVAL;
    }
    return 0;
}

static int read_runs(struct running *items, size_t count, const struct sc_export_input *inputs,
                     const struct sc_report *report, struct sc_error *ret_error)
{
    int error = 0;
    for (unsigned i = 0; i < report->run_count && !error; i++) {
        struct reading reading = {.items = items,
                                  .count = count,
                                  .input = &inputs[i],
                                  .error = ret_error,
                                  .run = {.number = i,
                                          .report = &report->runs[i],
                                          .run = inputs[i].loaded->run,
                                          .whole = inputs[i].loaded->files,
                                          .symbols = inputs[i].symbols,
                                          .normaliser = inputs[i].normaliser,
                                          .with_startup = inputs[i].with_startup,
                                          .threads = inputs[i].loaded->threads}};
        error = inputs[i].loaded->files ? read_run(&reading, ret_error)
                                        : take_counts(items, count, inputs[i].loaded->path, ret_error);
    }
    return error;
}

int sc_run_exports(const struct sc_export_request *requests, size_t count, const struct sc_export_input *inputs,
                   const struct sc_report *report, const struct sc_inputs *names, struct sc_error *ret_error)
{
    struct running *items = calloc(count + 1, sizeof *items);
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    int error = items ? 0 : -ENOMEM;
    for (size_t i = 0; i < count && !error; i++) {
        items[i].export.report = report;
        error = open_one(&items[i], &requests[i], names, ret_error);
    }
    if (!error)
        error = read_runs(items, count, inputs, report, ret_error);
    if (error == -EPIPE) /* nobody reads any of them: what was asked for is done */
        error = 0;
    for (size_t i = 0; items && i < count; i++) {
        struct running *running = &items[i];
        if (running->export.ops && running->export.ops->end) {
            int ended = running->export.ops->end(&running->export, error != 0);
            error = error ? error : told(&running->export, ended, ret_error);
        }
        if (running->has_output)
            error = sc_output_close(&running->output, error, ret_error);
    }
    free(items);
    return error;
}
