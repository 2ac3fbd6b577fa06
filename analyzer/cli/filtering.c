#include "filtering.h"

#include <errno.h>
#include <stdio.h>

#include "read_events.h"

/* What is met while the run is read. */
struct meeting {
    struct sc_filtering *to;
    struct sc_threads *threads;
};

static int meet(struct meeting *meeting, const struct sc_event *event)
{
    struct sc_filter_known *known = &meeting->to->known;
    struct sc_access access;
    sc_event_span_add(&known->span, event);
    int error = sc_files_apply(known->files, event, &access);
    return error ? error : sc_threads_add(meeting->threads, event);
}

static int take_events(void *state, const struct sc_event *events, size_t count)
{
    struct meeting *meeting = state;
    struct sc_filter_known *known = &meeting->to->known;
    int error = 0;
    /* Not before the first batch: until then the source may not know the directory in which the program began. */
    if (!known->files) {
        known->files = sc_files_of_run(sc_source_run(meeting->to->source));
        if (!known->files)
            return -ENOMEM;
        sc_files_only_follow(known->files);
    }
    for (size_t i = 0; i < count && !error; i++)
        error = meet(meeting, &events[i]);
    return error;
}

static int read_before(struct sc_filtering *to, enum sc_symbols_mode mode, struct sc_error *ret_error)
{
    struct meeting meeting = {.to = to, .threads = sc_threads_new()};
    struct sc_filter_known *known = &to->known;
    int error = meeting.threads ? sc_read_events(to->source, NULL, NULL, take_events, &meeting, ret_error) : -ENOMEM;
    if (!error)
        error = sc_thread_numbers_make(meeting.threads, &known->numbers);
    sc_threads_free(meeting.threads);
    if (!error && !known->files)
        error = (known->files = sc_files_new(NULL)) ? 0 : -ENOMEM;
    if (!error)
        error = (known->symbols = sc_symbols_new(sc_source_run(to->source))) ? 0 : -ENOMEM;
    if (!error)
        sc_symbols_set_mode(known->symbols, mode);
    return error;
}

int sc_filtering_open(const struct sc_filter_rules *rules, const struct sc_run *run, const char *path,
                      const struct sc_terms *terms, enum sc_symbols_mode symbols, struct sc_filtering *ret_filtering,
                      struct sc_error *ret_error)
{
    *ret_filtering = (struct sc_filtering){.filter = NULL};
    if (!rules->text && !run->only_calls && !run->only_paths)
        return 0;
    int error = 0;
    if (sc_filter_needs(rules) || run->only_paths)
        error = sc_source_open_agreed(path, terms, &ret_filtering->source, ret_error);
    if (error)
        return error;
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    if (ret_filtering->source)
        error = read_before(ret_filtering, symbols, ret_error);
    if (!error)
        error = (ret_filtering->filter = sc_filter_new(rules, &ret_filtering->known)) ? 0 : -ENOMEM;
    return error;
}

void sc_filtering_close(struct sc_filtering *filtering)
{
    struct sc_filter_known *known = &filtering->known;
    sc_filter_free(filtering->filter);
    sc_symbols_free(known->symbols);
    if (known->files)
        sc_files_free(known->files);
    sc_thread_numbers_free(&known->numbers);
    if (filtering->source)
        sc_source_close(filtering->source);
    *filtering = (struct sc_filtering){.filter = NULL};
}
