#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../analyzer/render/render.h"
#include "../../analyzer/text/format.h"
#include "../../analyzer/why/build_report.h"

enum { BATCH = 64, LINE_BYTES = 16384 };

static volatile unsigned sink;

/* Every byte has to be there; a sanitizer tells. */
static void touch(const char *text, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += (unsigned char)text[i];
    sink += sum;
}

static void touch_text(const char *text)
{
    if (text)
        touch(text, strlen(text));
}

static void touch_list(char *const *list)
{
    for (; list && *list; list++)
        touch_text(*list);
}

static void touch_event(const struct sc_event *event)
{
    CHECK(event->desc);
    if (event->type != SC_EVENT_CALL)
        return;
    CHECK(event->nargs <= SC_MAX_ARGS);
    touch(event->name, event->name_len);
    touch_text(event->errno_name);
    for (unsigned i = 0; i < event->nargs; i++) {
        const struct sc_arg *arg = &event->args[i];
        CHECK(arg->extra_count <= SC_ARG_EXTRAS);
        if (arg->state & SC_ARG_TEXT)
            touch(arg->text, arg->text_len);
        if (arg->state & SC_ARG_RAW)
            touch(arg->raw, arg->raw_len);
    }
}

static void touch_run(const struct sc_run *run)
{
    touch_list(run->argv);
    touch_list(run->environ);
    for (size_t i = 0; i < run->variables.count; i++)
        touch_text(run->variables.items[i].entry);
    touch_list(run->warnings);
    touch_list(run->sites_left);
    touch_text(run->exe);
    touch_text(run->cwd);
    for (size_t i = 0; i < run->child_count; i++)
        touch_text(run->children[i].command);
    for (size_t i = 0; i < run->module_count; i++) {
        touch_text(run->modules[i].path);
        CHECK(run->modules[i].build_id_bytes <= sizeof run->modules[i].build_id);
    }
    CHECK(!run->coverage.damaged || run->warning_count);
}

/* A file from elsewhere must not steer a terminal by what is printed of it. */
static void check_printable(const char *text, size_t len, bool lines)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        CHECK((c >= ' ' && c != 0x7f) || (lines && c == '\n'));
        CHECK(c != 0xc2 || i + 1 == len || (unsigned char)text[i + 1] >= 0xa0); /* U+0080 to U+009f */
    }
}

static unsigned long count_all(struct sc_source *source, struct sc_files *files, struct sc_tally *tally)
{
    struct sc_event events[BATCH];
    struct sc_error error;
    struct sc_access access;
    unsigned long total = 0;
    for (int64_t got; (got = source->ops->next(source, events, BATCH, &error)) > 0;) {
        CHECK(got <= BATCH);
        CHECK(sc_tally_add(tally, events, (size_t)got) == 0);
        for (int64_t i = 0; i < got; i++, total++) {
            touch_event(&events[i]);
            CHECK(sc_files_apply(files, &events[i], &access) == 0);
        }
    }
    return total;
}

static void count_rows(const struct sc_source *source, struct sc_tally *tally)
{
    const struct sc_counted_call *rows;
    size_t count;
    if (sc_source_counts(source, &rows, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++)
        CHECK(sc_tally_add_count(tally, rows[i].name, rows[i].calls, rows[i].errors, rows[i].time_ns) == 0);
}

static void render(const struct sc_report *report)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    CHECK(out);
    sc_render_text(out, report, (struct sc_style){0});
    if (report->run_count == 2)
        sc_render_focused(out, report);
    fclose(out);
    check_printable(text, size, true);
    free(text);
    json_t *json = sc_render_json(report);
    CHECK(json);
    text = json_dumps(json, JSON_INDENT(2));
    CHECK(text);
    free(text);
    json_decref(json);
}

/* Of the run alone, and of the run beside itself. */
static void make_report(const struct sc_source *source, const struct sc_tally *tally, const struct sc_files *files,
                        struct sc_normaliser *normaliser)
{
    struct sc_report_input inputs[2] = {
        {.path = "one", .label = "One", .run = &source->run, .tally = tally, .files = files, .normaliser = normaliser},
        {.path = "two", .label = "Two", .run = &source->run, .tally = tally, .files = files, .normaliser = normaliser}};
    struct sc_report report;
    for (unsigned count = 1; count <= 2; count++) {
        CHECK(sc_report_build(inputs, count, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, "runs", &report) == 0);
        CHECK(count == 1 || report.runs[0].total == report.runs[1].total);
        render(&report);
        sc_report_free(&report);
    }
}

/* A call as its line and as the timeline has it. */
static void format(struct sc_formatter *formatter, struct sc_steps *steps, const struct sc_event *event)
{
    static char line[LINE_BYTES];
    formatter->steps = NULL;
    size_t len = sc_format_line(formatter, event, line, sizeof line);
    CHECK(len < sizeof line && strlen(line) == len);
    check_printable(line, len, false);
    formatter->steps = steps;
    len = sc_format_line(formatter, event, line, sizeof line);
    check_printable(line, len, false);
    CHECK(sc_format_line(formatter, event, line, 40) < 40);
}

static unsigned long format_all(const struct sc_source_ops *ops, const char *path, const char *cwd,
                                struct sc_normaliser *normaliser)
{
    struct sc_source *source;
    struct sc_error error = {""};
    struct sc_event event;
    struct sc_access access;
    unsigned long total = 0;
    CHECK(ops->open(path, &source, &error) == 0);
    struct sc_files *files = sc_files_new(cwd);
    struct sc_steps *steps = sc_steps_new(true);
    struct sc_mappings *mappings = sc_mappings_new();
    struct sc_formatter formatter = {
        .files = files, .normaliser = normaliser, .show_data = true, .access = &access, .mappings = mappings};
    while (ops->next(source, &event, 1, &error) > 0) {
        total++;
        CHECK(sc_files_apply(files, &event, &access) == 0);
        if (event.type == SC_EVENT_CALL)
            format(&formatter, steps, &event);
        CHECK(sc_mappings_apply(mappings, files, &event) == 0);
    }
    sc_mappings_free(mappings);
    sc_steps_free(steps);
    sc_files_free(files);
    ops->close(source);
    return total;
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    return path;
}

static void take_whole_path(const struct sc_source_ops *ops, const char *path)
{
    struct sc_source *source;
    struct sc_error error = {""};
    if (ops->open(path, &source, &error) != 0) {
        check_printable(error.text, strlen(error.text), false);
        CHECK(error.text[0]);
        return;
    }
    struct sc_tally *tally = sc_tally_new();
    struct sc_files *files = sc_files_new(source->run.cwd);
    CHECK(tally && files);
    unsigned long total = count_all(source, files, tally);
    count_rows(source, tally);
    touch_run(&source->run);
    struct sc_normaliser *normaliser = sc_normaliser_new(&source->run, "fuzzed", NULL, NULL, NULL, 0);
    CHECK(normaliser);
    CHECK(format_all(ops, path, source->run.cwd, normaliser) == total);
    make_report(source, tally, files, normaliser);
    sc_normaliser_free(normaliser);
    sc_files_free(files);
    sc_tally_free(tally);
    ops->close(source);
}

void fuzz_whole_path(const struct sc_source_ops *ops, const char *path)
{
    struct stat info;
    CHECK(stat(path, &info) == 0);
    fuzz_cost_begin((size_t)info.st_size);
    take_whole_path(ops, path);
    fuzz_cost_end();
}
