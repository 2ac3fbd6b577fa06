/*
 * strace_summary.c: the tables of strace -c. They hold counts and no calls.
 */
#include "../../model/array.h"
#include "../../model/intern.h"
#include "../input.h"
#include "strace_log.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COLUMNS = 12, TAIL = 64 << 10, LINE = 512 };

enum column { COL_NONE, COL_SECONDS, COL_CALLS, COL_ERRORS, COL_NAME };

struct layout {
    enum column what[COLUMNS];
    size_t begin[COLUMNS], end[COLUMNS]; /* from the line of dashes */
    size_t count;
};

struct sc_summary {
    struct sc_source source;
    struct sc_intern names; /* of the rows, by their numbers */
    struct sc_counted_call *rows;
    size_t count, capacity;
    uint64_t bytes, total_calls;
    bool total_seen;
    unsigned tables;
};

static bool is_dashes(const char *line)
{
    return strncmp(line, "------", 6) == 0 && line[strspn(line, "- ")] == '\0';
}

static bool is_header(const char *line)
{
    return strstr(line, "calls") && strstr(line, "syscall");
}

/* Columns are as wide as their dashes, and the last goes on to the end of the line. */
static bool read_layout(const char *header, const char *dashes, struct layout *ret_layout)
{
    static const struct {
        const char *title;
        enum column what;
    } titles[] = {{"seconds", COL_SECONDS}, {"calls", COL_CALLS}, {"errors", COL_ERRORS}, {"syscall", COL_NAME}};
    size_t len = strlen(dashes), header_len = strlen(header);
    struct layout layout = {0};
    for (size_t at = 0; at < len && layout.count < COLUMNS;) {
        size_t end = at + strspn(dashes + at, "-");
        size_t column = layout.count++;
        layout.begin[column] = at;
        layout.end[column] = end;
        char title[64] = "";
        if (at < header_len)
            snprintf(title, sizeof title, "%.*s", (int)(end - at < 63 ? end - at : 63), header + at);
        for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
            const char *found = strstr(title, titles[i].title);
            /* "usecs/call" is not "calls", and "% time" has no seconds */
            if (found && (found == title || found[-1] == ' '))
                layout.what[column] = titles[i].what;
        }
        at = end + strspn(dashes + end, " ");
    }
    bool calls = false, name = false;
    for (size_t i = 0; i < layout.count; i++) {
        calls |= layout.what[i] == COL_CALLS;
        name |= layout.what[i] == COL_NAME;
    }
    *ret_layout = layout;
    return calls && name;
}

static uint64_t nanoseconds(const char *text)
{
    char *rest;
    uint64_t whole = strtoull(text, &rest, 10), part = 0, unit = UINT64_C(1000000000);
    if (*rest == '.')
        for (rest++; *rest >= '0' && *rest <= '9' && unit > 1; rest++) {
            unit /= 10;
            part += (uint64_t)(*rest - '0') * unit;
        }
    return whole * UINT64_C(1000000000) + part;
}

static int add_row(struct sc_summary *summary, const char *name, const struct sc_counted_call *values)
{
    uint32_t id;
    if (sc_intern_add(&summary->names, name, strlen(name), &id))
        return -ENOMEM;
    if (id < summary->count) {
        summary->rows[id].calls += values->calls;
        summary->rows[id].errors += values->errors;
        summary->rows[id].time_ns += values->time_ns;
        return 0;
    }
    if (SC_RESERVE(summary->rows, summary->capacity, summary->count + 1))
        return -ENOMEM;
    summary->rows[summary->count] = *values;
    summary->rows[summary->count++].name = sc_intern_text(&summary->names, id);
    return 0;
}

/* What strace names calls with; other bytes are damage, and would be printed as they are. */
static bool is_call_name(const char *name)
{
    return name[0] && !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_?#")];
}

/* Numbers can be wider than their column; then whatever stands in the row goes in order, errors being the one that
   may be missing. */
static bool split_row(const char *line, const struct layout *layout, struct sc_counted_call *ret_values, char *name,
                      size_t name_size)
{
    size_t len = strlen(line), at = 0;
    *ret_values = (struct sc_counted_call){0};
    name[0] = '\0';
    bool has_calls = false;
    for (size_t i = 0; i < layout->count; i++) {
        size_t begin = at + strspn(line + at, " "), end = begin + strcspn(line + begin, " ");
        if (begin >= len)
            break;
        /* a number ends where its column ends; an empty one is skipped */
        if (layout->what[i] == COL_ERRORS && begin > layout->end[i])
            continue;
        if (layout->what[i] == COL_ERRORS && (line[begin] < '0' || line[begin] > '9'))
            continue;
        char field[64];
        snprintf(field, sizeof field, "%.*s", (int)(end - begin < 63 ? end - begin : 63), line + begin);
        if (layout->what[i] != COL_NAME && (field[0] < '0' || field[0] > '9'))
            return false;
        switch (layout->what[i]) {
        case COL_SECONDS: ret_values->time_ns = nanoseconds(field); break;
        case COL_CALLS:
            ret_values->calls = strtoull(field, NULL, 10);
            has_calls = true;
            break;
        case COL_ERRORS: ret_values->errors = strtoull(field, NULL, 10); break;
        case COL_NAME: snprintf(name, name_size, "%s", field); break;
        default: break;
        }
        at = end;
    }
    return has_calls && is_call_name(name);
}

static int read_rows(struct sc_summary *summary, FILE *in, const struct layout *layout)
{
    char line[LINE], name[64];
    while (fgets(line, sizeof line, in)) {
        summary->bytes += strlen(line);
        line[strcspn(line, "\r\n")] = '\0';
        if (is_dashes(line))
            continue; /* the total follows */
        struct sc_counted_call values;
        if (!split_row(line, layout, &values, name, sizeof name))
            return 0;
        if (strcmp(name, "total") == 0) {
            summary->total_calls += values.calls;
            summary->total_seen = true;
            return 0;
        }
        int error = add_row(summary, name, &values);
        if (error)
            return error;
    }
    return 0;
}

static int read_tables(struct sc_summary *summary, FILE *in)
{
    char line[LINE], header[LINE] = "";
    while (fgets(line, sizeof line, in)) {
        struct layout layout;
        summary->bytes += strlen(line);
        line[strcspn(line, "\r\n")] = '\0';
        if (is_dashes(line) && is_header(header) && read_layout(header, line, &layout)) {
            summary->tables++;
            int error = read_rows(summary, in, &layout);
            if (error)
                return error;
            line[0] = '\0';
        }
        memcpy(header, line, sizeof header);
    }
    if (ferror(in))
        return -EIO;
    return summary->tables ? 0 : -EBADMSG;
}

static int check_total(struct sc_summary *summary)
{
    uint64_t sum = 0;
    char *text = NULL;
    for (size_t i = 0; i < summary->count; i++)
        sum += summary->rows[i].calls;
    if (!summary->total_seen)
        text = strdup("The table has no line with a total: it may be cut.");
    else if (sum == summary->total_calls)
        return 0;
    else if (asprintf(&text, "The table's rows make %llu calls, its total says %llu.", (unsigned long long)sum,
                      (unsigned long long)summary->total_calls) < 0)
        text = NULL;
    summary->source.run.coverage.damaged = true;
    return sc_run_warn(&summary->source.run, text);
}

static void close_summary(struct sc_source *source)
{
    struct sc_summary *summary = (struct sc_summary *)source;
    if (!summary)
        return;
    for (size_t i = 0; i < source->run.warning_count; i++)
        free(source->run.warnings[i]);
    free(source->run.warnings);
    free(summary->rows);
    sc_intern_free(&summary->names);
    free(summary);
}

static int open_summary(const char *path, struct sc_source **ret_source, struct sc_error *ret_error)
{
    struct sc_summary *summary = calloc(1, sizeof *summary);
    FILE *in = summary ? sc_input_stream(path) : NULL;
    int error = in ? 0 : summary ? -errno : -ENOMEM;
    if (in) {
        summary->source.ops = &sc_strace_summary_source;
        summary->source.run.kind = SC_RUN_STRACE_SUMMARY;
        error = read_tables(summary, in);
        fclose(in);
        if (!error)
            error = check_total(summary);
    }
    if (error) {
        snprintf(ret_error->text, sizeof ret_error->text, "%s: %s", path,
                 error == -EBADMSG ? "holds no table of strace -c" : strerror(-error));
        close_summary(summary ? &summary->source : NULL);
        return error;
    }
    *ret_source = &summary->source;
    return 0;
}

static int64_t no_events(struct sc_source *source, struct sc_event *events, size_t capacity, struct sc_error *ret_error)
{
    (void)source;
    (void)events;
    (void)capacity;
    (void)ret_error;
    return 0;
}

static void progress(const struct sc_source *source, uint64_t *ret_done, uint64_t *ret_total)
{
    *ret_done = *ret_total = ((const struct sc_summary *)source)->bytes;
}

static int counts(const struct sc_source *source, const struct sc_counted_call **ret_rows, size_t *ret_count)
{
    const struct sc_summary *summary = (const struct sc_summary *)source;
    *ret_rows = summary->rows;
    *ret_count = summary->count;
    return 0;
}

/* A header over a line of dashes, anywhere in the text. */
static bool has_table(char *text)
{
    char *header = NULL, *rest = NULL;
    for (char *line = strtok_r(text, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest)) {
        struct layout layout;
        if (header && is_dashes(line) && is_header(header) && strlen(header) < LINE &&
            read_layout(header, line, &layout))
            return true;
        header = line;
    }
    return false;
}

/* The table comes last: the program's own output may stand before it. */
static bool recognise(const char *path, const unsigned char *head, size_t len)
{
    if (len == 0 || memchr(head, '\0', len))
        return false;
    if (sc_strace_recognise(path, head, len))
        return false; /* strace -C: the calls themselves stand before the table */
    struct stat about;
    bool found = false;
    char *tail = calloc(1, TAIL + 1);
    int fd = tail ? sc_input_open(path) : -1;
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        off_t from = about.st_size > TAIL ? about.st_size - TAIL : 0;
        ssize_t got = pread(fd, tail, TAIL, from);
        found = got > 0 && !memchr(tail, '\0', (size_t)got) && has_table(tail);
    } else if (tail) {
        memcpy(tail, head, len < TAIL ? len : TAIL);
        found = has_table(tail);
    }
    if (fd >= 0)
        close(fd);
    free(tail);
    return found;
}

const struct sc_source_ops sc_strace_summary_source = {
    .name = "strace -c table",
    .recognise = recognise,
    .open = open_summary,
    .next = no_events,
    .progress = progress,
    .counts = counts,
    .close = close_summary,
};
