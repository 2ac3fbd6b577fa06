#include "breakdown.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "breakdown_internal.h"
#include "name_groups.h"
#include "row_sums.h"

enum {
    PATTERN_BYTES = 96,
    MANY_PROCESSES = 4, /* so many more of one program are one thing; of fewer it matters what they do */
};

struct work {
    const struct sc_file_groups *groups;
    const bool *with_startup;
    bool times;  /* they can be compared */
    bool beside; /* others of the run work while one waits: the time is theirs, and counted there */
    struct sc_cell *cells;
    size_t count;
    struct sc_intern texts;
    struct sc_intern programs;            /* names of those that are no run's root */
    struct sc_cause_processes *processes; /* by number in programs */
    size_t processes_capacity;
    bool failed;
    struct sc_cause_list *list;
};

/* By how much two values differ, without its sign. */
static int64_t differ_by(const uint64_t values[2])
{
    int64_t difference = (int64_t)(values[0] - values[1]);
    return difference < 0 ? -difference : difference;
}

/* How often each run starts the program, which is no run's root; NULL for one that is. Made where it is new. */
static struct sc_cause_processes *processes_of(struct work *work, const struct sc_run *run, uint32_t program)
{
    enum { KEY_BYTES = 300 };
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(run, program, &kind);
    char key[KEY_BYTES];
    uint32_t id;
    if (!name || kind == SC_PROGRAM_ROOT)
        return NULL;
    snprintf(key, sizeof key, "%s%s", name, kind == SC_PROGRAM_FORK ? " (forked)" : "");
    if (sc_intern_add(&work->programs, key, strlen(key), &id) ||
        SC_RESERVE_ZERO(work->processes, work->processes_capacity, (size_t)id + 1)) {
        work->failed = true;
        return NULL;
    }
    return &work->processes[id];
}

/* By name: a program has another number in the other run. All of them, before a row is asked about. */
static int count_processes(struct work *work, unsigned run)
{
    const struct sc_run_view *view = work->groups[run].view;
    for (uint32_t i = 0; view->ledger && i < view->run->program_keys.count; i++) {
        struct sc_cause_processes *processes = processes_of(work, view->run, i);
        if (processes)
            processes->count[run] += sc_ledger_processes(view->ledger, i);
    }
    return work->failed ? -ENOMEM : 0;
}

/* What the call was for; the first that holds, so that each call is counted once. */
static const char *pattern_of(const struct sc_ledger *ledger, const struct sc_row *row, char *text)
{
    const char *call = sc_ledger_call(ledger, row), *error;
    if (row->facts & SC_FACT_STARTUP) {
        snprintf(text, PATTERN_BYTES, "start-up, %s", call);
        return text;
    }
    if (row->facts & SC_FACT_RUNTIME) {
        snprintf(text, PATTERN_BYTES, "%s's runtime, %s", sc_language_name(sc_row_language(row)), call);
        return text;
    }
    if (row->facts & SC_FACT_FAILED) {
        error = strerrorname_np(row->error);
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
    if (row->facts & (SC_FACT_SYNCED | SC_FACT_DIRECT)) { /* the same calls, but for what they wait for */
        snprintf(text, PATTERN_BYTES, "%s with %s", call,
                 row->facts & SC_FACT_SYNCED ? "O_SYNC or O_DSYNC" : "O_DIRECT");
        return text;
    }
    return call;
}

static const char *keep(struct work *work, const char *text)
{
    uint32_t id;
    return sc_intern_add(&work->texts, text, strlen(text), &id) ? NULL : sc_intern_text(&work->texts, id);
}

static int collect(struct work *work, unsigned run)
{
    const struct sc_file_groups *groups = &work->groups[run];
    for (size_t i = 0; i < groups->count; i++) {
        for (size_t k = 0; k < groups->items[i].count; k++) {
            const struct sc_row *row = groups->items[i].rows[k];
            char pattern[PATTERN_BYTES];
            if (row->facts & SC_FACT_STARTUP && !work->with_startup[run])
                continue;
            struct sc_cell *cell = &work->cells[work->count++];
            *cell = (struct sc_cell){.role = groups->items[i].role, .row = row, .run = run};
            const struct sc_cause_processes *processes = processes_of(work, groups->view->run, row->program);
            if (processes && differ_by(processes->count) >= MANY_PROCESSES) {
                snprintf(pattern, sizeof pattern, "processes of %.80s",
                         sc_intern_text(&work->programs, (uint32_t)(processes - work->processes)));
                cell->role = "";
                cell->processes = processes;
                cell->pattern = keep(work, pattern);
            } else {
                cell->pattern = keep(work, pattern_of(groups->view->ledger, row, pattern));
            }
            if (!cell->pattern)
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

static bool same_cause(const struct sc_cell *a, const struct sc_cell *b)
{
    return a->pattern == b->pattern && a->moves == b->moves && strcmp(a->group, b->group) == 0;
}

bool sc_sum_cells(const struct sc_cell *cells, size_t count, bool times, uint64_t calls[2], uint64_t bytes[2],
                  uint64_t time_ns[2])
{
    for (size_t i = 0; i < count; i++) {
        calls[cells[i].run] += cells[i].row->calls;
        bytes[cells[i].run] += cells[i].row->bytes;
        time_ns[cells[i].run] += cells[i].row->time_ns;
    }
    return calls[0] != calls[1] || bytes[0] != bytes[1] || (times && time_ns[0] != time_ns[1]);
}

int sc_compare_param_diff(const uint64_t calls_a[2], const uint64_t bytes_a[2], const uint64_t calls_b[2],
                          const uint64_t bytes_b[2])
{
    int64_t more = differ_by(calls_b) - differ_by(calls_a);
    more = more ? more : differ_by(bytes_b) - differ_by(bytes_a);
    return (more > 0) - (more < 0);
}

/* Sets the groups of the files that one pattern is about: cells[0, count), of one pattern and in the order of roles. */
static int group_pattern(struct work *work, struct sc_cell *cells, size_t count)
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
        error = sc_name_groups(names + at[moves], used - at[moves], &work->texts);
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

static int group_files(struct work *work)
{
    int error = 0;
    if (work->count)
        qsort(work->cells, work->count, sizeof *work->cells, by_role);
    for (size_t i = 0, next; i < work->count && !error; i = next) {
        for (next = i + 1; next < work->count && work->cells[next].pattern == work->cells[i].pattern;)
            next++;
        error = group_pattern(work, &work->cells[i], next - i);
    }
    return error;
}

/* The range is that of the run with more calls: of zeros all that was ever filled, or else what the rows touched. */
static void find_range(const struct work *work, const struct sc_cell *cells, size_t count, struct sc_cause *cause)
{
    unsigned more = cause->calls[1] > cause->calls[0];
    for (size_t i = 0; i < count; i++) {
        const struct sc_row *row = cells[i].row;
        if (cells[i].run != more || row->begin == SC_OFFSET_UNKNOWN)
            continue;
        if (row->facts & SC_FACT_ZERO && !(row->subject & SC_SUBJECT_PATH)) {
            const struct sc_files *files = work->groups[more].view->files;
            cause->span = sc_extents_span(&sc_files_zeros(files, row->subject)->ever);
            cause->has_range = true;
            return;
        }
        if (!cause->has_range || row->begin < cause->span.begin)
            cause->span.begin = row->begin;
        if (!cause->has_range || row->end > cause->span.end)
            cause->span.end = row->end;
        cause->has_range = true;
    }
}

/*
 * Is the difference in time more than what equal calls vary by? That is taken for a quarter of what both sides spend,
 * and for all of it where the calls are the same; and for the longest call, up to what a busy scheduler holds one up.
 */
static bool stands_out(const struct sc_cause *cause, uint64_t longest_ns)
{
    uint64_t common = cause->time_ns[0] < cause->time_ns[1] ? cause->time_ns[0] : cause->time_ns[1];
    bool moves = cause->calls[0] != cause->calls[1] || cause->bytes[0] != cause->bytes[1];
    uint64_t held_up = longest_ns < SC_HELD_UP_NS ? longest_ns : SC_HELD_UP_NS;
    return (uint64_t)differ_by(cause->time_ns) > SC_RANK_NS + held_up + (moves ? common / 4 : common);
}

static int add_cause(struct work *work, struct sc_cell *cells, size_t count)
{
    struct sc_cause cause = {0};
    if (!sc_sum_cells(cells, count, work->times, cause.calls, cause.bytes, cause.time_ns))
        return 0;
    uint64_t longest_ns = 0;
    for (size_t i = 0; i < count; i++)
        longest_ns = cells[i].row->longest_ns > longest_ns ? cells[i].row->longest_ns : longest_ns;
    cause.processes = cells->processes ? *cells->processes : cause.processes;
    cause.waits = true;
    for (size_t i = 0; i < count; i++)
        cause.waits &= sc_row_waits(work->groups[cells[i].run].view->files, cells[i].row);
    cause.by_time = work->times && stands_out(&cause, longest_ns) && !(cause.waits && work->beside);
    for (size_t i = 0; i < count && !cells->processes; i++)
        if ((cells[i].row->facts & (SC_FACT_RUNTIME | SC_FACT_STARTUP)) == SC_FACT_RUNTIME)
            cause.runtime = sc_language_name(sc_row_language(cells[i].row));
    for (size_t i = 0; i < count; i++) { /* before they are put in the order of sites */
        bool another = i == 0 || strcmp(cells[i].role, cells[i - 1].role) != 0;
        if (another && cause.file_count++ < SC_CAUSE_FILES)
            sc_strings_add(&cause.files, cells[i].role);
    }
    if (cause.file_count == 1 && !cells->processes) {
        find_range(work, cells, count, &cause);
        sc_strings_free(&cause.files);
    }
    cause.role = strdup(cells->group);
    cause.pattern = strdup(cells->pattern);
    int error = sc_divide_by_site(work->groups, work->times, cells, count, &cause);
    work->list->items[work->list->count++] = cause;
    return error || !cause.role || !cause.pattern || cause.files.failed ? -ENOMEM : 0;
}

static int by_more(const uint64_t a[2], const uint64_t b[2])
{
    int64_t more = differ_by(b) - differ_by(a);
    return (more > 0) - (more < 0);
}

/* What moves nothing and stands out in no time is no cause to look at first, however it is ranked. */
static bool says_much(const struct sc_cause *cause)
{
    return cause->by_time || cause->calls[0] != cause->calls[1] || cause->bytes[0] != cause->bytes[1];
}

static int by_rank(const void *left, const void *right, void *rank)
{
    const struct sc_cause *a = left, *b = right;
    enum sc_rank by = *(const enum sc_rank *)rank;
    int more = says_much(b) - says_much(a);
    if (!more && by == SC_RANK_COST)
        more = b->by_time - a->by_time;
    if (!more && (by == SC_RANK_TIME || (by == SC_RANK_COST && a->by_time)))
        more = by_more(a->time_ns, b->time_ns);
    if (!more && by == SC_RANK_BYTES)
        more = by_more(a->bytes, b->bytes);
    more = more ? more : sc_compare_param_diff(a->calls, a->bytes, b->calls, b->bytes);
    if (more)
        return more;
    int order = strcmp(a->pattern, b->pattern);
    /* What the pattern names first is read first: filling a file explains the seeks that go with it. */
    order = (strcmp(b->pattern, "zero-fill") == 0) - (strcmp(a->pattern, "zero-fill") == 0) ?: order;
    return order ? order : strcmp(a->role, b->role);
}

int sc_find_breakdown(const struct sc_file_groups groups[2], const bool with_startup[2], bool times, enum sc_rank rank,
                      struct sc_cause_list *ret_list)
{
    struct work work = {.groups = groups, .with_startup = with_startup, .times = times, .list = ret_list};
    for (unsigned run = 0; run < 2; run++)
        work.beside |= groups[run].view->run->threads > 1;
    size_t total = 0;
    *ret_list = (struct sc_cause_list){0};
    for (unsigned run = 0; run < 2; run++)
        for (size_t i = 0; i < groups[run].count; i++)
            total += groups[run].items[i].count;
    work.cells = calloc(total + 1, sizeof *work.cells);
    ret_list->items = calloc(total + 1, sizeof *ret_list->items);
    int error = work.cells && ret_list->items ? 0 : -ENOMEM;
    for (unsigned run = 0; run < 2 && !error; run++)
        error = count_processes(&work, run);
    for (unsigned run = 0; run < 2 && !error; run++)
        error = collect(&work, run);
    error = error ? error : group_files(&work);
    if (!error && work.count)
        qsort(work.cells, work.count, sizeof *work.cells, by_cause);
    for (size_t i = 0, next; i < work.count && !error; i = next) {
        for (next = i + 1; next < work.count && same_cause(&work.cells[next], &work.cells[i]);)
            next++;
        error = add_cause(&work, &work.cells[i], next - i);
    }
    if (!error && ret_list->count)
        qsort_r(ret_list->items, ret_list->count, sizeof *ret_list->items, by_rank, &rank);
    free(work.cells);
    free(work.processes);
    sc_intern_free(&work.programs);
    sc_intern_free(&work.texts);
    return error;
}

/* Both lists are in the order of names. */
int sc_find_breakdown_by_name(const struct sc_counts *const counts[2], bool times, enum sc_rank rank,
                              struct sc_cause_list *ret_list)
{
    *ret_list = (struct sc_cause_list){0};
    ret_list->items = calloc(counts[0]->call_count + counts[1]->call_count + 1, sizeof *ret_list->items);
    if (!ret_list->items)
        return -ENOMEM;
    for (size_t at[2] = {0, 0}; at[0] < counts[0]->call_count || at[1] < counts[1]->call_count;) {
        const struct sc_named_count *a = at[0] < counts[0]->call_count ? &counts[0]->calls[at[0]] : NULL;
        const struct sc_named_count *b = at[1] < counts[1]->call_count ? &counts[1]->calls[at[1]] : NULL;
        int order = !a ? 1 : !b ? -1 : strcmp(a->name, b->name);
        struct sc_cause cause = {0};
        const struct sc_named_count *const call[2] = {order <= 0 ? a : NULL, order >= 0 ? b : NULL};
        for (unsigned run = 0; run < 2; run++) {
            at[run] += call[run] != NULL;
            cause.calls[run] = call[run] ? call[run]->calls : 0;
            cause.time_ns[run] = call[run] ? call[run]->time_ns : 0;
        }
        if (cause.calls[0] == cause.calls[1] && !(times && cause.time_ns[0] != cause.time_ns[1]))
            continue;
        cause.role = strdup("");
        cause.pattern = strdup(call[0] ? call[0]->name : call[1]->name);
        cause.sites = calloc(1, sizeof *cause.sites); /* one that is not known */
        if (cause.sites)
            *cause.sites = (struct sc_cause_site){.calls = {cause.calls[0], cause.calls[1]},
                                                  .time_ns = {cause.time_ns[0], cause.time_ns[1]}};
        cause.site_count = cause.sites != NULL;
        cause.by_time = times && stands_out(&cause, 0);
        ret_list->items[ret_list->count++] = cause;
        if (!cause.role || !cause.pattern || !cause.sites)
            return -ENOMEM;
    }
    qsort_r(ret_list->items, ret_list->count, sizeof *ret_list->items, by_rank, &rank);
    return 0;
}
