#define _GNU_SOURCE 1

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
    int64_t *last; /* by file: where its last explicit offset pointed */
    size_t last_count;
    char *line;
};

/* These take away what their descriptor means, so they are written before the model follows them. */
static bool takes_away(const struct sc_event *event)
{
    return event->desc->nr == SC_NR_close || event->desc->nr == SC_NR_close_range;
}

/* The argument that says where in the file: of lseek from the start, and of pread, pwrite and their kind. */
static int offset_argument(const struct sc_event *event)
{
    if (event->outcome != SC_DONE || event->result < 0)
        return -1;
    switch (event->desc->nr) {
    case SC_NR_lseek: return event->args[2].value == SEEK_SET ? 1 : -1;
    case SC_NR_pread64:
    case SC_NR_pwrite64:
    case SC_NR_preadv:
    case SC_NR_pwritev:
    case SC_NR_preadv2:
    case SC_NR_pwritev2: return 3;
    default: return -1;
    }
}

static int64_t *last_offset(struct work *work, uint32_t file)
{
    if (file == SC_NO_FILE)
        return NULL;
    if (file >= work->last_count) {
        size_t count = file + 16;
        int64_t *grown = reallocarray(work->last, count, sizeof *grown);
        if (!grown)
            return NULL;
        for (size_t i = work->last_count; i < count; i++)
            grown[i] = SC_OFFSET_UNKNOWN;
        work->last = grown;
        work->last_count = count;
    }
    return &work->last[file];
}

/* A result that the arguments tell already would keep equal steps from folding. */
static size_t drop_result(const struct sc_event *event, char *line, size_t len)
{
    const struct sc_call_desc *desc = event->desc;
    bool told = desc->nr == SC_NR_lseek;
    if (desc->expect < event->nargs && (desc->category == SC_CAT_READ || desc->category == SC_CAT_WRITE))
        told = event->args[desc->expect].value == event->result;
    if (!told || event->outcome != SC_DONE || event->result < 0)
        return len;
    char *at = NULL;
    for (char *found = strstr(line, " = "); found; found = strstr(found + 1, " = "))
        at = found;
    if (!at)
        return len;
    while (at > line && at[-1] == ' ')
        at--;
    *at = '\0';
    return (size_t)(at - line);
}

/* The same call as the timeline has it: offsets that step are written as steps. The event is as before afterwards. */
static int add_to_timeline(struct work *work, struct sc_event *event, const struct sc_access *access, uint32_t plain)
{
    uint32_t id = plain;
    int index = offset_argument(event);
    int64_t *last = index < 0 ? NULL : last_offset(work, access->file);
    if (last || event->desc->category == SC_CAT_READ || event->desc->category == SC_CAT_WRITE) {
        char step[32];
        struct sc_arg *arg = last ? &event->args[index] : NULL, kept = {0};
        if (arg) {
            kept = *arg;
            if (*last != SC_OFFSET_UNKNOWN) {
                arg->raw = step;
                arg->raw_len = (size_t)snprintf(step, sizeof step, "%+" PRId64, kept.value - *last);
                arg->state = SC_ARG_RAW;
            }
        }
        size_t len = sc_format_line(&work->formatter, event, work->line, LINE_MAX_BYTES);
        if (arg) {
            *arg = kept;
            *last = kept.value;
        }
        len = drop_result(event, work->line, len);
        int error = sc_lines_intern(work->lines, work->line, len, &id);
        if (error)
            return error;
    }
    return sc_sequence_add(&work->timeline, id);
}

static int add_call(struct work *work, struct sc_event *event, const struct sc_access *access)
{
    const struct sc_call_desc *desc = event->desc;
    unsigned category = work->what->taxonomy == SC_TAXONOMY_SEED ? desc->seed : desc->category;
    uint32_t id;
    size_t len = sc_format_line(&work->formatter, event, work->line, LINE_MAX_BYTES);
    int error = sc_lines_intern(work->lines, work->line, len, &id);
    if (!error)
        error = sc_sequence_add(&work->sections[category < SC_CAT_COUNT ? category : SC_CAT_OTHER], id);
    return error ? error : add_to_timeline(work, event, access, id);
}

static int add_event(struct work *work, struct sc_event *event)
{
    struct sc_access access = {.file = SC_NO_FILE, .second_file = SC_NO_FILE, .offset = SC_OFFSET_UNKNOWN,
                               .seek_delta = SC_OFFSET_UNKNOWN};
    bool wanted = event->type == SC_EVENT_CALL && (work->what->with_startup || !event->startup);
    bool before = wanted && takes_away(event);
    int error = 0;
    if (before)
        error = add_call(work, event, &access);
    if (!error)
        error = sc_files_apply(work->files, event, &access);
    if (!error && wanted && !before)
        error = add_call(work, event, &access);
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
        fputs(sc_lines_text(work->lines, section->ids[i]), out);
        putc('\n', out);
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
    struct work work = {.what = what, .files = sc_files_new(what->run->cwd), .lines = sc_lines_new(),
                        .line = malloc(LINE_MAX_BYTES)};
    work.formatter = (struct sc_formatter){.files = work.files, .normaliser = what->normaliser,
                                           .show_data = what->show_data,
                                           .multi = what->run->processes > 1 || what->run->threads > 1};
    int error = work.files && work.lines && work.line ? 0 : -ENOMEM;
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
    free(work.last);
    free(work.line);
    return error;
}
