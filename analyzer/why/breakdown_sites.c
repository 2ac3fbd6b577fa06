/* breakdown_sites.c: a cause divided by the functions that its calls come from. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "breakdown_internal.h"
#include "site_names.h"

static int by_site(const void *left, const void *right)
{
    const struct sc_cell *a = left, *b = right;
    int order = strcmp(a->site, b->site);
    return order ? order : (a->row->site > b->row->site) - (a->row->site < b->row->site);
}

static int by_difference(const void *left, const void *right)
{
    const struct sc_cause_site *a = left, *b = right;
    int more = sc_compare_param_diff(a->calls, a->bytes, b->calls, b->bytes);
    return more ? more : strcmp(a->name ? a->name : "", b->name ? b->name : "");
}

/* Programs have different addresses for the same thing, and one function can make a call in several places. */
static int name_cells(const struct sc_file_groups groups[2], struct sc_cell *cells, size_t count,
                      struct sc_intern *names)
{
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        uint32_t id;
        const struct sc_row *row = cells[i].row;
        char *name = sc_site_function(groups[cells[i].run].view, row->site);
        error = name ? sc_intern_add(names, name, strlen(name), &id) : -ENOMEM;
        free(name);
        cells[i].site = error ? NULL : sc_intern_text(names, id);
    }
    return error;
}

/* A log without callers: beside a run that has them, the same calls would come from there here, and from nowhere. */
static int forget_sites(const struct sc_file_groups groups[2], struct sc_cell *cells, size_t count,
                        struct sc_intern *names)
{
    bool known[2] = {false, false}, any[2] = {false, false};
    uint32_t nowhere;
    for (size_t i = 0; i < count; i++) {
        any[cells[i].run] = true;
        known[cells[i].run] |= *cells[i].site != '\0';
    }
    unsigned blind = known[0] ? 1 : 0;
    if (!any[blind] || known[blind] || !known[1 - blind] || groups[blind].view->run->kind != SC_RUN_STRACE)
        return 0;
    if (sc_intern_add(names, "", 0, &nowhere))
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        cells[i].site = sc_intern_text(names, nowhere);
    return 0;
}

/* Where all of it comes from one line, that is said too. */
static int name_site(const struct sc_file_groups groups[2], const struct sc_cell *cells, size_t count, char **ret_name)
{
    *ret_name = NULL;
    if (!*cells->site)
        return 0;
    for (size_t i = 0; i < count; i++) {
        char *name = sc_site_name(groups[cells[i].run].view, cells[i].row->site);
        bool same = name && (!*ret_name || strcmp(*ret_name, name) == 0);
        bool failed = !name;
        free(*ret_name);
        *ret_name = same ? name : NULL;
        if (!same)
            free(name);
        if (failed)
            return -ENOMEM;
        if (!same) {
            *ret_name = strdup(cells->site);
            break;
        }
    }
    return *ret_name ? 0 : -ENOMEM;
}

static int add_site(const struct sc_file_groups groups[2], bool times, const struct sc_cell *cells, size_t count,
                    struct sc_cause *cause)
{
    struct sc_cause_site site = {0};
    if (!sc_sum_cells(cells, count, times, site.calls, site.bytes, site.time_ns))
        return 0;
    int error = name_site(groups, cells, count, &site.name);
    cause->sites[cause->site_count++] = site;
    return error;
}

int sc_divide_by_site(const struct sc_file_groups groups[2], bool times, struct sc_cell *cells, size_t count,
                      struct sc_cause *cause)
{
    if (!count)
        return 0;
    struct sc_intern names = {0};
    size_t kinds = 0;
    int error = name_cells(groups, cells, count, &names);
    if (!error)
        error = forget_sites(groups, cells, count, &names);
    if (!error) {
        qsort(cells, count, sizeof *cells, by_site);
        for (size_t i = 0; i < count; i++)
            kinds += i == 0 || cells[i].site != cells[i - 1].site;
        cause->sites = calloc(kinds, sizeof *cause->sites);
        error = cause->sites ? 0 : -ENOMEM;
    }
    for (size_t i = 0, next; i < count && !error; i = next) {
        for (next = i + 1; next < count && cells[next].site == cells[i].site;)
            next++;
        error = add_site(groups, times, &cells[i], next - i, cause);
    }
    if (!error)
        qsort(cause->sites, cause->site_count, sizeof *cause->sites, by_difference);
    sc_intern_free(&names);
    return error;
}
