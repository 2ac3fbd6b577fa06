#include "breakdown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/difference.h"
#include "breakdown_internal.h"
#include "row_sums.h"

struct work {
    const struct sc_file_groups *groups;
    bool times;  /* they can be compared */
    bool beside; /* others of the run work while one waits: the time is theirs, and counted there */
    struct sc_cause_list *list;
};

bool sc_sum_cells(const struct sc_cell *cells, size_t count, bool times, uint64_t calls[2], uint64_t bytes[2],
                  uint64_t time_ns[2])
{
    for (size_t i = 0; i < count; i++) {
        calls[cells[i].run] += cells[i].row->way ? 0 : cells[i].row->calls;
        bytes[cells[i].run] += cells[i].row->bytes;
        time_ns[cells[i].run] += cells[i].row->time_ns;
    }
    return calls[0] != calls[1] || bytes[0] != bytes[1] || (times && time_ns[0] != time_ns[1]);
}

int sc_compare_param_diff(const uint64_t calls_a[2], const uint64_t bytes_a[2], const uint64_t calls_b[2],
                          const uint64_t bytes_b[2])
{
    int order = sc_by_difference(calls_a, calls_b);
    return order ? order : sc_by_difference(bytes_a, bytes_b);
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
 * and for all of it where the calls are the same; and for the longest call, of which more make a cause up to what a
 * busy scheduler holds one up.
 */
static bool stands_out(const struct sc_cause *cause, const uint64_t ns[2], uint64_t longest_ns)
{
    uint64_t common = ns[0] < ns[1] ? ns[0] : ns[1];
    bool moves = cause->calls[0] != cause->calls[1] || cause->bytes[0] != cause->bytes[1];
    uint64_t held_up = moves && longest_ns > SC_HELD_UP_NS ? SC_HELD_UP_NS : longest_ns;
    return sc_distance(ns[0], ns[1]) > SC_RANK_NS + held_up + (moves ? common / 4 : common);
}

/* What the calls of one cause are named in one run: few, as calls that do one work are. */
enum { NAMES = 4 };

static size_t names_of(const struct sc_cell *cells, size_t count, unsigned run, const char *names[NAMES])
{
    size_t used = 0;
    for (size_t i = 0; i < count && used < NAMES; i++) {
        size_t at = 0;
        while (at < used && names[at] != cells[i].shown)
            at++;
        if (cells[i].run == run && at == used)
            names[used++] = cells[i].shown;
    }
    return used;
}

/* Into names those of both runs, each once. Returns how many; *ret_other: neither run makes a call of the other's. */
static size_t all_names(const struct sc_cell *cells, size_t count, const char *names[2 * NAMES], bool *ret_other)
{
    const char *second[NAMES];
    size_t first_count = names_of(cells, count, 0, names), second_count = names_of(cells, count, 1, second);
    size_t used = first_count;
    for (size_t i = 0; i < second_count; i++) {
        size_t at = 0;
        while (at < first_count && names[at] != second[i])
            at++;
        if (at == first_count)
            names[used++] = second[i];
    }
    *ret_other = first_count && second_count && used == first_count + second_count;
    return used;
}

/* "read and pread64". NULL where memory is short. */
static char *join(const char *const *names, size_t count)
{
    char *text = NULL;
    if (count < 2)
        return strdup(count ? names[0] : "");
    if (count == 2)
        return asprintf(&text, "%s and %s", names[0], names[1]) < 0 ? NULL : text;
    return asprintf(&text, "%s, %s and %s", names[0], names[1], count == 3 ? names[2] : "others") < 0 ? NULL : text;
}

/* What else is done to a file that is written or mapped: one run may store into it what the other one writes. */
static void add_pages(const struct work *work, const struct sc_cell *cell, struct sc_cause *cause)
{
    if (cell->processes || !(sc_row_is_write(cell->row) || sc_row_is_zero(cell->row) || sc_row_maps(cell->row)))
        return;
    for (unsigned run = 0; run < 2; run++) {
        const struct sc_file_group *group = sc_file_groups_find(&work->groups[run], cell->role);
        cause->pages[run] += group ? group->pages : 0;
    }
}

static int add_cause(struct work *work, struct sc_cell *cells, size_t count)
{
    struct sc_cause cause = {0};
    bool differs = sc_sum_cells(cells, count, work->times, cause.calls, cause.bytes, cause.time_ns);
    for (size_t i = 0; i < count; i++)
        cause.requests[cells[i].run] += cells[i].row->way ? cells[i].row->calls : 0;
    differs |= cause.requests[0] != cause.requests[1];
    const char *names[2 * NAMES];
    size_t name_count = all_names(cells, count, names, &cause.other_calls);
    if (!differs && !cause.other_calls)
        return 0;
    cause.processes = cells->processes ? *cells->processes : cause.processes;
    cause.waits = true;
    uint64_t ns[2] = {0, 0}, longest_ns = 0; /* what can be its cost */
    for (size_t i = 0; i < count; i++) {
        const struct sc_row *row = cells[i].row;
        bool waits = sc_row_waits(work->groups[cells[i].run].view->files, row);
        cause.waits &= waits;
        if (waits && work->beside)
            continue;
        ns[cells[i].run] += row->time_ns;
        longest_ns = row->longest_ns > longest_ns ? row->longest_ns : longest_ns;
    }
    cause.by_time = work->times && stands_out(&cause, ns, longest_ns);
    for (size_t i = 0; i < count && !cells->processes; i++)
        if ((cells[i].row->facts & (SC_FACT_RUNTIME | SC_FACT_STARTUP)) == SC_FACT_RUNTIME)
            cause.runtime = sc_language_name(sc_row_language(cells[i].row));
    for (size_t i = 0; i < count; i++) { /* before they are put in the order of sites */
        bool another = i == 0 || strcmp(cells[i].role, cells[i - 1].role) != 0;
        if (!another)
            continue;
        if (cause.file_count++ < SC_CAUSE_FILES)
            sc_strings_add(&cause.files, cells[i].role);
        add_pages(work, &cells[i], &cause);
    }
    if (cause.file_count == 1 && !cells->processes) {
        find_range(work, cells, count, &cause);
        sc_strings_free(&cause.files);
    }
    cause.role = strdup(cells->group);
    cause.pattern = join(names, name_count);
    int error = sc_divide_by_site(work->groups, work->times, cells, count, &cause);
    work->list->items[work->list->count++] = cause;
    return error || !cause.role || !cause.pattern || cause.files.failed ? -ENOMEM : 0;
}

/* What moves nothing and stands out in no time is no cause to look at first, however it is ranked. */
static bool says_much(const struct sc_cause *cause)
{
    return cause->by_time || cause->other_calls || cause->calls[0] != cause->calls[1] ||
           cause->bytes[0] != cause->bytes[1] || cause->requests[0] != cause->requests[1];
}

static int by_rank(const void *left, const void *right, void *rank)
{
    const struct sc_cause *a = left, *b = right;
    enum sc_rank by = *(const enum sc_rank *)rank;
    int more = says_much(b) - says_much(a);
    if (!more && by == SC_RANK_COST)
        more = b->by_time - a->by_time;
    if (!more && (by == SC_RANK_TIME || (by == SC_RANK_COST && a->by_time)))
        more = sc_by_difference(a->time_ns, b->time_ns);
    if (!more && by == SC_RANK_BYTES)
        more = sc_by_difference(a->bytes, b->bytes);
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
    struct work work = {.groups = groups, .times = times, .list = ret_list};
    struct sc_cells cells;
    for (unsigned run = 0; run < 2; run++)
        work.beside |= groups[run].view->run->threads > 1;
    *ret_list = (struct sc_cause_list){0};
    int error = sc_cells_make(groups, with_startup, &cells);
    if (!error && !(ret_list->items = calloc(cells.count + 1, sizeof *ret_list->items)))
        error = -ENOMEM;
    for (size_t i = 0, next; i < cells.count && !error; i = next) {
        for (next = i + 1; next < cells.count && sc_same_cause(&cells.items[next], &cells.items[i]);)
            next++;
        error = add_cause(&work, &cells.items[i], next - i);
    }
    if (!error && ret_list->count)
        qsort_r(ret_list->items, ret_list->count, sizeof *ret_list->items, by_rank, &rank);
    sc_cells_free(&cells);
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
        cause.by_time = times && stands_out(&cause, cause.time_ns, 0);
        ret_list->items[ret_list->count++] = cause;
        if (!cause.role || !cause.pattern || !cause.sites)
            return -ENOMEM;
    }
    qsort_r(ret_list->items, ret_list->count, sizeof *ret_list->items, by_rank, &rank);
    return 0;
}
