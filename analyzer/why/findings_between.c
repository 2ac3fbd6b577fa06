/* findings_between.c: what one run does otherwise than the other with the same file. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocation.h"
#include "findings.h"

/* For the run that writes zeros where the other one does something else. */
static int compare_allocation(const struct sc_file_groups groups[2], const struct sc_file_group *const group[2],
                              const char *const names[2], const struct sc_thresholds *thresholds,
                              struct sc_finding_list lists[2])
{
    struct sc_sum sums[2];
    enum sc_allocation ways[2] = {sc_allocation_of(group[0], thresholds, &sums[0]),
                                  sc_allocation_of(group[1], thresholds, &sums[1])};
    if (ways[0] == ways[1] || (ways[0] != SC_ALLOCATION_ZEROS && ways[1] != SC_ALLOCATION_ZEROS))
        return 0;
    unsigned run = ways[0] == SC_ALLOCATION_ZEROS ? 0 : 1;
    struct sc_sum few;
    sc_sum_rows(group[1 - run], sc_row_is_zero, &few);
    if (ways[1 - run] == SC_ALLOCATION_NONE && few.calls) /* the same way, only less of it */
        return 0;
    struct sc_finding *finding =
        sc_finding_new(&lists[run], &groups[run], group[run], sc_row_is_zero, "allocation-strategy");
    if (!finding)
        return -ENOMEM;
    struct sc_sum other = sums[1 - run];
    finding->saved_calls = finding->calls > other.calls ? finding->calls - other.calls : 0;
    finding->saved_ns = finding->time_ns > other.time_ns ? finding->time_ns - other.time_ns : 0;
    finding->advice = strdup(ways[1 - run] == SC_ALLOCATION_NONE
                                 ? "The other run does without: let the file grow by what is written to it."
                                 : "Allocate it as the other run does.");
    if (!finding->advice || asprintf(&finding->detail, "%s %s (%" PRIu64 " calls), %s %s (%" PRIu64 " calls)",
                                     names[run], sc_allocation_text(ways[run]), finding->calls, names[1 - run],
                                     sc_allocation_text(ways[1 - run]), other.calls) < 0)
        return -ENOMEM;
    return 0;
}

/* For the run that moves by calls what the other one has mapped. */
static int compare_maps(const struct sc_file_groups groups[2], const struct sc_file_group *const group[2],
                        const char *const names[2], const struct sc_thresholds *thresholds,
                        struct sc_finding_list lists[2])
{
    struct sc_sum maps[2], moves[2];
    for (unsigned i = 0; i < 2; i++) {
        sc_sum_rows(group[i], sc_row_maps, &maps[i]);
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
    char stored[128] = "";
    const struct sc_file_group *mapped = group[1 - run];
    if (mapped->pages)
        snprintf(stored, sizeof stored, ", at most %" PRIu64 " pages stored into, %" PRIu64 " of them hold zeros",
                 mapped->pages, mapped->zero_pages);
    if (!finding->advice ||
        asprintf(&finding->detail, "%s maps it (%" PRIu64 " mmap, %" PRIu64 " reads and writes%s), %s does not",
                 names[1 - run], maps[1 - run].calls, moves[1 - run].calls, stored, names[run]) < 0)
        return -ENOMEM;
    return 0;
}

int sc_find_between(const struct sc_file_groups groups[2], const char *const names[2],
                    const struct sc_thresholds *thresholds, struct sc_finding_list lists[2])
{
    int error = 0;
    for (size_t i = 0; i < groups[0].count && !error; i++) {
        const struct sc_file_group *group[2] = {&groups[0].items[i], NULL};
        group[1] = sc_file_groups_find(&groups[1], group[0]->role);
        if (!group[0]->regular || !group[1])
            continue;
        error = compare_allocation(groups, group, names, thresholds, lists);
        if (!error)
            error = compare_maps(groups, group, names, thresholds, lists);
    }
    return error;
}
