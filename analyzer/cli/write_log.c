#include "write_log.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../model/files.h"
#include "../passes/runtime.h"
#include "../passes/scheduling.h"
#include "../text/format.h"
#include "../text/format_memo.h"
#include "../text/line_writer.h"
#include "join_threads.h"
#include "load.h"
#include "read_events.h"

enum { LINE_MAX_BYTES = 16384, PENDING_BYTES = 8 * LINE_MAX_BYTES, AHEAD = 4 };

/* Where a line's number belongs. */
struct place {
    struct sc_sequence *sequence;
    size_t at;
    struct sc_memo_place memo; /* without an entry: nowhere */
};

/* Lines that wait to be looked up, several at a time. */
struct pending {
    char bytes[PENDING_BYTES];
    size_t used, count;
    const char *texts[SC_LINES_MANY];
    size_t lens[SC_LINES_MANY];
    struct place places[SC_LINES_MANY];
};

/* While a run is read for the second time. */
struct work {
    const struct sc_log_file *what;
    struct sc_files *files;
    struct sc_formatter formatter;
    struct sc_log_lines *lines;
    struct sc_thread_lines threads;
    struct sc_call_lines calls; /* all of them, when the run has been read */
    struct sc_scheduling *scheduling;
    struct sc_mappings *mappings;
    struct sc_runtime runtime;
    struct sc_steps *steps;
    struct sc_memo *memo;
    uint64_t wanted;                 /* events; when they are taken no more are read */
    uint64_t untold[SC_DATA_UNSEEN]; /* writes of zeros and of data that are shown as neither, see unseen.h */
    struct pending pending;
};

static int flush(struct work *work)
{
    struct pending *pending = &work->pending;
    uint32_t ids[SC_LINES_MANY];
    int error = sc_lines_intern_many(work->lines->lines, pending->texts, pending->lens, pending->count, ids);
    for (size_t i = 0; i < pending->count && !error; i++) {
        const struct place *place = &pending->places[i];
        place->sequence->ids[place->at] = ids[i];
        if (place->memo.entry)
            sc_memo_put(&place->memo, ids[i]);
    }
    pending->count = pending->used = 0;
    return error;
}

/* The number follows when enough of them wait; its place in the sequence is taken at once. */
static int format(struct work *work, const struct sc_event *event, struct sc_sequence *to,
                  const struct sc_memo_place *memo)
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
    pending->places[pending->count] =
        (struct place){to, to->count, memo ? *memo : (struct sc_memo_place){.entry = NULL}};
    pending->used += pending->lens[pending->count++] + 1;
    return sc_sequence_add(to, 0);
}

/* Only as it is, in a section of its own: what happened by chance makes no loop and no difference. */
static int add_chance(struct work *work, const struct sc_event *event)
{
    struct sc_call_lines *thread = sc_thread_lines_get(&work->threads, event->thread);
    work->formatter.steps = NULL;
    int error = thread ? format(work, event, &thread->chance, NULL) : -ENOMEM;
    work->formatter.steps = work->steps;
    return error;
}

/* Start-up, runtimes and how the heap grows say nothing of where the work of two programs parts. */
static int note_order(struct work *work, const struct sc_event *event, unsigned category, struct sc_call_lines *thread)
{
    const struct sc_access *access = work->formatter.access;
    const char *path = access->file != SC_NO_FILE ? sc_files_get(work->files, access->file)->path : access->path;
    bool before = false;
    bool aside = event->startup || sc_runtime_step(&work->runtime, work->what->run, event, path, &before);
    if (before && thread->order_count)
        thread->order[thread->order_count - 1] |= SC_ORDER_ASIDE;
    bool heap = event->desc->category == SC_CAT_MEM && !path;
    /* A capture has no return from a signal's handler. */
    bool unseen = event->desc->means == SC_MEANS_SIGRETURN && work->what->terms->loader_only;
    return sc_call_lines_order(thread, category, aside || heap || unseen);
}

static void count_untold(struct work *work, const struct sc_event *event)
{
    const struct sc_unseen *unseen = work->what->unseen;
    uint32_t file = work->formatter.access->file;
    bool told = event->outcome != SC_DONE || event->result <= 0 || event->data >= SC_DATA_UNSEEN;
    if (!told && unseen && file != SC_NO_FILE &&
        sc_is_unseen(unseen, work->what->normaliser, sc_files_get(work->files, file)))
        work->untold[event->data]++;
}

/* Twice: as it is for its section, and with its offsets as steps for the timeline, where that folds loops. */
static int add_call(struct work *work, const struct sc_event *event)
{
    const struct sc_call_desc *desc = event->desc;
    unsigned category = work->what->taxonomy == SC_TAXONOMY_SEED ? desc->seed : desc->category;
    struct sc_call_lines *thread = sc_thread_lines_get(&work->threads, event->thread);
    if (!thread)
        return -ENOMEM;
    struct sc_sequence *section = &thread->sections[category < SC_CAT_COUNT ? category : SC_CAT_OTHER];
    if (note_order(work, event, (unsigned)(section - thread->sections), thread))
        return -ENOMEM;
    if (section == &thread->sections[SC_CAT_WRITE])
        count_untold(work, event);
    struct sc_memo_place places[2];
    bool plain = sc_memo_places(work->memo, &work->formatter, event, places);
    uint32_t id;
    int error;
    if (plain && sc_memo_get(&places[0], &id)) {
        error = sc_sequence_add(section, id);
    } else {
        work->formatter.steps = NULL;
        error = format(work, event, section, plain ? &places[0] : NULL);
        work->formatter.steps = work->steps;
    }
    if (error)
        return error;
    if (!plain || !sc_memo_get(&places[1], &id))
        return format(work, event, &thread->timeline, plain ? &places[1] : NULL);
    sc_steps_move(&work->formatter, event);
    return sc_sequence_add(&thread->timeline, id);
}

static int add_event(struct work *work, const struct sc_event *event)
{
    struct sc_access access;
    bool chance;
    int error = sc_files_apply(work->files, event, &access);
    if (event->type == SC_EVENT_EXEC)
        sc_runtime_step(&work->runtime, work->what->run, event, NULL, &(bool){false});
    if (!error)
        error = sc_scheduling_step(work->scheduling, event, &chance);
    bool many = sc_threads_many(work->what->threads, event->process);
    work->formatter.access = &access;
    /* Of several threads one may have begun to map what another one is about to give back: what lies where is unknown.
     */
    work->formatter.mappings = many ? NULL : work->mappings;
    bool left_out = event->startup && !work->what->with_startup;
    if (!error && event->type == SC_EVENT_CALL && !left_out && sc_filter_passes(work->what->filter, event, &access))
        error = chance && many ? add_chance(work, event) : add_call(work, event);
    work->formatter.access = NULL;
    /* The other source may not have seen what is left out, nor what it mapped; a capture has not seen the loader. */
    bool one_sided = left_out || (event->startup && work->what->terms->loader_only);
    return error || one_sided ? error : sc_mappings_apply(work->mappings, work->files, event);
}

static void write_section(struct sc_line_writer *log, const struct work *work, unsigned category)
{
    const struct sc_sequence *section = &work->calls.sections[category];
    sc_line_writer_text(log, "## ");
    for (const char *p = sc_category_name(category); *p; p++)
        sc_line_writer_printf(log, "%c", toupper((unsigned char)*p));
    sc_line_writer_printf(log, " (%zu calls)", section->count);
    sc_line_writer_end_line(log);
    if (category == SC_CAT_WRITE) {
        const struct sc_write_counts *writes = &work->what->counts->writes;
        const struct {
            const char *name;
            uint64_t count;
        } rows[] = {{"Zero", writes->zero - work->untold[SC_DATA_ZERO]},
                    {"Data", writes->data - work->untold[SC_DATA_SOME]},
                    {"Small", writes->small},
                    {"Large", writes->large}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            sc_line_writer_printf(log, "# %s writes: %" PRIu64, rows[i].name, rows[i].count);
            sc_line_writer_end_line(log);
        }
    }
    sc_line_writer_numbers(log, section->ids, section->count);
    sc_line_writer_end_line(log);
}

static void write_chance(struct sc_line_writer *log, const struct sc_sequence *chance)
{
    if (!chance->count)
        return;
    sc_line_writer_printf(log, "## SCHEDULING (%zu calls)", chance->count);
    sc_line_writer_end_line(log);
    sc_line_writer_text(log, "# Made as the threads happened to take turns; not compared");
    sc_line_writer_end_line(log);
    sc_line_writer_numbers(log, chance->ids, chance->count);
    sc_line_writer_end_line(log);
}

static int write_all(FILE *out, struct work *work, bool note)
{
    struct sc_line_writer *log = malloc(sizeof *log);
    if (!log)
        return -ENOMEM;
    sc_line_writer_begin(log, out, work->lines->lines);
    if (note)
        sc_line_writer_note(log, work->lines->lines, &work->lines->whole);
    sc_line_writer_printf(log, "# syscap formatted log: %zu calls", work->lines->timeline.count);
    sc_line_writer_end_line(log);
    sc_line_writer_end_line(log);
    sc_line_writer_text(log, "## TIMELINE");
    sc_line_writer_end_line(log);
    int error = sc_write_timeline(log, &work->lines->timeline);
    sc_line_writer_end_line(log);
    work->lines->story = work->lines->whole.count;
    for (unsigned i = 0; i < SC_CAT_COUNT && !error; i++) {
        write_section(log, work, i);
        sc_sequence_free(&work->calls.sections[i]);
    }
    work->lines->meant = work->lines->whole.count;
    write_chance(log, &work->calls.chance);
    int finished = sc_line_writer_finish(log);
    free(log);
    return error ? error : finished;
}

static int take_events(void *state, const struct sc_event *events, size_t count)
{
    struct work *work = state;
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        if (i + AHEAD < count)
            sc_memo_fetch(work->memo, &events[i + AHEAD]);
        error = add_event(work, &events[i]);
    }
    work->wanted -= count < work->wanted ? count : work->wanted;
    return error || work->wanted ? error : -ECANCELED;
}

static int read_again(struct work *work, struct sc_error *ret_error)
{
    struct sc_source *source;
    int error = sc_source_open_agreed(work->what->path, work->what->terms, &source, ret_error);
    if (error)
        return error;
    error = sc_read_events(source, work->what->silent ? NULL : "formatting", work->what->path, take_events, work,
                           ret_error);
    if (!error || (error == -ECANCELED && !work->wanted))
        error = flush(work);
    sc_source_close(source);
    return error;
}

/* The run's calls as lines, thread by thread. note: what each thread does as well. */
static int collect(struct work *work, bool note, struct sc_error *ret_error)
{
    const struct sc_run *run = work->what->run;
    work->files = sc_files_of_run(run);
    work->lines->lines = sc_lines_new();
    bool many = run->processes > 1 || run->threads > 1;
    work->steps = sc_steps_new(many);
    work->memo = sc_memo_new();
    work->scheduling = sc_scheduling_new();
    work->mappings = sc_mappings_new();
    work->formatter = (struct sc_formatter){.files = work->files,
                                            .normaliser = work->what->normaliser,
                                            .unseen = work->what->unseen,
                                            .show_data = work->what->show_data,
                                            .steps = work->steps};
    int error = work->files && work->lines->lines && work->steps && work->memo && work->scheduling && work->mappings
                    ? 0
                    : -ENOMEM;
    if (!error)
        sc_files_only_follow(work->files);
    sc_filter_begin(work->what->filter, run);
    if (!error)
        error = read_again(work, ret_error);
    sc_memo_free(work->memo);
    sc_scheduling_free(work->scheduling);
    sc_mappings_free(work->mappings);
    sc_steps_free(work->steps);
    sc_files_free(work->files);
    if (!error)
        error = sc_join_threads(&work->threads, work->what->threads, many, work->lines->lines, &work->calls,
                                note ? &work->lines->calls : NULL);
    sc_thread_lines_free(&work->threads);
    work->lines->timeline = work->calls.timeline;
    work->calls.timeline = (struct sc_sequence){0};
    return error;
}

void sc_log_lines_free(struct sc_log_lines *lines)
{
    sc_lines_free(lines->lines);
    sc_sequence_free(&lines->whole);
    sc_sequence_free(&lines->timeline);
    sc_run_calls_free(&lines->calls);
    lines->lines = NULL;
}

/* out: NULL where nothing is to be written. */
static int collect_and_write(FILE *out, const struct sc_log_file *what, uint64_t wanted, struct sc_log_lines *ret_lines,
                             struct sc_error *ret_error)
{
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    struct sc_log_lines own = {0};
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return -ENOMEM;
    work->what = what;
    work->wanted = wanted;
    work->lines = ret_lines ? ret_lines : &own;
    *work->lines = own;
    int error = collect(work, ret_lines != NULL, ret_error);
    if (!error && out)
        error = write_all(out, work, ret_lines != NULL);
    sc_call_lines_free(&work->calls);
    if (error || !ret_lines)
        sc_log_lines_free(work->lines);
    free(work);
    return error;
}

int sc_write_log(FILE *out, const struct sc_log_file *what, struct sc_log_lines *ret_lines, struct sc_error *ret_error)
{
    return collect_and_write(out, what, UINT64_MAX, ret_lines, ret_error);
}

int sc_read_beginning(const struct sc_log_file *what, uint64_t calls, struct sc_log_lines *ret_lines,
                      struct sc_error *ret_error)
{
    return collect_and_write(NULL, what, calls, ret_lines, ret_error);
}
