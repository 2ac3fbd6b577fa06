#include "formatted.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../model/files.h"
#include "../stages/format.h"
#include "../stages/sequence.h"
#include "load.h"
#include "progress.h"

enum { LINE_MAX_BYTES = 16384, PENDING_BYTES = 8 * LINE_MAX_BYTES };

/* Lines that wait to be looked up, several at a time. */
struct pending {
    char bytes[PENDING_BYTES];
    size_t used, count;
    const char *texts[SC_LINES_MANY];
    size_t lens[SC_LINES_MANY];
    struct sc_sequence *targets[SC_LINES_MANY];
};

/* While a run is read for the second time. */
struct work {
    const struct sc_formatted *what;
    struct sc_files *files;
    struct sc_formatter formatter;
    struct sc_lines *lines;
    struct sc_sequence sections[SC_CAT_COUNT];
    struct sc_sequence timeline;
    struct sc_steps *steps;
    struct pending pending;
};

static int flush(struct work *work)
{
    struct pending *pending = &work->pending;
    uint32_t ids[SC_LINES_MANY];
    int error = sc_lines_intern_many(work->lines, pending->texts, pending->lens, pending->count, ids);
    for (size_t i = 0; i < pending->count && !error; i++)
        error = sc_sequence_add(pending->targets[i], ids[i]);
    pending->count = pending->used = 0;
    return error;
}

static int add_line(struct work *work, const struct sc_event *event, struct sc_sequence *target)
{
    struct pending *pending = &work->pending;
    if (pending->count == SC_LINES_MANY || PENDING_BYTES - pending->used < LINE_MAX_BYTES) {
        int error = flush(work);
        if (error)
            return error;
    }
    char *line = pending->bytes + pending->used;
    pending->texts[pending->count] = line;
    pending->lens[pending->count] = sc_format_line(&work->formatter, event, line, LINE_MAX_BYTES);
    pending->targets[pending->count] = target;
    pending->used += pending->lens[pending->count++] + 1;
    return 0;
}

/* Twice: as it is for its section, and with its offsets as steps for the timeline, where that folds loops. */
static int add_call(struct work *work, const struct sc_event *event)
{
    const struct sc_call_desc *desc = event->desc;
    unsigned category = work->what->taxonomy == SC_TAXONOMY_SEED ? desc->seed : desc->category;
    work->formatter.steps = NULL;
    int error = add_line(work, event, &work->sections[category < SC_CAT_COUNT ? category : SC_CAT_OTHER]);
    work->formatter.steps = work->steps;
    return error ? error : add_line(work, event, &work->timeline);
}

static int add_event(struct work *work, const struct sc_event *event)
{
    struct sc_access access;
    int error = sc_files_apply(work->files, event, &access);
    if (error || event->type != SC_EVENT_CALL || (event->startup && !work->what->with_startup))
        return error;
    work->formatter.access = &access;
    error = add_call(work, event);
    work->formatter.access = NULL;
    return error;
}

static void write_section(FILE *out, const struct work *work, unsigned category)
{
    const struct sc_sequence *section = &work->sections[category];
    fputs("## ", out);
    for (const char *p = sc_category_name(category); *p; p++)
        putc(toupper((unsigned char)*p), out);
    fprintf(out, " (%zu calls)\n", section->count);
    if (category == SC_CAT_WRITE) {
        const struct sc_write_counts *writes = &work->what->counts->writes;
        fprintf(out, "# Zero writes: %" PRIu64 "\n# Data writes: %" PRIu64 "\n", writes->zero, writes->data);
        fprintf(out, "# Small writes: %" PRIu64 "\n# Large writes: %" PRIu64 "\n", writes->small, writes->large);
    }
    sc_sequence_write(out, work->lines, section);
    putc('\n', out);
}

static int write_all(FILE *out, const struct work *work)
{
    fprintf(out, "# syscap formatted log: %zu calls\n\n## TIMELINE\n", work->timeline.count);
    int error = sc_write_timeline(out, work->lines, &work->timeline);
    putc('\n', out);
    for (unsigned i = 0; i < SC_CAT_COUNT && !error; i++)
        write_section(out, work, i);
    return error;
}

static int read_again(struct work *work, struct sc_error *ret_error)
{
    struct sc_source *source;
    int error = sc_source_open(work->what->path, &source, ret_error);
    if (error)
        return error;
    struct sc_event *events = calloc(SC_BATCH, sizeof *events);
    struct sc_progress progress;
    sc_progress_begin(&progress, "formatting", work->what->path);
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    error = events ? 0 : -ENOMEM;
    int64_t count;
    while (!error && (count = sc_source_next(source, events, SC_BATCH, ret_error)) != 0) {
        error = count < 0 ? (int)count : 0;
        for (int64_t i = 0; i < count && !error; i++)
            error = add_event(work, &events[i]);
        sc_progress_step(&progress, source);
    }
    if (!error)
        error = flush(work);
    sc_progress_end(&progress);
    free(events);
    sc_source_close(source);
    return error;
}

static int write_with(FILE *out, struct work *work, struct sc_error *ret_error)
{
    const struct sc_run *run = work->what->run;
    work->files = sc_files_new(run->cwd);
    work->lines = work->what->lines ? work->what->lines : sc_lines_new();
    work->steps = sc_steps_new();
    work->formatter = (struct sc_formatter){.files = work->files,
                                            .normaliser = work->what->normaliser,
                                            .show_data = work->what->show_data,
                                            .multi = run->processes > 1 || run->threads > 1};
    int error = work->files && work->lines && work->steps ? 0 : -ENOMEM;
    if (!error)
        error = read_again(work, ret_error);
    if (!error)
        error = write_all(out, work);
    for (unsigned i = 0; i < SC_CAT_COUNT; i++)
        sc_sequence_free(&work->sections[i]);
    if (!error && work->what->ret_timeline)
        *work->what->ret_timeline = work->timeline;
    else
        sc_sequence_free(&work->timeline);
    if (work->files)
        sc_files_free(work->files);
    if (work->lines && work->lines != work->what->lines)
        sc_lines_free(work->lines);
    sc_steps_free(work->steps);
    return error;
}

int sc_write_formatted(FILE *out, const struct sc_formatted *what, struct sc_error *ret_error)
{
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return -ENOMEM;
    work->what = what;
    int error = write_with(out, work, ret_error);
    free(work);
    return error;
}
