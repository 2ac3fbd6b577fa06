/* A run held against a baseline, as JSON: the second kind of object in docs/syscap-baseline.schema.json. */
#include "../growth_text.h"
#include "../render.h"
#include "json_parts.h"

static json_t *growths(const struct sc_growth *list, size_t count, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct sc_growth *growth = &list[i];
        sc_json_append(array,
                       json_pack("{s:o,s:[I,I],s:I,s:I,s:o,s:s}", "key", sc_json_text(growth->key), "was",
                                 (json_int_t)growth->was_min, (json_int_t)growth->was_max, "now",
                                 (json_int_t)growth->now, "by", (json_int_t)growth->by, "limit",
                                 sc_json_text(growth->limit), "verdict", sc_verdict_word(growth->verdict)),
                       bad);
    }
    return array;
}

json_t *sc_render_held_json(const struct sc_report_baseline *held)
{
    bool bad = false;
    size_t causes = sc_held_causes(held);
    json_t *json = json_pack("{s:s,s:o,s:o,s:I,s:s,s:b,s:o,s:o,s:o,s:o}", "schema", "syscap-held/1", "baseline",
                             sc_json_text(held->file), "source", sc_json_text(held->source), "runs",
                             (json_int_t)held->runs, "verdict", sc_verdict_word(held->verdict), "renewed",
                             (int)held->renewed, "problems", sc_json_strings(&held->problems, &bad), "held",
                             growths(held->held, held->held_count, &bad), "causes", growths(held->others, causes, &bad),
                             "fell", growths(held->others + causes, held->other_count - causes, &bad));
    if (json && !bad)
        return json;
    json_decref(json);
    return NULL;
}
