/* breakdown_cells.c: the rows of two runs, each with what it is summed under: pattern, group of files, program. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/difference.h"
#include "../model/error_names.h"
#include "breakdown_internal.h"
#include "name_groups.h"

enum {
    PATTERN_BYTES = 96,
    MANY_PROCESSES = 4, /* so many more of one program are one thing; of fewer it matters what they do, */
    GOOD_PART = 20,     /* unless one run alone has the program, and one call in so many is its, but not most are */
};

/* What is known of the program, which is no run's root; NULL for one that is. Made where it is new. */
static struct sc_program_sum *sum_of(struct sc_cells *set, const struct sc_run *run, uint32_t program)
{
    enum { KEY_BYTES = 600 };
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(run, program, &kind);
    char key[KEY_BYTES];
    uint32_t id;
    if (!name || kind == SC_PROGRAM_ROOT)
        return NULL;
    const char *subcommand = set->by_subcommand ? sc_run_subcommand(run, program) : "";
    snprintf(key, sizeof key, "%s%s%s%s", name, *subcommand ? " " : "", subcommand,
             kind == SC_PROGRAM_FORK ? " (forked)" : "");
    if (sc_intern_add(&set->programs, key, strlen(key), &id) ||
        SC_RESERVE_ZERO(set->sums, set->sums_capacity, (size_t)id + 1)) {
        set->failed = true;
        return NULL;
    }
    return &set->sums[id];
}

static bool counts(const struct sc_cells *set, unsigned run, const struct sc_row *row)
{
    return !(row->facts & SC_FACT_STARTUP) || set->with_startup[run];
}

/* By name: a program has another number in the other run. All of them, before a row is asked about. */
static int count_programs(struct sc_cells *set, unsigned run)
{
    const struct sc_file_groups *groups = &set->groups[run];
    const struct sc_run_view *view = groups->view;
    for (uint32_t i = 0; view->ledger && i < view->run->program_keys.count; i++) {
        struct sc_program_sum *sum = sum_of(set, view->run, i);
        if (sum)
            sum->processes.count[run] += sc_ledger_processes(view->ledger, i);
    }
    for (size_t i = 0; i < groups->count; i++)
        for (size_t k = 0; k < groups->items[i].count; k++) {
            const struct sc_row *row = groups->items[i].rows[k];
            struct sc_program_sum *sum = sum_of(set, view->run, row->program);
            uint64_t calls = counts(set, run, row) ? row->calls : 0;
            set->calls[run] += calls;
            if (sum)
                sum->calls[run] += calls;
        }
    return set->failed ? -ENOMEM : 0;
}

/* Are the processes of the program one cause, whatever they do? */
static bool is_cause(const struct sc_cells *set, const struct sc_program_sum *sum)
{
    const uint64_t *count = sum->processes.count;
    if (sc_distance(count[0], count[1]) >= MANY_PROCESSES)
        return true;
    unsigned more = count[1] > count[0];
    uint64_t calls = sum->calls[more], all = set->calls[more];
    return count[more] && !count[1 - more] && calls > all / GOOD_PART && calls <= all / 2;
}

/* One work has many calls: two programs that differ in nothing but the name of the call do the same. */
static const char *work_of(const struct sc_row *row)
{
    static const char *const works[] = {
        [SC_MEANS_READ] = "read",          [SC_MEANS_PREAD] = "read",  [SC_MEANS_WRITE] = "write",
        [SC_MEANS_PWRITE] = "write",       [SC_MEANS_OPEN] = "open",   [SC_MEANS_STAT] = "stat",
        [SC_MEANS_RENAME] = "rename",      [SC_MEANS_LIST] = "list",   [SC_MEANS_TRUNCATE] = "truncate",
        [SC_MEANS_READ_LINK] = "readlink", [SC_MEANS_DUP_TO] = "dup2", [SC_MEANS_ACCEPT] = "accept",
        [SC_MEANS_EPOLL] = "epoll",
    };
    unsigned means = row->nr < SC_NR_LIMIT ? sc_call(row->nr)->means : SC_MEANS__;
    return means < sizeof works / sizeof works[0] ? works[means] : NULL;
}

/* What the call was for; the first that holds, so that each call is counted once. call: what the call is named. */
static const char *pattern_of(const struct sc_row *row, const char *call, char *text)
{
    const char *error;
    if (row->facts & SC_FACT_STARTUP) {
        snprintf(text, PATTERN_BYTES, "start-up, %s", call);
        return text;
    }
    if (row->facts & SC_FACT_RUNTIME) {
        snprintf(text, PATTERN_BYTES, "%s's runtime, %s", sc_language_name(sc_row_language(row)), call);
        return text;
    }
    if (row->facts & SC_FACT_FAILED) {
        error = sc_error_name(row->error);
        snprintf(text, PATTERN_BYTES, "failed %s (%s)", call, error ? error : "unknown error");
        return text;
    }
    if (row->facts & SC_FACT_WAITS) {
        snprintf(text, PATTERN_BYTES, "%s that would wait (EAGAIN)", call);
        return text;
    }
    if (row->facts & SC_FACT_ZERO)
        return "zero-fill";
    if (row->facts & SC_FACT_GROW)
        return "growing by one zero byte";
    if (row->facts & SC_FACT_STILL)
        return "redundant seek";
    if (row->facts & SC_FACT_SEEK_WRITE)
        return "seek before a write";
    if (row->facts & SC_FACT_SEEK_READ)
        return "seek before a read";
    if (row->facts & SC_FACT_REWRITE)
        return "writing again";
    if (row->facts & SC_FACT_REREAD)
        return "reading again";
    if (row->facts & SC_FACT_LOCK)
        return "locking";
    if (row->facts & SC_FACT_EMPTIES) {
        snprintf(text, PATTERN_BYTES, "emptying %s", call);
        return text;
    }
    if (row->facts & (SC_FACT_SYNCED | SC_FACT_DIRECT)) { /* the same calls, but for what they wait for */
        snprintf(text, PATTERN_BYTES, "%s with %s", call,
                 row->facts & SC_FACT_SYNCED ? "O_SYNC or O_DSYNC" : "O_DIRECT");
        return text;
    }
    return call;
}

static const char *keep(struct sc_cells *set, const char *text)
{
    uint32_t id;
    return sc_intern_add(&set->texts, text, strlen(text), &id) ? NULL : sc_intern_text(&set->texts, id);
}

static int collect(struct sc_cells *set, unsigned run)
{
    const struct sc_file_groups *groups = &set->groups[run];
    for (size_t i = 0; i < groups->count; i++) {
        for (size_t k = 0; k < groups->items[i].count; k++) {
            const struct sc_row *row = groups->items[i].rows[k];
            char pattern[PATTERN_BYTES];
            if (!counts(set, run, row))
                continue;
            struct sc_cell *cell = &set->items[set->count++];
            *cell = (struct sc_cell){.role = groups->items[i].role, .row = row, .run = run};
            const struct sc_program_sum *sum = sum_of(set, groups->view->run, row->program);
            if (sum && is_cause(set, sum)) {
                snprintf(pattern, sizeof pattern, "processes of %.80s",
                         sc_intern_text(&set->programs, (uint32_t)(sum - set->sums)));
                cell->role = "";
                cell->processes = &sum->processes;
                cell->pattern = cell->shown = keep(set, pattern);
            } else {
                const char *call = sc_ledger_call(groups->view->ledger, row), *work = work_of(row);
                cell->pattern = keep(set, pattern_of(row, work ? work : call, pattern));
                cell->shown = keep(set, pattern_of(row, call, pattern));
            }
            if (!cell->pattern || !cell->shown)
                return -ENOMEM;
        }
    }
    return 0;
}

static int by_role(const void *left, const void *right)
{
    const struct sc_cell *a = left, *b = right;
    int order = strcmp(a->pattern, b->pattern);
    return order ? order : strcmp(a->role, b->role);
}

static int by_cause(const void *left, const void *right)
{
    const struct sc_cell *a = left, *b = right;
    int order = strcmp(a->pattern, b->pattern);
    order = order ? order : b->moves - a->moves;
    order = order ? order : strcmp(a->group, b->group);
    return order ? order : strcmp(a->role, b->role);
}

bool sc_same_cause(const struct sc_cell *a, const struct sc_cell *b)
{
    return a->pattern == b->pattern && a->moves == b->moves && strcmp(a->group, b->group) == 0;
}

/* Sets the groups of the files that one pattern is about: cells[0, count), of one pattern and in the order of roles. */
static int group_pattern(struct sc_cells *set, struct sc_cell *cells, size_t count)
{
    struct sc_named *names = calloc(count, sizeof *names);
    size_t used = 0, at[2];
    int error = names ? 0 : -ENOMEM;
    for (size_t i = 0, next; i < count && !error; i = next) {
        uint64_t calls[2] = {0}, bytes[2] = {0}, time_ns[2] = {0};
        for (next = i + 1; next < count && strcmp(cells[next].role, cells[i].role) == 0;)
            next++;
        sc_sum_cells(&cells[i], next - i, false, calls, bytes, time_ns);
        for (size_t k = i; k < next; k++)
            cells[k].moves = calls[0] != calls[1] || bytes[0] != bytes[1];
    }
    /* What differs and what does not are grouped apart: one file that does must not become one of many that do not. */
    for (unsigned moves = 0; moves < 2 && !error; moves++) {
        at[moves] = used;
        for (size_t i = 0; i < count; i++) {
            if (cells[i].moves != moves)
                continue;
            uint64_t calls[2] = {0}, bytes[2] = {0}, time_ns[2] = {0};
            sc_sum_cells(&cells[i], 1, false, calls, bytes, time_ns);
            uint64_t weight = calls[0] + calls[1];
            if (used > at[moves] && strcmp(names[used - 1].name, cells[i].role) == 0)
                names[used - 1].weight += weight;
            else
                names[used++] = (struct sc_named){.name = cells[i].role, .weight = weight};
        }
        error = sc_name_groups(names + at[moves], used - at[moves], &set->texts);
        error = error ? error : sc_name_trees(names + at[moves], used - at[moves], &set->texts);
    }
    size_t end[2] = {error ? 0 : at[1], used};
    for (size_t i = 0; i < count && !error; i++) {
        size_t *place = &at[cells[i].moves];
        while (*place < end[cells[i].moves] && strcmp(names[*place].name, cells[i].role) != 0)
            ++*place;
        cells[i].group = names[*place].group;
    }
    free(names);
    return error;
}

static int group_files(struct sc_cells *set)
{
    int error = 0;
    if (set->count)
        qsort(set->items, set->count, sizeof *set->items, by_role);
    for (size_t i = 0, next; i < set->count && !error; i = next) {
        for (next = i + 1; next < set->count && set->items[next].pattern == set->items[i].pattern;)
            next++;
        error = group_pattern(set, &set->items[i], next - i);
    }
    return error;
}

int sc_cells_make(const struct sc_file_groups groups[2], const bool with_startup[2], struct sc_cells *ret_cells)
{
    size_t total = 0;
    *ret_cells = (struct sc_cells){.groups = groups, .with_startup = with_startup, .by_subcommand = true};
    for (unsigned run = 0; run < 2; run++) /* logs do not tell it */
        ret_cells->by_subcommand &= groups[run].view->run->kind == SC_RUN_CAPTURE;
    for (unsigned run = 0; run < 2; run++)
        for (size_t i = 0; i < groups[run].count; i++)
            total += groups[run].items[i].count;
    ret_cells->items = calloc(total + 1, sizeof *ret_cells->items);
    int error = ret_cells->items ? 0 : -ENOMEM;
    for (unsigned run = 0; run < 2 && !error; run++)
        error = count_programs(ret_cells, run);
    for (unsigned run = 0; run < 2 && !error; run++)
        error = collect(ret_cells, run);
    error = error ? error : group_files(ret_cells);
    if (!error && ret_cells->count)
        qsort(ret_cells->items, ret_cells->count, sizeof *ret_cells->items, by_cause);
    return error;
}

void sc_cells_free(struct sc_cells *cells)
{
    free(cells->items);
    free(cells->sums);
    sc_intern_free(&cells->programs);
    sc_intern_free(&cells->texts);
}
