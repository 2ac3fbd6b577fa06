#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "read_events.h"

struct counting {
    struct sc_loaded *loaded;
    struct sc_filter *filter;
};

/* A call that does not pass is followed by all that need it to understand others, and counted by none. */
static int count_event(const struct counting *counting, const struct sc_event *event)
{
    struct sc_loaded *loaded = counting->loaded;
    struct sc_access access;
    int error = sc_files_apply(loaded->files, event, &access);
    bool is_call = event->type == SC_EVENT_CALL;
    bool is_event = !sc_event_does(event) && event->type != SC_EVENT_MAPPED;
    bool passes = !counting->filter || is_event || sc_filter_passes(counting->filter, event, &access);
    bool counts = passes && (is_call || !counting->filter); /* a filtered run lasts as long as its calls */
    loaded->calls += is_call;
    if (!error && counts)
        error = sc_tally_add(loaded->tally, event, 1);
    if (!error && counts)
        error = sc_sites_add(loaded->sites, event, 1);
    if (!error && loaded->shown)
        error = sc_file_tally_add(loaded->shown, loaded->files, event, &access, passes);
    if (!error && loaded->over_time)
        sc_over_time_add(loaded->over_time, loaded->files, event, &access, passes);
    if (!error && passes)
        error = sc_process_table_add(loaded->processes, loaded->files, event, &access);
    if (!error)
        error = sc_ledger_add(loaded->ledger, loaded->run, loaded->files, event, &access, passes);
    return error ? error : sc_threads_add(loaded->threads, event);
}

static int count_events(void *state, const struct sc_event *events, size_t count)
{
    const struct counting *counting = state;
    struct sc_loaded *loaded = counting->loaded;
    /* Not before the first batch: until then the source may not know the directory in which the program began. */
    if (!loaded->files && !(loaded->files = sc_files_of_run(loaded->run)))
        return -ENOMEM;
    int error = 0;
    for (size_t i = 0; i < count && !error; i++)
        error = count_event(counting, &events[i]);
    return error;
}

static int read_events(struct sc_loaded *loaded, const struct sc_load_options *options, struct sc_error *ret_error)
{
    struct sc_filter *filter = options->filtering->filter;
    struct counting counting = {loaded, filter};
    sc_filter_begin(filter, loaded->run);
    int error = sc_read_events(loaded->source, options->silent ? NULL : "reading", loaded->path, count_events,
                               &counting, ret_error);
    sc_ledger_finish(loaded->ledger);
    if (!error && !loaded->files && !(loaded->files = sc_files_of_run(loaded->run)))
        error = sc_no_memory(ret_error);
    return error;
}

static int count_rows(struct sc_tally *tally, const struct sc_counted_call *rows, size_t count)
{
    int error = 0;
    for (size_t i = 0; i < count && !error; i++)
        error = sc_tally_add_count(tally, rows[i].name, rows[i].calls, rows[i].errors, rows[i].time_ns);
    return error;
}

static int refuse_filter(const char *path, struct sc_error *ret_error)
{
    snprintf(ret_error->text, sizeof ret_error->text, "%s: a strace -c table holds no calls that could be filtered",
             path);
    return -EINVAL;
}

int sc_load(const char *path, const struct sc_load_options *options, struct sc_loaded *ret_loaded,
            struct sc_error *ret_error)
{
    *ret_loaded = (struct sc_loaded){.path = path, .terms = options->terms};
    int error = sc_source_open_agreed(path, options->terms, &ret_loaded->source, ret_error);
    if (error)
        return error;
    ret_loaded->run = sc_source_run(ret_loaded->source);
    error = sc_filtering_open(options->rules, ret_loaded->run, path, options->terms, options->symbols,
                              options->filtering, ret_error);
    if (error) {
        sc_unload(ret_loaded);
        return error;
    }
    const struct sc_filter *filter = options->filtering->filter;
    ret_loaded->tally = sc_tally_new();
    ret_loaded->ledger = sc_ledger_new(&options->small);
    ret_loaded->processes = sc_process_table_new();
    ret_loaded->threads = sc_threads_new();
    if (options->alone && ret_loaded->ledger)
        sc_ledger_keep_names(ret_loaded->ledger);
    const struct sc_counted_call *rows;
    size_t count;
    ret_loaded->over_time = options->over_time ? sc_over_time_new() : NULL;
    ret_loaded->shown = filter ? sc_file_tally_new() : NULL;
    if (!ret_loaded->tally || !ret_loaded->ledger || !ret_loaded->processes || !ret_loaded->threads ||
        (filter && !ret_loaded->shown) || (options->over_time && !ret_loaded->over_time))
        error = sc_no_memory(ret_error);
    else if (sc_source_counts(ret_loaded->source, &rows, &count) &&
             !(ret_loaded->sites = sc_sites_new(options->stacks)))
        error = sc_no_memory(ret_error);
    else if (ret_loaded->sites)
        error = read_events(ret_loaded, options, ret_error);
    else if (filter)
        error = refuse_filter(path, ret_error);
    else if (count_rows(ret_loaded->tally, rows, count))
        error = sc_no_memory(ret_error);
    if (error)
        sc_unload(ret_loaded);
    return error;
}

void sc_unload(struct sc_loaded *loaded)
{
    sc_tally_free(loaded->tally);
    sc_files_free(loaded->files);
    sc_sites_free(loaded->sites);
    sc_ledger_free(loaded->ledger);
    sc_process_table_free(loaded->processes);
    sc_threads_free(loaded->threads);
    sc_file_tally_free(loaded->shown);
    sc_over_time_free(loaded->over_time);
    if (loaded->source)
        sc_source_close(loaded->source);
    *loaded = (struct sc_loaded){0};
}
