/* findings_make.c: one finding from the rows that it is made of. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "findings.h"
#include "site_names.h"

/* The site's calls, where it has a place among the most frequent; sites come in the order of their addresses. */
static int add_site(const struct sc_file_groups *groups, struct sc_finding *finding, const struct sc_row *row,
                    uint64_t calls)
{
    finding->site_total++;
    uint32_t at = finding->site_count;
    while (at > 0 && finding->sites[at - 1].calls < (int64_t)calls)
        at--;
    if (at == SC_FINDING_SITES)
        return 0;
    char *name = sc_site_name(groups->view, row->site);
    if (!name)
        return -ENOMEM;
    if (finding->site_count == SC_FINDING_SITES)
        free(finding->sites[--finding->site_count].name);
    memmove(&finding->sites[at + 1], &finding->sites[at], (finding->site_count - at) * sizeof *finding->sites);
    finding->sites[at] = (struct sc_site_count){name, (int64_t)calls};
    finding->site_count++;
    return 0;
}

static int by_site(const void *left, const void *right)
{
    const struct sc_row *a = *(const struct sc_row *const *)left, *b = *(const struct sc_row *const *)right;
    return a->site < b->site ? -1 : a->site > b->site;
}

static int add_sites(const struct sc_file_groups *groups, struct sc_finding *finding, const struct sc_row **rows,
                     size_t count)
{
    qsort(rows, count, sizeof *rows, by_site);
    int error = 0;
    for (size_t i = 0, next; i < count && !error; i = next) {
        uint64_t calls = 0;
        for (next = i; next < count && rows[next]->site == rows[i]->site; next++)
            calls += rows[next]->calls;
        if (rows[i]->site)
            error = add_site(groups, finding, rows[i], calls);
    }
    return error;
}

/* The first calls of all rows together, in the order of the run. */
static void add_evidence(const struct sc_file_groups *groups, struct sc_finding *finding,
                         const struct sc_row *const *rows, size_t count)
{
    uint64_t after = 0;
    for (size_t shown = 0; shown < SC_LEDGER_EVIDENCE; shown++) {
        uint64_t next = UINT64_MAX;
        uint32_t line = 0;
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < rows[i]->shown; k++) {
                if (rows[i]->order[k] <= after || rows[i]->order[k] >= next)
                    continue;
                next = rows[i]->order[k];
                line = rows[i]->lines[k];
            }
        }
        if (next == UINT64_MAX)
            return;
        sc_strings_add(&finding->evidence, sc_ledger_line(groups->view->ledger, line));
        after = next;
    }
}

static struct sc_finding *append(struct sc_finding_list *list, const char *id)
{
    if (SC_RESERVE(list->items, list->capacity, list->count + 1))
        return NULL;
    struct sc_finding *finding = &list->items[list->count++];
    *finding = (struct sc_finding){.id = id};
    return finding;
}

struct sc_finding *sc_finding_new(struct sc_finding_list *list, const struct sc_file_groups *groups,
                                  const struct sc_file_group *group, sc_row_match *match, const char *id)
{
    struct sc_sum sum;
    if (SC_RESERVE_ZERO(list->rows, list->rows_capacity, list->count + 1))
        return NULL;
    struct sc_finding *finding = append(list, id);
    const struct sc_row **rows = calloc(group->count + 1, sizeof *rows);
    size_t count = 0;
    if (!finding || !rows) {
        free(rows);
        return NULL;
    }
    for (size_t i = 0; i < group->count; i++)
        if (sc_row_is_work(group->rows[i]) && match(group->rows[i])) {
            finding->own_ns += sc_row_own_ns(groups->view->files, group->rows[i]);
            rows[count++] = group->rows[i];
        }
    sc_sum_rows(group, match, &sum);
    finding->calls = sum.calls;
    finding->requests = sum.requests;
    finding->bytes = sum.bytes;
    finding->time_ns = sum.time_ns;
    finding->has_range = sum.begin != SC_OFFSET_UNKNOWN;
    if (finding->has_range)
        finding->span = (struct sc_extent){sum.begin, sum.end};
    finding->role = strdup(group->role);
    finding->file = group->path ? strdup(group->path) : NULL;
    add_evidence(groups, finding, rows, count);
    int error = add_sites(groups, finding, rows, count);
    list->rows[list->count - 1] = (struct sc_finding_rows){rows, count, groups->view->files};
    bool short_of = error || !finding->role || (group->path && !finding->file) || finding->evidence.failed;
    return short_of ? NULL : finding;
}

/* A row, and how much of it a finding would save. */
struct saving {
    const struct sc_row *row;
    uint64_t ns; /* of the row */
    double share;
};

static int by_row(const void *left, const void *right)
{
    const struct saving *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->share < b->share) - (a->share > b->share);
}

static struct saving saving_of(const struct sc_finding_rows *rows, size_t at, double share)
{
    const struct sc_row *row = rows->items[at];
    return (struct saving){row, rows->files ? sc_row_own_ns(rows->files, row) : row->time_ns, share};
}

int sc_findings_total(const struct sc_finding_list *list, uint64_t *ret_calls, uint64_t *ret_ns)
{
    size_t total = 0, count = 0;
    uint64_t closes = 0;
    double calls = 0, ns = 0;
    for (size_t i = 0; i < list->count; i++)
        total += list->rows[i].count;
    struct saving *savings = calloc(total + 1, sizeof *savings);
    if (!savings)
        return -ENOMEM;
    for (size_t i = 0; i < list->count; i++) {
        const struct sc_finding *finding = &list->items[i];
        double saved = (double)(finding->saved_calls - finding->saved_closes);
        closes = finding->saved_closes > closes ? finding->saved_closes : closes;
        for (size_t k = 0; finding->calls && k < list->rows[i].count; k++)
            savings[count++] = saving_of(&list->rows[i], k, saved / (double)finding->calls);
    }
    if (count)
        qsort(savings, count, sizeof *savings, by_row);
    for (size_t i = 0; i < count; i++) {
        if (i && savings[i].row == savings[i - 1].row)
            continue;
        calls += savings[i].row->way ? 0 : (double)savings[i].row->calls * savings[i].share;
        ns += (double)savings[i].ns * savings[i].share;
    }
    free(savings);
    *ret_calls = (uint64_t)(calls + 0.5) + closes;
    *ret_ns = (uint64_t)ns;
    return 0;
}

void sc_findings_free_rows(struct sc_finding_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->rows[i].items);
    free(list->rows);
    list->rows = NULL;
}

struct order {
    enum sc_rank rank;
    bool times;
};

static int by_order(const void *left, const void *right, void *argument)
{
    const struct order *order = argument;
    return sc_compare_findings(left, right, order->rank, order->times);
}

void sc_findings_sort(struct sc_finding_list *list, enum sc_rank rank, bool times)
{
    struct order order = {rank, times};
    if (list->count)
        qsort_r(list->items, list->count, sizeof *list->items, by_order, &order);
}
