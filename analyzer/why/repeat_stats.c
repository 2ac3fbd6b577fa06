/* repeat_stats.c: counts by key and run, and what they say together. */
#include "repeat_stats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/difference.h"
#include "../model/intern.h"

struct sc_repeat {
    size_t run_counts[2];           /* that are to be added */
    struct sc_report_repeat report; /* what is known of it so far */
    struct sc_intern keys;
    uint64_t *values;              /* a row of all runs for each key */
    size_t capacity;               /* rows */
    struct sc_strings commands[2]; /* of the first run */
};

struct sc_repeat *sc_repeat_new(const size_t run_counts[2])
{
    struct sc_repeat *repeat = calloc(1, sizeof *repeat);
    for (unsigned side = 0; side < 2 && repeat; side++) {
        repeat->run_counts[side] = run_counts[side];
        repeat->report.runs[side] = calloc(run_counts[side], sizeof *repeat->report.runs[side]);
        if (!repeat->report.runs[side]) {
            sc_repeat_free(repeat);
            return NULL;
        }
    }
    return repeat;
}

void sc_repeat_free(struct sc_repeat *repeat)
{
    if (!repeat)
        return;
    for (unsigned side = 0; side < 2; side++)
        sc_strings_free(&repeat->commands[side]);
    sc_report_repeat_free(&repeat->report);
    sc_intern_free(&repeat->keys);
    free(repeat->values);
    free(repeat);
}

static size_t row_length(const struct sc_repeat *repeat)
{
    return repeat->run_counts[0] + repeat->run_counts[1];
}

/* Adds to the value of a key in the run in that column: several files can have one role. */
static int add_value(struct sc_repeat *repeat, size_t column, uint64_t value, const char *key)
{
    uint32_t id;
    size_t length = row_length(repeat);
    if (sc_intern_add(&repeat->keys, key, strlen(key), &id))
        return -ENOMEM;
    if (sc_array_reserve_zero(&repeat->values, &repeat->capacity, (size_t)id + 1, length * sizeof *repeat->values))
        return -ENOMEM;
    repeat->values[id * length + column] += value;
    return 0;
}

static int add_counts(struct sc_repeat *repeat, size_t column, const struct sc_report_run *run)
{
    const struct sc_counts *counts = &run->counts;
    const struct sc_write_counts *writes = &counts->writes;
    const struct {
        const char *key;
        uint64_t value;
        bool known;
    } rows[] = {
        {"total", counts->total, true},
        {"writes.zero", writes->zero, run->calls_known},
        {"writes.data", writes->data, run->calls_known},
        {"writes.small", writes->small, run->calls_known},
        {"writes.large", writes->large, run->calls_known},
        {"writes.bytes", writes->bytes, run->calls_known},
        {"writes.zero_bytes", writes->zero_bytes, run->calls_known},
        {"reads.bytes", counts->read_bytes, run->calls_known},
        {"time_ns.total", counts->time_total, run->times_known},
    };
    char key[256];
    int error = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !error; i++)
        error = rows[i].known ? add_value(repeat, column, rows[i].value, rows[i].key) : 0;
    for (unsigned i = 0; i < SC_CAT_COUNT && !error; i++) {
        snprintf(key, sizeof key, "categories.%s", sc_category_name(i));
        error = add_value(repeat, column, counts->categories[i], key);
    }
    for (size_t i = 0; i < counts->call_count && !error; i++) {
        snprintf(key, sizeof key, "calls.%s", counts->calls[i].name);
        error = add_value(repeat, column, counts->calls[i].calls, key);
    }
    return error;
}

static int add_file(struct sc_repeat *repeat, size_t column, const struct sc_report_file *file)
{
    const struct {
        const char *what;
        uint64_t value;
    } rows[] = {
        {"opens", file->counts.opens},           {"reads", file->counts.reads},
        {"writes", file->counts.writes},         {"zero_writes", file->counts.zero_writes},
        {"seeks", file->counts.seeks},           {"redundant_seeks", file->counts.redundant_seeks},
        {"bytes_read", file->counts.bytes_read}, {"bytes_written", file->counts.bytes_written},
    };
    int error = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !error; i++) {
        char *key;
        if (asprintf(&key, "files.%s.%s", file->role, rows[i].what) < 0)
            return -ENOMEM;
        error = add_value(repeat, column, rows[i].value, key);
        free(key);
    }
    return error;
}

/* Names of files differ from run to run; another number or word is another job. */
static void compare_commands(struct sc_repeat *repeat, unsigned side, const struct sc_report_run *run)
{
    struct sc_strings *first = &repeat->commands[side];
    for (size_t i = 1; i < run->command.count; i++) {
        const char *word = run->command.items[i];
        if (repeat->report.run_counts[side] == 1)
            continue;
        if (i >= first->count ||
            (strcmp(word, first->items[i]) && !strpbrk(word, "/.") && !strpbrk(first->items[i], "/.")))
            sc_strings_addf(&repeat->report.warnings, "%s: not the arguments of the first run: %s, not %s.",
                            run->source, word, i < first->count ? first->items[i] : "none");
    }
    for (size_t i = 0; repeat->report.run_counts[side] == 1 && i < run->command.count; i++)
        sc_strings_add(first, run->command.items[i]);
}

int sc_repeat_add(struct sc_repeat *repeat, unsigned side, const struct sc_report_run *run)
{
    struct sc_report_repeat *report = &repeat->report;
    size_t number = report->run_counts[side]++, column = side ? repeat->run_counts[0] + number : number;
    struct sc_repeat_run *copy = &report->runs[side][number];
    *copy = (struct sc_repeat_run){strdup(run->source), run->end, run->counts.total, {0}};
    if (number == 0)
        report->labels[side] = strdup(run->label);
    for (size_t i = 0; i < run->problems.count; i++)
        sc_strings_add(&copy->problems, run->problems.items[i]);
    compare_commands(repeat, side, run);
    int error = copy->source && report->labels[side] && !copy->problems.failed ? 0 : -ENOMEM;
    if (!error)
        error = add_counts(repeat, column, run);
    for (size_t i = 0; i < run->file_count && !error; i++)
        error = add_file(repeat, column, &run->files[i]);
    return error;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static struct sc_repeat_range range_of(uint64_t *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    uint64_t low = values[(count - 1) / 2], high = values[count / 2];
    return (struct sc_repeat_range){values[0], values[count - 1], low + (high - low) / 2};
}

static uint64_t spread(const struct sc_repeat_range *range)
{
    return range->max - range->min;
}

static void judge(struct sc_repeat_count *count)
{
    const struct sc_repeat_range *a = &count->sides[0], *b = &count->sides[1];
    uint64_t apart = sc_distance(a->median, b->median);
    count->stable = !spread(a) && !spread(b);
    count->difference = (int64_t)(a->median - b->median);
    count->differs = apart > spread(a) && apart > spread(b) && (a->min > b->max || b->min > a->max);
}

static int by_difference(const void *a, const void *b)
{
    const struct sc_repeat_count *x = a, *y = b;
    if (x->differs != y->differs)
        return x->differs ? -1 : 1;
    uint64_t p = sc_absolute(x->difference), q = sc_absolute(y->difference);
    if (p != q)
        return p > q ? -1 : 1;
    return strcmp(x->key, y->key);
}

static int report_counts(struct sc_repeat *repeat)
{
    struct sc_report_repeat *report = &repeat->report;
    size_t length = row_length(repeat);
    report->counts = calloc(repeat->keys.count + 1, sizeof *report->counts);
    if (!report->counts)
        return -ENOMEM;
    for (uint32_t id = 0; id < repeat->keys.count; id++) {
        struct sc_repeat_count *count = &report->counts[report->count++];
        uint64_t *values = repeat->values + id * length;
        count->key = strdup(sc_intern_text(&repeat->keys, id));
        if (!count->key)
            return -ENOMEM;
        count->sides[0] = range_of(values, repeat->run_counts[0]);
        count->sides[1] = range_of(values + repeat->run_counts[0], repeat->run_counts[1]);
        judge(count);
    }
    qsort(report->counts, report->count, sizeof *report->counts, by_difference);
    return 0;
}

/* Why the runs are not comparable: what the report has of each, and of all. */
static void add_reasons(struct sc_report_repeat *report)
{
    for (unsigned side = 0; side < 2; side++)
        for (size_t i = 0; i < report->run_counts[side]; i++) {
            const struct sc_repeat_run *run = &report->runs[side][i];
            for (size_t k = 0; k < run->problems.count; k++)
                sc_strings_addf(&report->why_not, "%s: %s", run->source, run->problems.items[k]);
        }
    for (size_t i = 0; i < report->differences.count; i++)
        sc_strings_addf(&report->why_not, "not identical operations: %s", report->differences.items[i]);
    for (size_t i = 0; i < report->warnings.count; i++)
        sc_strings_add(&report->why_not, report->warnings.items[i]);
    report->comparable = report->why_not.count == 0;
}

int sc_repeat_report(struct sc_repeat *repeat, const struct sc_strings *differences,
                     struct sc_report_repeat *ret_report)
{
    struct sc_report_repeat *report = &repeat->report;
    int error = report_counts(repeat);
    for (size_t i = 0; i < differences->count; i++)
        sc_strings_add(&report->differences, differences->items[i]);
    add_reasons(report);
    if (report->why_not.failed || report->differences.failed || report->warnings.failed)
        error = -ENOMEM;
    *ret_report = (struct sc_report_repeat){0};
    if (!error) {
        *ret_report = *report;
        *report = (struct sc_report_repeat){0};
    }
    return error;
}
