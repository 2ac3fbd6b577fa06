/* sites_report.c: from addresses to places in files, the busiest of them named. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sites_internal.h"

/* One kind of call at one place. */
struct spot {
    struct sc_place place;
    const char *call;
    struct sc_site_counts counts;
    size_t first, parts; /* the sizes of each process's, in the list of all */
};

static int by_place(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    if (x->place.file != y->place.file)
        return x->place.file < y->place.file ? -1 : 1;
    if (x->place.offset != y->place.offset)
        return x->place.offset < y->place.offset ? -1 : 1;
    return strcmp(x->call, y->call);
}

/* Equal counts in order of the place, so that the order is the same every time. */
static int by_calls(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    if (x->counts.calls != y->counts.calls)
        return x->counts.calls > y->counts.calls ? -1 : 1;
    return by_place(a, b);
}

/* The same place in several processes becomes one. sizes: those of the spot with that number; sorted like the spots.
 * Returns how many are left, or 0 where memory is short. */
static size_t merge(struct spot *spots, const struct sc_sizes **sizes, size_t count)
{
    size_t used = 0;
    const struct sc_sizes **sorted = calloc(count + 1, sizeof(struct sc_sizes *));
    if (!sorted)
        return 0;
    qsort(spots, count, sizeof *spots, by_place);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = sizes[spots[i].first];
        if (used && by_place(&spots[used - 1], &spots[i]) == 0) {
            spots[used - 1].counts.calls += spots[i].counts.calls;
            spots[used - 1].counts.errors += spots[i].counts.errors;
            spots[used - 1].counts.bytes += spots[i].counts.bytes;
            spots[used - 1].counts.time_ns += spots[i].counts.time_ns;
            spots[used - 1].parts++;
        } else {
            spots[used] = spots[i];
            spots[used].first = i;
            spots[used++].parts = 1;
        }
    }
    memcpy(sizes, sorted, count * sizeof(struct sc_sizes *));
    free(sorted);
    return used;
}

static int copy_frames(const struct sc_symbol *symbol, struct sc_report_site *site)
{
    site->frames = calloc(symbol->frame_count + 1, sizeof *site->frames);
    if (!site->frames)
        return -ENOMEM;
    for (size_t i = 0; i < symbol->frame_count; i++) {
        const struct sc_frame *frame = &symbol->frames[i];
        struct sc_report_frame *copy = &site->frames[site->frame_count++];
        *copy =
            (struct sc_report_frame){strdup(frame->function), frame->file ? strdup(frame->file) : NULL, frame->line};
        if (!copy->function || (frame->file && !copy->file))
            return -ENOMEM;
    }
    return 0;
}

static int add_site(struct sc_symbols *symbols, const struct spot *spot, const struct sc_sizes *const *sizes,
                    struct sc_report_sites *report)
{
    const struct sc_symbol *symbol = sc_symbols_at(symbols, spot->place);
    if (!symbol)
        return -ENOMEM;
    struct sc_report_site *site = &report->items[report->count++];
    *site = (struct sc_report_site){
        .name = strdup(symbol->text),
        .call = strdup(spot->call),
        .module = symbol->module ? strdup(symbol->module) : NULL,
        .offset = symbol->offset,
        .calls = spot->counts.calls,
        .errors = spot->counts.errors,
        .bytes = spot->counts.bytes,
        .time_ns = spot->counts.time_ns,
    };
    if (!site->name || !site->call || (symbol->module && !site->module))
        return -ENOMEM;
    int error = sc_sizes_summary(sizes + spot->first, spot->parts, &site->sizes);
    return error ? error : copy_frames(symbol, site);
}

static int list_sites(const struct sc_sites *sites, struct sc_symbols *symbols, bool with_startup,
                      struct sc_report_sites *report)
{
    struct spot *spots = calloc(sites->used + 1, sizeof *spots);
    const struct sc_sizes **sizes = calloc(sites->used + 1, sizeof(struct sc_sizes *));
    report->items = calloc(SC_SITE_LISTED, sizeof *report->items);
    int error = spots && sizes && report->items ? 0 : -ENOMEM;
    size_t count = 0;
    for (size_t i = 0; i < sites->used && !error; i++) {
        const struct sc_site *site = &sites->items[i];
        if (site->startup && !with_startup)
            continue;
        sizes[count] = site->sizes;
        spots[count] =
            (struct spot){sc_symbols_place(symbols, site->address), sc_site_call(site->desc), site->counts, count, 1};
        count++;
    }
    if (!error && count) {
        report->total = count = merge(spots, sizes, count);
        error = count ? 0 : -ENOMEM;
        qsort(spots, count, sizeof *spots, by_calls);
    }
    for (size_t i = 0; i < count && i < SC_SITE_LISTED && !error; i++)
        error = add_site(symbols, &spots[i], sizes, report);
    free(sizes);
    free(spots);
    return error;
}

int sc_sites_report(const struct sc_sites *sites, struct sc_symbols *symbols, bool with_startup,
                    struct sc_report_sites *ret_report)
{
    *ret_report = (struct sc_report_sites){.known = sites->used > 0, .stacks_wanted = sites->want_stacks};
    int error = list_sites(sites, symbols, with_startup, ret_report);
    if (!error && sites->want_stacks)
        error = sc_sites_tree(sites, symbols, with_startup, ret_report);
    sc_symbols_warnings(symbols, &ret_report->notes);
    if (sites->stacks_lost)
        sc_strings_addf(&ret_report->notes,
                        "The tree lacks %llu calls: there were more different stacks than are kept.",
                        (unsigned long long)sites->stacks_lost);
    if (!error && ret_report->notes.failed)
        error = -ENOMEM;
    if (error)
        sc_report_sites_free(ret_report);
    return error;
}
