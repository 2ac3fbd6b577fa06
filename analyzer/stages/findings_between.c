/* findings_between.c: what one run does otherwise than the other with the same file. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"

static bool is_fallocate(const struct sc_row *row)
{
    return row->nr == SC_NR_fallocate && !(row->facts & SC_FACT_FAILED);
}

static bool is_truncate(const struct sc_row *row)
{
    return (row->nr == SC_NR_ftruncate || row->nr == SC_NR_truncate) && !(row->facts & SC_FACT_FAILED);
}

static bool is_shared_map(const struct sc_row *row)
{
    return row->facts & SC_FACT_SHARED;
}

enum strategy { NONE, ZEROS, GROWING, TRUNCATE, FALLOCATE, STRATEGIES };

static const struct {
    const char *text;
    sc_row_match *match;
} strategies[STRATEGIES] = {
    [NONE] = {"does not allocate it ahead", NULL},
    [ZEROS] = {"writes zeros into it", sc_row_is_zero},
    [GROWING] = {"writes one zero byte at its end", sc_row_grows},
    [TRUNCATE] = {"uses ftruncate", is_truncate},
    [FALLOCATE] = {"uses fallocate", is_fallocate},
};

/* The cheapest way that the run takes is the one that it knows. */
static enum strategy strategy_of(const struct sc_group *group, const struct sc_thresholds *thresholds)
{
    for (enum strategy way = FALLOCATE; way > NONE; way--) {
        struct sc_sum sum;
        sc_sum_rows(group, strategies[way].match, &sum);
        int64_t least = way == ZEROS ? thresholds->values[SC_T_ALLOCATION_CALLS] : 1;
        if (sum.calls && (int64_t)sum.calls >= least)
            return way;
    }
    return NONE;
}

/* For the run that writes zeros where the other one does something else. */
static int compare_allocation(const struct sc_groups groups[2], const struct sc_group *const group[2],
                              const char *const names[2], const struct sc_thresholds *thresholds,
                              struct sc_finding_list lists[2])
{
    enum strategy ways[2] = {strategy_of(group[0], thresholds), strategy_of(group[1], thresholds)};
    if (ways[0] == ways[1] || (ways[0] != ZEROS && ways[1] != ZEROS))
        return 0;
    unsigned run = ways[0] == ZEROS ? 0 : 1;
    struct sc_sum few;
    sc_sum_rows(group[1 - run], sc_row_is_zero, &few);
    if (ways[1 - run] == NONE && few.calls) /* the same way, only less of it */
        return 0;
    struct sc_finding *finding =
        sc_finding_new(&lists[run], &groups[run], group[run], sc_row_is_zero, "allocation-strategy");
    if (!finding)
        return -ENOMEM;
    struct sc_sum other = {0};
    if (ways[1 - run] != NONE)
        sc_sum_rows(group[1 - run], strategies[ways[1 - run]].match, &other);
    finding->saved_calls = finding->calls > other.calls ? finding->calls - other.calls : 0;
    finding->saved_ns = finding->time_ns > other.time_ns ? finding->time_ns - other.time_ns : 0;
    finding->advice =
        strdup(ways[1 - run] == NONE ? "The other run does without: let the file grow by what is written to it."
                                     : "Allocate it as the other run does.");
    if (!finding->advice || asprintf(&finding->detail, "%s %s (%" PRIu64 " calls), %s %s (%" PRIu64 " calls)",
                                     names[run], strategies[ways[run]].text, finding->calls, names[1 - run],
                                     strategies[ways[1 - run]].text, other.calls) < 0)
        return -ENOMEM;
    return 0;
}

/* For the run that moves by calls what the other one has mapped. */
static int compare_maps(const struct sc_groups groups[2], const struct sc_group *const group[2],
                        const char *const names[2], const struct sc_thresholds *thresholds,
                        struct sc_finding_list lists[2])
{
    struct sc_sum maps[2], moves[2];
    for (unsigned i = 0; i < 2; i++) {
        sc_sum_rows(group[i], is_shared_map, &maps[i]);
        sc_sum_rows(group[i], sc_row_moves_bytes, &moves[i]);
    }
    if (!maps[0].calls == !maps[1].calls)
        return 0;
    unsigned run = maps[0].calls ? 1 : 0;
    if (!moves[run].calls || (int64_t)moves[run].calls < thresholds->values[SC_T_MAP_CALLS])
        return 0;
    struct sc_finding *finding =
        sc_finding_new(&lists[run], &groups[run], group[run], sc_row_moves_bytes, "mmap-vs-write");
    if (!finding)
        return -ENOMEM;
    uint64_t needed = maps[1 - run].calls + moves[1 - run].calls;
    finding->saved_calls = finding->calls > needed ? finding->calls - needed : 0;
    finding->saved_ns = finding->time_ns > maps[1 - run].time_ns + moves[1 - run].time_ns
                            ? finding->time_ns - maps[1 - run].time_ns - moves[1 - run].time_ns
                            : 0;
    finding->advice =
        strdup("Loads and stores through a mapping are not seen as calls: compare the times of whole runs "
               "before taking fewer calls for less work.");
    if (!finding->advice ||
        asprintf(&finding->detail, "%s maps it (%" PRIu64 " mmap, %" PRIu64 " reads and writes), %s does not",
                 names[1 - run], maps[1 - run].calls, moves[1 - run].calls, names[run]) < 0)
        return -ENOMEM;
    return 0;
}

int sc_find_between(const struct sc_groups groups[2], const char *const names[2],
                    const struct sc_thresholds *thresholds, struct sc_finding_list lists[2])
{
    int error = 0;
    for (size_t i = 0; i < groups[0].count && !error; i++) {
        const struct sc_group *group[2] = {&groups[0].items[i], NULL};
        group[1] = sc_groups_find(&groups[1], group[0]->role);
        if (!group[0]->regular || !group[1])
            continue;
        error = compare_allocation(groups, group, names, thresholds, lists);
        if (!error)
            error = compare_maps(groups, group, names, thresholds, lists);
    }
    sc_findings_sort(&lists[0]);
    sc_findings_sort(&lists[1]);
    return error;
}
