#include "failures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/difference.h"
#include "../model/error_names.h"
#include "name_groups.h"

enum { NAMES_KEPT = 10 };

/* One call, one error, one name. */
struct failed {
    const char *call, *role;
    int error;
    uint64_t calls[2], time_ns[2];
};

static int by_call_and_error(const struct failed *a, const struct failed *b)
{
    int order = strcmp(a->call, b->call);
    return order ? order : (a->error > b->error) - (a->error < b->error);
}

static int by_all(const void *left, const void *right)
{
    const struct failed *a = left, *b = right;
    int order = by_call_and_error(a, b);
    return order ? order : strcmp(a->role, b->role);
}

static size_t collect(const struct sc_file_groups *groups, unsigned run, bool with_startup, struct failed *to)
{
    size_t used = 0;
    for (size_t i = 0; i < groups->count; i++)
        for (size_t k = 0; k < groups->items[i].count; k++) {
            const struct sc_row *row = groups->items[i].rows[k];
            if (!row->error || !row->calls || (!with_startup && row->facts & SC_FACT_STARTUP))
                continue;
            struct failed *failed = &to[used++];
            *failed =
                (struct failed){sc_ledger_call(groups->view->ledger, row), groups->items[i].role, row->error, {0}, {0}};
            failed->calls[run] = row->calls;
            failed->time_ns[run] = row->time_ns;
        }
    return used;
}

/* Equal ones become one. Returns how many are left. */
static size_t unite(struct failed *items, size_t count)
{
    size_t used = 0;
    qsort(items, count, sizeof *items, by_all);
    for (size_t i = 0; i < count; i++) {
        if (!used || by_all(&items[used - 1], &items[i]) != 0) {
            items[used++] = items[i];
            continue;
        }
        for (unsigned run = 0; run < 2; run++) {
            items[used - 1].calls[run] += items[i].calls[run];
            items[used - 1].time_ns[run] += items[i].time_ns[run];
        }
    }
    return used;
}

static int by_group(const void *left, const void *right)
{
    const struct sc_named *a = left, *b = right;
    return strcmp(a->group, b->group);
}

static int by_weight(const void *left, const void *right)
{
    const struct sc_named *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight < b->weight ? 1 : -1;
    return strcmp(a->group, b->group);
}

/* Names of one call and error, those that are alike as one: the most failures first. */
static int add_names(const struct failed *items, size_t count, struct sc_report_failure *failure)
{
    struct sc_intern texts = {0};
    struct sc_named *names = calloc(count + 1, sizeof *names);
    size_t used = 0, groups = 0;
    if (!names)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        if (*items[i].role)
            names[used++] = (struct sc_named){items[i].role, items[i].calls[0] + items[i].calls[1], items[i].role};
    failure->name_count = used;
    int error = sc_name_groups(names, used, &texts);
    if (!error && used)
        qsort(names, used, sizeof *names, by_group);
    for (size_t i = 0; i < used && !error; i++)
        if (groups && strcmp(names[groups - 1].group, names[i].group) == 0)
            names[groups - 1].weight += names[i].weight;
        else
            names[groups++] = names[i];
    if (groups)
        qsort(names, groups, sizeof *names, by_weight);
    for (size_t i = 0; i < groups && i < NAMES_KEPT && !error; i++)
        sc_strings_add(&failure->names, names[i].group);
    sc_intern_free(&texts);
    free(names);
    return error || failure->names.failed ? -ENOMEM : 0;
}

static int by_difference(const void *left, const void *right)
{
    const struct sc_report_failure *a = left, *b = right;
    int order = sc_by_difference(a->calls, b->calls);
    uint64_t all_a = a->calls[0] + a->calls[1], all_b = b->calls[0] + b->calls[1];
    order = order ? order : (all_a < all_b) - (all_a > all_b);
    order = order ? order : strcmp(a->call, b->call);
    return order ? order : strcmp(a->error, b->error);
}

static int add_failure(const struct failed *items, size_t count, struct sc_report *report)
{
    struct sc_report_failure *failure = &report->failures[report->failure_count++];
    const char *name = sc_error_name(items->error);
    failure->call = strdup(items->call);
    failure->error = strdup(name ? name : "unknown error");
    for (size_t i = 0; i < count; i++)
        for (unsigned run = 0; run < 2; run++) {
            failure->calls[run] += items[i].calls[run];
            failure->time_ns[run] += items[i].time_ns[run];
        }
    return failure->call && failure->error ? add_names(items, count, failure) : -ENOMEM;
}

int sc_find_failed_calls(const struct sc_file_groups groups[2], const bool with_startup[2], struct sc_report *report)
{
    size_t rows = 0, count = 0;
    for (unsigned run = 0; run < report->run_count; run++)
        for (size_t i = 0; i < groups[run].count; i++)
            rows += groups[run].items[i].count;
    struct failed *items = calloc(rows + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    for (unsigned run = 0; run < report->run_count; run++)
        count += collect(&groups[run], run, with_startup[run], items + count);
    count = count ? unite(items, count) : 0;
    report->failures = calloc(count + 1, sizeof *report->failures);
    int error = report->failures ? 0 : -ENOMEM;
    for (size_t i = 0, next; i < count && !error; i = next) {
        for (next = i + 1; next < count && by_call_and_error(&items[next], &items[i]) == 0;)
            next++;
        error = add_failure(items + i, next - i, report);
    }
    if (!error)
        qsort(report->failures, report->failure_count, sizeof *report->failures, by_difference);
    free(items);
    return error;
}
