/* baseline_compare.c: every count of the baseline and of the run by its key, and what of them grew. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/calls.h"
#include "../model/array.h"
#include "baseline.h"

/* What is compared: KEY to count. */
struct counts {
    json_t *was, *now;
    json_t *totals; /* the keys that are totals */
};

static bool put(json_t *flat, json_t *totals, const struct sc_baseline_section *section, const char *name,
                const char *count, json_t *value)
{
    bool bare = strcmp(section->name, "totals") == 0;
    json_t *key = json_sprintf("%s%s%s%s%s", bare ? "" : section->name, bare ? "" : ".", name ? name : "",
                               name ? "." : "", count);
    bool bad = !key || json_object_set(flat, json_string_value(key), value) ||
               (section->total && json_object_set_new(totals, json_string_value(key), json_true()));
    json_decref(key);
    return !bad;
}

/* The keys are those of a run's object in the report; totals are its own numbers. */
static bool flatten(const json_t *baseline, json_t *flat, json_t *totals)
{
    bool good = true;
    for (size_t i = 0; i < SC_BASELINE_SECTIONS; i++) {
        const struct sc_baseline_section *section = &sc_baseline_sections[i];
        const char *name, *count;
        json_t *value, *number;
        json_object_foreach(json_object_get(baseline, section->name), name, value)
        {
            if (!section->by_name)
                good &= put(flat, totals, section, NULL, name, value);
            else
                json_object_foreach(value, count, number)
                {
                    good &= put(flat, totals, section, name, count, number);
                }
        }
    }
    return good;
}

static bool counts_bytes(const char *key)
{
    return strstr(key, "bytes") != NULL;
}

/* The worst verdict first; what grew before what fell; calls before bytes, which are other numbers; the largest first.
 */
static int by_weight(const void *a, const void *b)
{
    const struct sc_growth *x = a, *y = b;
    if (x->verdict != y->verdict)
        return x->verdict > y->verdict ? -1 : 1;
    if ((x->by > 0) != (y->by > 0))
        return x->by > 0 ? -1 : 1;
    if ((x->by < 0) != (y->by < 0))
        return x->by < 0 ? -1 : 1;
    if (counts_bytes(x->key) != counts_bytes(y->key))
        return counts_bytes(x->key) ? 1 : -1;
    int64_t first = x->by < 0 ? -x->by : x->by, second = y->by < 0 ? -y->by : y->by;
    if (first != second)
        return first > second ? -1 : 1;
    return strcmp(x->key, y->key);
}

/* Sets all of a growth but its limit. 0; -ENOMEM; 1 where one of the counts is not known. */
static int measure(const struct counts *counts, const char *key, struct sc_growth *growth)
{
    int64_t now_min;
    *growth = (struct sc_growth){.key = strdup(key)};
    if (!growth->key)
        return -ENOMEM;
    bool known = sc_baseline_range(json_object_get(counts->was, key), &growth->was_min, &growth->was_max);
    if (!sc_baseline_range(json_object_get(counts->now, key), &now_min, &growth->now) || !known)
        return 1;
    growth->by = growth->now > growth->was_max   ? growth->now - growth->was_max
                 : growth->now < growth->was_min ? growth->now - growth->was_min
                                                 : 0;
    return 0;
}

/* A count of the run that nobody knows holds no limit; one that the baseline did not know can't be a limit's. */
static int hold(const struct counts *counts, const char *key, const struct sc_limit *limit,
                struct sc_report_baseline *report, char *why)
{
    struct sc_growth growth;
    if (SC_RESERVE_NEXT(report->held, report->held_count))
        return -ENOMEM;
    int result = measure(counts, key, &growth);
    growth.limit = result < 0 ? NULL : strdup(limit->text);
    report->held[report->held_count++] = growth;
    if (result < 0 || !growth.limit)
        return -ENOMEM;
    if (result && json_is_null(json_object_get(counts->was, key))) {
        snprintf(why, SC_BASELINE_WHY, "--limit '%s': the baseline does not know this count", key);
        return -EINVAL;
    }
    enum sc_verdict verdict = SC_PASS;
    if (result)
        sc_strings_addf(&report->problems, "%s is not known for this run", key);
    else if (growth.by > 0 && limit->has_hard && sc_exceeds(&limit->hard, growth.was_max, growth.by))
        verdict = SC_HARD;
    else if (growth.by > 0 && sc_exceeds(&limit->soft, growth.was_max, growth.by))
        verdict = SC_SOFT;
    report->held[report->held_count - 1].verdict = result ? SC_HARD : verdict;
    return 0;
}

/* A call that occurs in neither is 0 in both; anything else that is in neither is a slip of the pen. */
static int hold_limit(const struct counts *counts, const struct sc_limit *limit, struct sc_report_baseline *report,
                      char *why)
{
    const char *key = strcmp(limit->key, "calls") == 0 ? "total_compared" : limit->key;
    bool call = strncmp(key, "calls.", 6) == 0 && sc_call_by_name(key + 6, strlen(key + 6));
    if (call || json_object_get(counts->was, key) || json_object_get(counts->now, key))
        return hold(counts, key, limit, report, why);
    snprintf(why, SC_BASELINE_WHY, "--limit '%s': neither the baseline nor the run has such a count", limit->key);
    return -EINVAL;
}

/* Without a limit of one's own no total may grow, and that is no more than a warning. */
static int hold_totals(const struct counts *counts, struct sc_report_baseline *report, char *why)
{
    struct sc_limit none = {.text = "0"};
    const char *key;
    json_t *value;
    int error = 0;
    json_object_foreach(counts->totals, key, value)
    {
        if (!error && !json_is_null(json_object_get(counts->was, key)))
            error = hold(counts, key, &none, report, why);
    }
    return error;
}

static bool is_held(const struct sc_report_baseline *report, const char *key)
{
    for (size_t i = 0; i < report->held_count; i++)
        if (strcmp(report->held[i].key, key) == 0)
            return true;
    return false;
}

static int add_other(const struct counts *counts, const char *key, struct sc_report_baseline *report)
{
    if (is_held(report, key))
        return 0;
    if (SC_RESERVE_NEXT(report->others, report->other_count))
        return -ENOMEM;
    struct sc_growth *other = &report->others[report->other_count];
    int result = measure(counts, key, other);
    if (result == 0 && other->by)
        report->other_count++;
    else
        free(other->key);
    return result < 0 ? result : 0;
}

static int add_others(const struct counts *counts, struct sc_report_baseline *report)
{
    const char *key;
    json_t *value;
    int error = 0;
    json_object_foreach(counts->now, key, value)
    {
        error = error ? error : add_other(counts, key, report);
    }
    json_object_foreach(counts->was, key, value)
    {
        if (!json_object_get(counts->now, key))
            error = error ? error : add_other(counts, key, report);
    }
    return error;
}

static void sort(struct sc_growth *growths, size_t count)
{
    if (count)
        qsort(growths, count, sizeof *growths, by_weight);
}

int sc_baseline_compare(const json_t *baseline, const json_t *now, const struct sc_limit *limits, size_t limit_count,
                        struct sc_report_baseline *ret_report, char *why)
{
    *ret_report = (struct sc_report_baseline){.runs = json_integer_value(json_object_get(baseline, "runs"))};
    int error = sc_baseline_match(baseline, now, why);
    if (error)
        return error;
    struct counts counts = {json_object(), json_object(), json_object()};
    if (!flatten(baseline, counts.was, counts.totals) || !flatten(now, counts.now, counts.totals))
        error = -ENOMEM;
    for (size_t i = 0; i < limit_count && !error; i++)
        error = hold_limit(&counts, &limits[i], ret_report, why);
    if (!error && !limit_count)
        error = hold_totals(&counts, ret_report, why);
    if (!error)
        error = add_others(&counts, ret_report);
    sort(ret_report->held, ret_report->held_count);
    sort(ret_report->others, ret_report->other_count);
    if (ret_report->held_count)
        ret_report->verdict = ret_report->held[0].verdict;
    if (ret_report->problems.failed)
        error = -ENOMEM;
    json_decref(counts.was);
    json_decref(counts.now);
    json_decref(counts.totals);
    return error;
}
