#include "file_groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file_roles.h"

static int by_subject(const void *left, const void *right)
{
    const struct sc_row *a = *(const struct sc_row *const *)left, *b = *(const struct sc_row *const *)right;
    if (a->subject != b->subject)
        return a->subject < b->subject ? -1 : 1;
    return a < b ? -1 : a > b; /* in the order of their first calls */
}

static int by_role(const void *left, const void *right)
{
    const struct sc_file_group *a = left, *b = right;
    int order = strcmp(a->role, b->role);
    return order ? order : a->rows < b->rows ? -1 : a->rows > b->rows;
}

static int name_group(const struct sc_run_view *view, struct sc_file_group *group)
{
    const struct sc_row *row = group->rows[0];
    bool is_file = row->subject != SC_NO_FILE && !(row->subject & SC_SUBJECT_PATH);
    group->path = sc_ledger_path(view->ledger, view->files, row);
    group->regular = is_file ? sc_files_get(view->files, row->subject)->regular : group->path != NULL;
    group->role = group->path ? sc_make_file_role(view->normaliser, group->path, group->regular) : strdup("");
    return group->role ? 0 : -ENOMEM;
}

static void add_pages(const struct sc_run_view *view, struct sc_file_group *group)
{
    const struct sc_coverage *seen = &view->run->coverage;
    uint32_t subject = group->rows[0]->subject;
    if (subject == SC_NO_FILE || subject & SC_SUBJECT_PATH || !seen->mapped_known || seen->mappings_missed)
        return;
    const struct sc_file_counts *counts = &sc_files_get(view->files, subject)->counts;
    group->pages = counts->touched_pages;
    group->zero_pages = counts->touched_zero_pages;
}

/* Files of one role become one group: pipes, and a path that was asked for before it was a file. */
static int unite(struct sc_file_groups *groups)
{
    size_t total = 0, kept = 0, used = 0;
    for (size_t i = 0; i < groups->count; i++)
        total += groups->items[i].count;
    const struct sc_row **rows = calloc(total + 1, sizeof *rows);
    if (!rows)
        return -ENOMEM;
    for (size_t i = 0; i < groups->count; i++) {
        struct sc_file_group *group = &groups->items[i], *last = kept ? &groups->items[kept - 1] : NULL;
        memcpy(rows + used, group->rows, group->count * sizeof *rows);
        if (last && strcmp(last->role, group->role) == 0) {
            last->count += group->count;
            last->regular |= group->regular;
            last->pages += group->pages;
            last->zero_pages += group->zero_pages;
            free(group->role);
        } else {
            groups->items[kept] = *group;
            groups->items[kept++].rows = rows + used;
        }
        used += group->count;
    }
    groups->count = kept;
    free(groups->rows);
    groups->rows = rows;
    return 0;
}

int sc_file_groups_make(const struct sc_run_view *view, struct sc_file_groups *ret_groups)
{
    *ret_groups = (struct sc_file_groups){.view = view};
    const struct sc_row *rows = NULL;
    size_t count = view->ledger ? sc_ledger_rows(view->ledger, &rows) : 0, kept = 0;
    ret_groups->rows = calloc(count + 1, sizeof *ret_groups->rows);
    ret_groups->items = calloc(count + 1, sizeof *ret_groups->items);
    int error = ret_groups->rows && ret_groups->items ? 0 : -ENOMEM;
    for (size_t i = 0; i < count && !error; i++)
        if (rows[i].calls) /* none is left where all were moved */
            ret_groups->rows[kept++] = &rows[i];
    if (!error)
        qsort(ret_groups->rows, kept, sizeof *ret_groups->rows, by_subject);
    for (size_t i = 0; i < kept && !error; i++) {
        struct sc_file_group *last = ret_groups->count ? &ret_groups->items[ret_groups->count - 1] : NULL;
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a group has a row */
        if (last && last->rows[0]->subject == ret_groups->rows[i]->subject) {
            last->count++;
            continue;
        }
        last = &ret_groups->items[ret_groups->count++];
        *last = (struct sc_file_group){.rows = &ret_groups->rows[i], .count = 1};
        error = name_group(view, last);
        add_pages(view, last);
    }
    if (!error) {
        qsort(ret_groups->items, ret_groups->count, sizeof *ret_groups->items, by_role);
        error = unite(ret_groups);
    }
    if (error)
        sc_file_groups_free(ret_groups);
    return error;
}

void sc_file_groups_free(struct sc_file_groups *groups)
{
    for (size_t i = 0; groups->items && i < groups->count; i++)
        free(groups->items[i].role);
    free(groups->items);
    free(groups->rows);
    *groups = (struct sc_file_groups){0};
}

static int role_of(const void *key, const void *item)
{
    return strcmp(key, ((const struct sc_file_group *)item)->role);
}

const struct sc_file_group *sc_file_groups_find(const struct sc_file_groups *groups, const char *role)
{
    return groups->count ? bsearch(role, groups->items, groups->count, sizeof *groups->items, role_of) : NULL;
}
