#include "allocation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_fallocate(const struct sc_row *row)
{
    return sc_call_means(row->nr, SC_MEANS_ALLOCATE) && !(row->facts & SC_FACT_FAILED);
}

static bool is_truncate(const struct sc_row *row)
{
    return sc_call_means(row->nr, SC_MEANS_TRUNCATE) && !(row->facts & SC_FACT_FAILED);
}

static const struct {
    const char *text;
    sc_row_match *match;
} ways[SC_ALLOCATIONS] = {
    [SC_ALLOCATION_NONE] = {"does not allocate it ahead", NULL},
    [SC_ALLOCATION_ZEROS] = {"writes zeros into it", sc_row_is_zero},
    [SC_ALLOCATION_GROWING] = {"writes one zero byte at its end", sc_row_grows},
    [SC_ALLOCATION_TRUNCATE] = {"uses ftruncate", is_truncate},
    [SC_ALLOCATION_FALLOCATE] = {"uses fallocate", is_fallocate},
};

const char *sc_allocation_text(enum sc_allocation way)
{
    return ways[way].text;
}

enum sc_allocation sc_allocation_of(const struct sc_file_group *group, const struct sc_thresholds *thresholds,
                                    struct sc_sum *ret_sum)
{
    struct sc_sum sum = {0};
    enum sc_allocation way = SC_ALLOCATION_FALLOCATE;
    for (; way > SC_ALLOCATION_NONE; way--) {
        sc_sum_rows(group, ways[way].match, &sum);
        int64_t least = way == SC_ALLOCATION_ZEROS ? thresholds->values[SC_T_ALLOCATION_CALLS] : 1;
        if (sum.calls && (int64_t)sum.calls >= least)
            break;
        sum = (struct sc_sum){0};
    }
    if (ret_sum)
        *ret_sum = sum;
    return way;
}

static void add_seeks(const struct sc_row *row, struct sc_report_seeks *seeks)
{
    if (row->nr >= SC_NR_LIMIT || sc_call(row->nr)->category != SC_CAT_SEEK || !sc_row_is_work(row))
        return;
    if (row->facts & SC_FACT_STILL)
        seeks->redundant += row->calls;
    else if (row->facts & SC_FACT_SEEK_WRITE)
        seeks->before_write += row->calls;
    else if (row->facts & SC_FACT_SEEK_READ)
        seeks->before_read += row->calls;
    else
        seeks->other += row->calls;
}

int sc_find_allocation(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                       struct sc_report_run *run)
{
    run->ways = calloc(groups->count + 1, sizeof *run->ways);
    if (!run->ways)
        return -ENOMEM;
    for (size_t i = 0; i < groups->count; i++) {
        const struct sc_file_group *group = &groups->items[i];
        for (size_t k = 0; k < group->count; k++)
            add_seeks(group->rows[k], &run->seeks);
        if (!group->regular)
            continue;
        struct sc_sum room, maps;
        enum sc_allocation way = sc_allocation_of(group, thresholds, &room);
        sc_sum_rows(group, sc_row_maps, &maps);
        if (way == SC_ALLOCATION_NONE && !maps.calls)
            continue;
        struct sc_report_allocation *item = &run->ways[run->way_count++];
        *item = (struct sc_report_allocation){strdup(group->role), sc_allocation_text(way), room.calls, maps.calls};
        if (!item->role)
            return -ENOMEM;
    }
    return 0;
}
