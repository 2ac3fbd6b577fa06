/* findings_failed.c: calls that fail over and over. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"

/* Failures are counted over all files: a search tries many names. Rows of one call and error make one finding. */
static int by_failure(const void *left, const void *right)
{
    const struct sc_row *a = *(const struct sc_row *const *)left, *b = *(const struct sc_row *const *)right;
    if (a->nr != b->nr)
        return a->nr < b->nr ? -1 : 1;
    if (a->error != b->error)
        return a->error < b->error ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool is_failure(const struct sc_row *row)
{
    return row->facts & SC_FACT_FAILED;
}

static int add_failure(const struct sc_groups *groups, const struct sc_row **rows, size_t count,
                       struct sc_finding_list *list)
{
    uint32_t names = 1;
    for (size_t i = 1; i < count; i++)
        names += rows[i]->subject != rows[i - 1]->subject;
    const char *path = names == 1 ? sc_ledger_path(groups->trail->ledger, groups->trail->files, rows[0]) : NULL;
    struct sc_group all = {"", path, path != NULL, rows, count};
    for (size_t i = 0; path && i < groups->count; i++)
        for (size_t k = 0; k < groups->items[i].count; k++)
            if (groups->items[i].rows[k] == rows[0])
                all.role = groups->items[i].role;
    struct sc_finding *finding = sc_finding_new(list, groups, &all, is_failure, "failed-calls");
    if (!finding)
        return -ENOMEM;
    finding->saved_calls = finding->calls;
    finding->saved_ns = finding->time_ns;
    const char *error = strerrorname_np(rows[0]->error);
    finding->advice =
        strdup("Find out whether they are meant to fail; what is known to be missing need not be tried again.");
    if (!finding->advice ||
        asprintf(&finding->detail, "%s: %s, on %" PRIu32 " name%s", sc_ledger_call(groups->trail->ledger, rows[0]),
                 error ? error : "unknown error", names, names == 1 ? "" : "s") < 0)
        return -ENOMEM;
    return 0;
}

int sc_find_failures(const struct sc_groups *groups, const struct sc_thresholds *thresholds,
                     struct sc_finding_list *list)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < groups->count; i++)
        total += groups->items[i].count;
    const struct sc_row **rows = calloc(total + 1, sizeof *rows);
    if (!rows)
        return -ENOMEM;
    for (size_t i = 0; i < groups->count; i++)
        for (size_t k = 0; k < groups->items[i].count; k++)
            if (sc_row_is_work(groups->items[i].rows[k]) && is_failure(groups->items[i].rows[k]))
                rows[count++] = groups->items[i].rows[k];
    qsort(rows, count, sizeof *rows, by_failure);
    int error = 0;
    for (size_t i = 0, next; i < count && !error; i = next) {
        uint64_t calls = 0;
        for (next = i; next < count && rows[next]->nr == rows[i]->nr && rows[next]->error == rows[i]->error; next++)
            calls += rows[next]->calls;
        if (calls && (int64_t)calls >= thresholds->values[SC_T_FAILED_CALLS])
            error = add_failure(groups, rows + i, next - i, list);
    }
    free(rows);
    return error;
}
