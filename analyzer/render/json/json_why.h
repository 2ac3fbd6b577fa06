/*
 * json_why.h: the parts of the JSON that say why. Private to analyzer/render.
 */
#ifndef SC_JSON_WHY_H
#define SC_JSON_WHY_H

#include <jansson.h>

#include "../../model/report.h"

/* New references, or NULL where memory is short. */
json_t *sc_json_seeks(const struct sc_report_run *run);
json_t *sc_json_allocation(const struct sc_report_run *run);
json_t *sc_json_findings(const struct sc_report_run *run);
/* The first ones, at most so many. */
json_t *sc_json_causes(const struct sc_report *report, size_t most);
json_t *sc_json_parting(const struct sc_parting *parting);
json_t *sc_json_zeros(const struct sc_report_file *file);

#endif
