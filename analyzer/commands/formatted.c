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

enum { LINE_MAX_BYTES = 16384 };

/* While a run is read for the second time. */
struct work {
    const struct sc_formatted *what;
    struct sc_files *files;
    struct sc_formatter formatter;
    struct sc_lines *lines;
    struct sc_sequence sections[SC_CAT_COUNT];
    struct sc_sequence timeline;
    struct sc_steps *steps;
    char *line;
};

/* Twice: as it is for its section, and with its offsets as steps for the timeline, where that folds loops. */
static int add_call(struct work *work, const struct sc_event *event)
{
    const struct sc_call_desc *desc = event->desc;
    unsigned category = work->what->taxonomy == SC_TAXONOMY_SEED ? desc->seed : desc->category;
    uint32_t id;
    work->formatter.steps = NULL;
    size_t len = sc_format_line(&work->formatter, event, work->line, LINE_MAX_BYTES);
    int error = sc_lines_intern(work->lines, work->line, len, &id);
    if (!error)
        error = sc_sequence_add(&work->sections[category < SC_CAT_COUNT ? category : SC_CAT_OTHER], id);
    work->formatter.steps = work->steps;
    if (!error)
        len = sc_format_line(&work->formatter, event, work->line, LINE_MAX_BYTES);
    if (!error)
        error = sc_lines_intern(work->lines, work->line, len, &id);
    return error ? error : sc_sequence_add(&work->timeline, id);
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
    for (size_t i = 0; i < section->count; i++) {
        fputs_unlocked(sc_lines_text(work->lines, section->ids[i]), out);
        putc_unlocked('\n', out);
    }
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
    sc_progress_end(&progress);
    free(events);
    sc_source_close(source);
    return error;
}

int sc_write_formatted(FILE *out, const struct sc_formatted *what, struct sc_error *ret_error)
{
    struct work work = {.what = what,
                        .files = sc_files_new(what->run->cwd),
                        .lines = sc_lines_new(),
                        .steps = sc_steps_new(),
                        .line = malloc(LINE_MAX_BYTES)};
    work.formatter = (struct sc_formatter){.files = work.files,
                                           .normaliser = what->normaliser,
                                           .show_data = what->show_data,
                                           .multi = what->run->processes > 1 || what->run->threads > 1};
    int error = work.files && work.lines && work.steps && work.line ? 0 : -ENOMEM;
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    if (!error)
        error = read_again(&work, ret_error);
    if (!error)
        error = write_all(out, &work);
    for (unsigned i = 0; i < SC_CAT_COUNT; i++)
        sc_sequence_free(&work.sections[i]);
    sc_sequence_free(&work.timeline);
    if (work.files)
        sc_files_free(work.files);
    if (work.lines)
        sc_lines_free(work.lines);
    sc_steps_free(work.steps);
    free(work.line);
    return error;
}
