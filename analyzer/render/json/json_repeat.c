/* Several runs against several, as JSON. */
#include "../render.h"
#include "json_parts.h"

static json_t *side_object(const struct sc_report_repeat *repeat, unsigned side, bool *bad)
{
    json_t *runs = json_array(), *object = json_object();
    for (size_t i = 0; i < repeat->run_counts[side]; i++) {
        const struct sc_repeat_run *run = &repeat->runs[side][i];
        json_t *row = json_object();
        sc_json_set(row, "source", sc_json_text(run->source), bad);
        sc_json_set(row, "end", sc_json_end(&run->end, bad), bad);
        sc_json_set(row, "total_compared", sc_json_number(run->total), bad);
        sc_json_set(row, "problems", sc_json_strings(&run->problems, bad), bad);
        sc_json_append(runs, row, bad);
    }
    sc_json_set(object, "label", sc_json_text(repeat->labels[side]), bad);
    sc_json_set(object, "runs", runs, bad);
    return object;
}

static json_t *count_object(const struct sc_repeat_count *count, bool *bad)
{
    json_t *object = json_object(), *ranges = json_array();
    for (unsigned side = 0; side < 2; side++) {
        json_t *range = json_object();
        sc_json_set(range, "min", sc_json_number(count->sides[side].min), bad);
        sc_json_set(range, "max", sc_json_number(count->sides[side].max), bad);
        sc_json_set(range, "median", sc_json_number(count->sides[side].median), bad);
        sc_json_append(ranges, range, bad);
    }
    sc_json_set(object, "key", sc_json_text(count->key), bad);
    sc_json_set(object, "sides", ranges, bad);
    sc_json_set(object, "stable", json_boolean(count->stable), bad);
    sc_json_set(object, "differs", json_boolean(count->differs), bad);
    sc_json_set(object, "difference", json_integer(count->difference), bad);
    return object;
}

json_t *sc_render_repeat_json(const struct sc_report_repeat *repeat)
{
    bool bad = false;
    json_t *object = json_object(), *sides = json_array(), *counts = json_array();
    for (unsigned side = 0; side < 2; side++)
        sc_json_append(sides, side_object(repeat, side, &bad), &bad);
    for (size_t i = 0; i < repeat->count; i++)
        sc_json_append(counts, count_object(&repeat->counts[i], &bad), &bad);
    sc_json_set(object, "schema", sc_json_text("syscap-summary/1"), &bad);
    sc_json_set(object, "sides", sides, &bad);
    sc_json_set(object, "counts", counts, &bad);
    sc_json_set(object, "comparable", json_boolean(repeat->comparable), &bad);
    sc_json_set(object, "why_not", sc_json_strings(&repeat->why_not, &bad), &bad);
    sc_json_set(object, "differences", sc_json_strings(&repeat->differences, &bad), &bad);
    sc_json_set(object, "warnings", sc_json_strings(&repeat->warnings, &bad), &bad);
    if (!bad)
        return object;
    json_decref(object);
    return NULL;
}
