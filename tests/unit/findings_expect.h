/* findings_expect.h: what is found in a scene, or in two of them, and what is not. */
#ifndef SC_TEST_FINDINGS_EXPECT_H
#define SC_TEST_FINDINGS_EXPECT_H

#include "scene.h"

struct expected {
    const char *id, *file; /* NULL: no single file */
    uint64_t calls;
    int64_t begin, end; /* -1: no range is asked for */
    uint64_t saved;
};

static inline const struct sc_finding *look_for(const struct sc_finding_list *list, const char *id, const char *file)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct sc_finding *finding = &list->items[i];
        if (strcmp(finding->id, id) == 0 && (!file || (finding->file && strcmp(finding->file, file) == 0)))
            return finding;
    }
    return NULL;
}

static inline void expect_in(const struct sc_finding_list *list, const struct expected *want)
{
    const struct sc_finding *finding = look_for(list, want->id, want->file);
    cr_assert_not_null(finding, "%s of %s is not found", want->id, want->file ? want->file : "anything");
    cr_expect_eq(finding->calls, want->calls, "%s: %lu calls", want->id, finding->calls);
    cr_expect_eq(finding->saved_calls, want->saved, "%s: saves %lu", want->id, finding->saved_calls);
    if (want->begin >= 0) {
        cr_expect(finding->has_range);
        cr_expect_eq(finding->span.begin, want->begin, "%s: from %ld", want->id, finding->span.begin);
        cr_expect_eq(finding->span.end, want->end, "%s: to %ld", want->id, finding->span.end);
    }
    cr_expect_gt(finding->evidence.count, 0, "%s: no evidence", want->id);
    cr_expect_leq(finding->evidence.count, 3);
    cr_expect_not_null(finding->advice);
    cr_expect_eq(finding->time_ns, 10 * finding->calls);
}

static inline struct sc_finding_list findings_of(const struct scene *scene)
{
    struct sc_run_view view = scene_run_view(scene);
    struct sc_file_groups groups;
    struct sc_thresholds thresholds;
    struct sc_finding_list list = {0};
    sc_thresholds_default(&thresholds);
    cr_assert_eq(sc_file_groups_make(&view, &groups), 0);
    cr_assert_eq(sc_find_findings(&groups, &thresholds, &list), 0);
    sc_file_groups_free(&groups);
    return list;
}

/* Exactly this one of its kind in the scene, which ends here; other kinds may be there too. */
static inline void expect_finding(struct scene *scene, struct expected want)
{
    struct sc_finding_list list = findings_of(scene);
    expect_in(&list, &want);
    size_t same = 0;
    for (size_t i = 0; i < list.count; i++)
        same += strcmp(list.items[i].id, want.id) == 0;
    cr_expect_eq(same, 1, "%s: %zu of them", want.id, same);
    sc_findings_free(list.items, list.count);
    scene_free(scene);
}

static inline void expect_none(struct scene *scene, const char *id)
{
    struct sc_finding_list list = findings_of(scene);
    cr_expect_null(look_for(&list, id, NULL), "%s is found", id);
    sc_findings_free(list.items, list.count);
    scene_free(scene);
}

/* In the first scene of two, or with calls of 0 in neither of them. */
static inline void expect_between(struct scene *a, struct scene *b, struct expected want)
{
    struct sc_run_view views[2] = {scene_run_view(a), scene_run_view(b)};
    struct sc_file_groups groups[2];
    struct sc_thresholds thresholds;
    struct sc_finding_list lists[2] = {{0}, {0}};
    const char *const names[2] = {"A", "B"};
    sc_thresholds_default(&thresholds);
    for (unsigned i = 0; i < 2; i++)
        cr_assert_eq(sc_file_groups_make(&views[i], &groups[i]), 0);
    cr_assert_eq(sc_find_between(groups, names, &thresholds, lists), 0);
    if (want.calls)
        expect_in(&lists[0], &want);
    else
        cr_expect_null(look_for(&lists[0], want.id, NULL), "%s is found", want.id);
    cr_expect_null(look_for(&lists[1], want.id, NULL), "%s is found on the other side", want.id);
    for (unsigned i = 0; i < 2; i++) {
        sc_findings_free(lists[i].items, lists[i].count);
        sc_file_groups_free(&groups[i]);
    }
    scene_free(a);
    scene_free(b);
}

#endif
