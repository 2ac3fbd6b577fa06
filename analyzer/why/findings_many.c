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
    return !(row->facts & SC_FACT_FAILED) && sc_call_means(row->nr, SC_MEANS_LIST);
}

static bool is_exec(const struct sc_row *row)
{
    return !(row->facts & SC_FACT_FAILED) && sc_call_means(row->nr, SC_MEANS_EXEC);
}

static bool is_fork(const struct sc_row *row)
{
    return row->facts & SC_FACT_FORK;
}

static bool is_process(const struct sc_row *row)
{
    return is_exec(row) || is_fork(row);
}

static bool is_open(const struct sc_row *row)
{
    return !(row->facts & SC_FACT_FAILED) && sc_call_means(row->nr, SC_MEANS_OPEN);
}

static bool is_close(const struct sc_row *row)
{
    return sc_call_means(row->nr, SC_MEANS_CLOSE);
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

/* seen: a place for each group, of the directories that were met. */
static void add_directory(const struct sc_file_groups *groups, const struct sc_file_group *directory, bool *seen,
                          struct many *many)
{
    many->directories += !seen[directory - groups->items];
    seen[directory - groups->items] = true;
    many->directory = directory;
}

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
        add_directory(groups, directory, listed, many);
    }
    return error;
}

/* A finding of the rows: about their directory, where there is one only. */
static struct sc_finding *finding_of(const struct sc_file_groups *groups, const struct many *many, sc_row_match *match,
                                     const char *id, struct sc_finding_list *list)
{
    bool one = many->directories == 1;
    struct sc_file_group all = {.role = one ? many->directory->role : "",
                                .path = one ? many->directory->path : NULL,
                                .regular = one,
                                .rows = many->rows,
                                .count = many->count};
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
            finding->saved_ns = finding->own_ns;
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

/* What the kernel makes as it is read can't be put together. */
static bool is_stored(const struct sc_file_group *group)
{
    return group->regular && group->path && strncmp(group->path, "/proc/", 6) != 0 &&
           strncmp(group->path, "/sys/", 5) != 0 && strncmp(group->path, "/dev/", 5) != 0;
}

static int find_small_files(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                            struct sc_finding_list *list)
{
    struct many many;
    uint64_t closes = 0, closes_ns = 0, bytes = 0;
    if (many_new(groups, &many))
        return -ENOMEM;
    for (size_t i = 0; i < groups->count; i++) {
        const struct sc_file_group *group = &groups->items[i];
        struct sc_sum opens, moves, closed;
        sc_sum_rows(group, is_open, &opens);
        sc_sum_rows(group, sc_row_moves_bytes, &moves);
        if (!is_stored(group) || !opens.calls || !moves.bytes ||
            (int64_t)(moves.bytes / opens.calls) >= thresholds->values[SC_T_LITTLE_SIZE])
            continue;
        add_file(&many, group, is_open);
        sc_sum_rows(group, is_close, &closed);
        closes += closed.calls;
        closes_ns += closed.time_ns;
        bytes += moves.bytes;
    }
    int error = 0;
    if (many.files && (int64_t)many.files >= thresholds->values[SC_T_LITTLE_FILES]) {
        struct sc_file_group all = {.role = "", .rows = many.rows, .count = many.count};
        struct sc_finding *finding = sc_finding_new(list, groups, &all, is_open, "many-small-files");
        if (finding) {
            finding->saved_closes = closes ? closes - 1 : 0;
            finding->saved_calls = finding->calls - 1 + finding->saved_closes;
            finding->saved_ns = finding->own_ns + closes_ns;
            finding->advice = strdup("One file that holds them all needs one open and one close.");
        }
        if (!finding || !finding->advice ||
            asprintf(&finding->detail, "%" PRIu64 " files, of which %" PRIu64 " bytes each were read or written",
                     many.files, bytes / many.files) < 0)
            error = -ENOMEM;
    }
    free(many.rows);
    return error;
}

/* Processes are known by what made them or by the program that they began, whichever was seen more often. */
static int find_processes(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                          struct sc_finding_list *list)
{
    struct many many;
    uint64_t forks = 0, execs = 0, programs = 0;
    if (many_new(groups, &many))
        return -ENOMEM;
    for (size_t i = 0; i < groups->count; i++) {
        struct sc_sum fork, exec;
        sc_sum_rows(&groups->items[i], is_fork, &fork);
        sc_sum_rows(&groups->items[i], is_exec, &exec);
        add_file(&many, &groups->items[i], is_process);
        forks += fork.calls;
        execs += exec.calls;
        programs += exec.calls > 0;
    }
    uint64_t processes = forks > execs ? forks : execs;
    int error = 0;
    if (processes && (int64_t)processes >= thresholds->values[SC_T_STORM_PROCESSES]) {
        struct sc_file_group all = {.role = "", .rows = many.rows, .count = many.count};
        struct sc_finding *finding = sc_finding_new(list, groups, &all, is_process, "process-storm");
        if (finding) {
            finding->saved_calls = finding->calls;
            finding->saved_ns = finding->time_ns;
            list->rows[list->count - 1].files = NULL; /* nobody waits for a process that is not begun */
            finding->advice = strdup("Do it in the process itself, or let one process do it for many: "
                                     "each begins by loading its program and ends by giving all of it back.");
        }
        if (!finding || !finding->advice ||
            asprintf(&finding->detail, "%" PRIu64 " processes; %" PRIu64 " program%s begun %" PRIu64 " times",
                     processes, programs, programs == 1 ? "" : "s", execs) < 0)
            error = -ENOMEM;
    }
    free(many.rows);
    return error;
}

int sc_find_among_many(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                       struct sc_finding_list *list)
{
    int error = find_stats(groups, thresholds, list);
    if (!error)
        error = find_small_files(groups, thresholds, list);
    return error ? error : find_processes(groups, thresholds, list);
}
