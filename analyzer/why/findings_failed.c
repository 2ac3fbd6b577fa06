/* findings_failed.c: calls that fail over and over. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/error_names.h"
#include "findings.h"

struct failure {
    const struct sc_row *row;
    const struct sc_file_group *group; /* the row's */
};

/* Failures are counted over all files: a search tries many names. Rows of one call and error make one finding. */
static int by_failure(const void *left, const void *right)
{
    const struct sc_row *a = ((const struct failure *)left)->row, *b = ((const struct failure *)right)->row;
    if (a->nr != b->nr)
        return a->nr < b->nr ? -1 : 1;
    if (a->error != b->error)
        return a->error < b->error ? -1 : 1;
    if (a->subject != b->subject)
        return a->subject < b->subject ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* A wait whose time is over has not failed: mostly the time is what it was for. */
static bool is_failure(const struct sc_row *row)
{
    bool waits = sc_call_means(row->nr, SC_MEANS_TURN) || sc_call_means(row->nr, SC_MEANS_WAIT) ||
                 sc_call_means(row->nr, SC_MEANS_AIO_EVENTS);
    return row->facts & SC_FACT_FAILED && !(waits && row->error == ETIMEDOUT);
}

/* "on 3 names". A call that failed may have left none (kill; a capture keeps no name after some errors): not counted.
 */
static void describe_names(uint32_t names, bool all_known, char *text, size_t capacity)
{
    *text = '\0';
    if (names)
        snprintf(text, capacity, ", on %" PRIu32 "%s name%s", names, all_known ? "" : " known", names == 1 ? "" : "s");
}

/* rows: those of the failures. */
static int add_failure(const struct sc_file_groups *groups, const struct failure *failures, const struct sc_row **rows,
                       size_t count, struct sc_finding_list *list)
{
    bool all_known = rows[count - 1]->subject != SC_NO_FILE; /* which is the largest number */
    uint32_t names = 0;
    for (size_t i = 0; i < count; i++)
        names += rows[i]->subject != SC_NO_FILE && (i == 0 || rows[i]->subject != rows[i - 1]->subject);
    const char *path =
        names == 1 && all_known ? sc_ledger_path(groups->view->ledger, groups->view->files, rows[0]) : NULL;
    struct sc_file_group all = {
        .role = path ? failures->group->role : "", .path = path, .regular = path != NULL, .rows = rows, .count = count};
    struct sc_finding *finding = sc_finding_new(list, groups, &all, is_failure, "failed-calls");
    if (!finding)
        return -ENOMEM;
    finding->saved_calls = finding->calls;
    finding->saved_ns = finding->own_ns;
    const char *error = sc_error_name(rows[0]->error);
    char on_names[64];
    describe_names(names, all_known, on_names, sizeof on_names);
    finding->advice =
        strdup("Find out whether they are meant to fail; what is known to be missing need not be tried again.");
    if (!finding->advice || asprintf(&finding->detail, "%s: %s%s", sc_ledger_call(groups->view->ledger, rows[0]),
                                     error ? error : "unknown error", on_names) < 0)
        return -ENOMEM;
    return 0;
}

int sc_find_failures(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                     struct sc_finding_list *list)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < groups->count; i++)
        total += groups->items[i].count;
    const struct sc_row **rows = calloc(total + 1, sizeof *rows);
    struct failure *failures = calloc(total + 1, sizeof *failures);
    int error = rows && failures ? 0 : -ENOMEM;
    for (size_t i = 0; i < groups->count && !error; i++)
        for (size_t k = 0; k < groups->items[i].count; k++)
            if (sc_row_is_work(groups->items[i].rows[k]) && is_failure(groups->items[i].rows[k]))
                failures[count++] = (struct failure){groups->items[i].rows[k], &groups->items[i]};
    if (!error)
        qsort(failures, count, sizeof *failures, by_failure);
    for (size_t i = 0; i < count; i++)
        rows[i] = failures[i].row;
    for (size_t i = 0, next; i < count && !error; i = next) {
        uint64_t calls = 0;
        for (next = i; next < count && rows[next]->nr == rows[i]->nr && rows[next]->error == rows[i]->error; next++)
            calls += rows[next]->calls;
        if (calls && (int64_t)calls >= thresholds->values[SC_T_FAILED_CALLS])
            error = add_failure(groups, failures + i, rows + i, next - i, list);
    }
    free(failures);
    free(rows);
    return error;
}
