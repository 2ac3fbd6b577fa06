#include "filtering.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "read_events.h"

/* What is met while the run is read. */
struct meeting {
    struct sc_filtering *to;
    struct sc_threads *threads;
    uint32_t processes;
};

static void widen(struct sc_filter_known *known, const struct sc_event *event)
{
    uint64_t end_ns = event->start_ns + (event->has_duration ? event->duration_ns : 0);
    if (!event->has_start)
        return;
    if (!known->end_ns || event->start_ns < known->begin_ns)
        known->begin_ns = event->start_ns;
    known->end_ns = end_ns > known->end_ns ? end_ns : known->end_ns;
}

static int meet(struct meeting *meeting, const struct sc_event *event)
{
    struct sc_filtering *to = meeting->to;
    struct sc_access access;
    /* Not before the first batch: until then the source may not know the directory in which the program began. */
    if (!to->files) {
        to->files = sc_files_new(sc_source_run(to->source)->cwd);
        if (!to->files)
            return -ENOMEM;
        sc_files_only_follow(to->files);
    }
    widen(&to->known, event);
    meeting->processes = event->process >= meeting->processes ? event->process + 1 : meeting->processes;
    int error = sc_files_apply(to->files, event, &access);
    return error ? error : sc_threads_add(meeting->threads, event);
}

static int meet_all(void *state, const struct sc_event *events, size_t count)
{
    int error = 0;
    for (size_t i = 0; i < count && !error; i++)
        error = meet(state, &events[i]);
    return error;
}

/* The numbers that the tables and the logs have. */
static int number(struct meeting *meeting)
{
    struct sc_filtering *to = meeting->to;
    struct sc_report_process *table = calloc((size_t)meeting->processes + 1, sizeof *table);
    to->process_numbers = calloc((size_t)meeting->processes + 1, sizeof *to->process_numbers);
    int error = table && to->process_numbers ? 0 : -ENOMEM;
    for (uint32_t i = 0; i < meeting->processes && !error; i++)
        table[i] = (struct sc_report_process){.number = i, .parent = i, .calls = 1};
    if (!error)
        error = sc_threads_number_processes(meeting->threads, table, meeting->processes);
    for (uint32_t i = 0; i < meeting->processes && !error; i++)
        to->process_numbers[i] = table[i].number;
    if (!error)
        error = sc_threads_order(meeting->threads, NULL, 0, &to->threads, &to->known.thread_count);
    to->known.process_count = meeting->processes;
    free(table);
    return error;
}

static int read_before(struct sc_filtering *to, enum sc_symbols_mode mode, struct sc_error *ret_error)
{
    struct meeting meeting = {.to = to, .threads = sc_threads_new()};
    int error = meeting.threads ? sc_read_events(to->source, NULL, NULL, meet_all, &meeting, ret_error) : -ENOMEM;
    if (!error)
        error = number(&meeting);
    sc_threads_free(meeting.threads);
    if (!error && !to->files)
        error = (to->files = sc_files_new(NULL)) ? 0 : -ENOMEM;
    if (!error)
        error = (to->symbols = sc_symbols_new(sc_source_run(to->source))) ? 0 : -ENOMEM;
    if (error)
        return error;
    sc_symbols_set_mode(to->symbols, mode);
    to->known.files = to->files;
    to->known.symbols = to->symbols;
    to->known.process_numbers = to->process_numbers;
    to->known.threads = to->threads;
    return 0;
}

int sc_filtering_open(const struct sc_filter_rules *rules, const char *path, enum sc_symbols_mode symbols,
                      struct sc_filtering *ret_filtering, struct sc_error *ret_error)
{
    *ret_filtering = (struct sc_filtering){.filter = NULL};
    if (!rules->text)
        return 0;
    int error = 0;
    if (sc_filter_needs(rules))
        error = sc_source_open(path, &ret_filtering->source, ret_error);
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
    sc_filter_free(filtering->filter);
    sc_symbols_free(filtering->symbols);
    if (filtering->files)
        sc_files_free(filtering->files);
    if (filtering->source)
        sc_source_close(filtering->source);
    free(filtering->process_numbers);
    free(filtering->threads);
    *filtering = (struct sc_filtering){.filter = NULL};
}
