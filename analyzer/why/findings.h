/*
 * findings.h: what a run does that costs and need not be, file by file, from the rows of its ledger.
 */
#ifndef SC_FINDINGS_H
#define SC_FINDINGS_H

#include "../model/finding.h"
#include "row_sums.h"
#include "thresholds.h"

/* What a finding was made of. */
struct sc_finding_rows {
    const struct sc_row **items;
    size_t count;
    const struct sc_files *files; /* the rows'; NULL: what they wait for would be saved too */
};

struct sc_finding_list {
    struct sc_finding *items;
    size_t count, capacity;
    struct sc_finding_rows *rows; /* of the items, in their first order */
    size_t rows_capacity;
};

/* Findings of one run by itself, those that would save the most calls first. 0 or -ENOMEM; sc_findings_free in any
 * case. */
int sc_find_findings(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                     struct sc_finding_list *list);

/*
 * What one run does otherwise than the other with a file of the same role: added to the list of the one that would
 * save by doing as the other does. names: what to call the runs. 0 or -ENOMEM.
 */
int sc_find_between(const struct sc_file_groups groups[2], const char *const names[2],
                    const struct sc_thresholds *thresholds, struct sc_finding_list lists[2]);

/* Private to findings*.c. */

/* A new finding of that group with what its rows tell: sites and evidence. NULL where memory is short. */
struct sc_finding *sc_finding_new(struct sc_finding_list *list, const struct sc_file_groups *groups,
                                  const struct sc_file_group *group, sc_row_match *match, const char *id);
int sc_find_failures(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                     struct sc_finding_list *list);
int sc_find_among_many(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                       struct sc_finding_list *list);
/*
 * What all findings together would save at most: a call that several are about is counted once, by the one that saves
 * most of it. In the list's first order, so before it is sorted. 0 or -ENOMEM.
 */
int sc_findings_total(const struct sc_finding_list *list, uint64_t *ret_calls, uint64_t *ret_ns);
void sc_findings_free_rows(struct sc_finding_list *list);
void sc_findings_sort(struct sc_finding_list *list, enum sc_rank rank, bool times);

#endif
