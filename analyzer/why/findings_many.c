/* findings_many.c: what is little at each file and much over all of them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_roles.h"
#include "findings.h"

static bool is_named_stat(const struct sc_row *row)
{
    return row->facts & SC_FACT_NAMED;
}

static bool is_listing(const struct sc_row *row)
{
    return !(row->facts & SC_FACT_FAILED) && (row->nr == SC_NR_getdents64 || row->nr == SC_NR_getdents);
}

/* The group of the directory that the group's file is in; NULL where nothing was done with it. 0 or -ENOMEM. */
static int find_directory(const struct sc_file_groups *groups, const struct sc_file_group *group,
                          const struct sc_file_group **ret_directory)
{
    const char *slash = strrchr(group->path, '/');
    *ret_directory = NULL;
    if (!slash)
        return 0;
    char *path = strndup(group->path, slash == group->path ? 1 : (size_t)(slash - group->path));
    char *role = path ? sc_make_file_role(groups->view->normaliser, path, true) : NULL;
    if (role)
        *ret_directory = sc_file_groups_find(groups, role);
    free(path);
    int error = role ? 0 : -ENOMEM;
    free(role);
    return error;
}

/* Rows of many files, and how many they are of. */
struct many {
    const struct sc_row **rows;
    size_t count;
    uint64_t files, directories;
    const struct sc_file_group *directory; /* the last one */
};

static int many_new(const struct sc_file_groups *groups, struct many *ret_many)
{
    size_t total = 0;
    for (size_t i = 0; i < groups->count; i++)
        total += groups->items[i].count;
    *ret_many = (struct many){.rows = calloc(total + 1, sizeof *ret_many->rows)};
    return ret_many->rows ? 0 : -ENOMEM;
}

static void add_file(struct many *many, const struct sc_file_group *group, sc_row_match *match)
{
    for (size_t i = 0; i < group->count; i++)
        if (sc_row_is_work(group->rows[i]) && match(group->rows[i]))
            many->rows[many->count++] = group->rows[i];
    many->files++;
}

/* Files come by role, so those of one directory mostly one behind the other; a directory within parts them. */
static int collect_stats(const struct sc_file_groups *groups, struct many *many, bool *listed)
{
    int error = 0;
    for (size_t i = 0; i < groups->count && !error; i++) {
        const struct sc_file_group *group = &groups->items[i], *directory;
        struct sc_sum asked, lists;
        sc_sum_rows(group, is_named_stat, &asked);
        if (!asked.calls || !group->regular || !group->path)
            continue;
        error = find_directory(groups, group, &directory);
        if (error || !directory)
            continue;
        sc_sum_rows(directory, is_listing, &lists);
        if (!lists.calls)
            continue;
        add_file(many, group, is_named_stat);
        many->directories += !listed[directory - groups->items];
        listed[directory - groups->items] = true;
        many->directory = directory;
    }
    return error;
}

/* A finding of the rows: about their directory, where there is one only. */
static struct sc_finding *finding_of(const struct sc_file_groups *groups, const struct many *many, sc_row_match *match,
                                     const char *id, struct sc_finding_list *list)
{
    bool one = many->directories == 1;
    struct sc_file_group all = {one ? many->directory->role : "", one ? many->directory->path : NULL, one, many->rows,
                                many->count};
    return sc_finding_new(list, groups, &all, match, id);
}

static int find_stats(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                      struct sc_finding_list *list)
{
    struct many many;
    bool *listed = calloc(groups->count + 1, sizeof *listed);
    int error = many_new(groups, &many);
    if (!listed)
        error = -ENOMEM;
    if (!error)
        error = collect_stats(groups, &many, listed);
    if (!error && many.files && (int64_t)many.files >= thresholds->values[SC_T_ENTRY_STATS]) {
        struct sc_finding *finding = finding_of(groups, &many, is_named_stat, "stat-per-entry", list);
        if (finding) {
            finding->saved_calls = finding->calls;
            finding->saved_ns = finding->time_ns;
            finding->advice = strdup("Where only the kind of an entry is asked, its d_type in the listing tells it.");
        }
        if (!finding || !finding->advice ||
            asprintf(&finding->detail, "%" PRIu64 " names in %" PRIu64 " director%s that %s listed", many.files,
                     many.directories, many.directories == 1 ? "y" : "ies", many.directories == 1 ? "was" : "were") < 0)
            error = -ENOMEM;
    }
    free(many.rows);
    free(listed);
    return error;
}

int sc_find_among_many(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                       struct sc_finding_list *list)
{
    return find_stats(groups, thresholds, list);
}
