/*
 * json_parts.h: what the JSON renderers share; private to analyzer/render.
 *
 * Lack of memory anywhere shows in *bad; what is built then is not to be used.
 */
#ifndef SC_JSON_PARTS_H
#define SC_JSON_PARTS_H

#include <jansson.h>

#include "../../model/report.h"

/* JSON is UTF-8, the names of files are bytes: those that are no UTF-8 are shown as \xNN. NULL becomes null. */
json_t *sc_json_text(const char *bytes);
json_t *sc_json_number(uint64_t value);
json_t *sc_json_sizes(const struct sc_size_summary *sizes, bool *bad); /* or null */
json_t *sc_json_known(bool is_known, uint64_t value);                  /* or null */
json_t *sc_json_strings(const struct sc_strings *list, bool *bad);

/* Hands a new value over to an object or an array. */
void sc_json_set(json_t *object, const char *key, json_t *value, bool *bad);
void sc_json_append(json_t *array, json_t *value, bool *bad);

json_t *sc_json_end(const struct sc_end *end, bool *bad);

/* Adds call_sites, call_sites_total, call_site_notes and stacks; json_sites.c. */
void sc_json_set_sites(json_t *object, const struct sc_report_run *run, bool *bad);

/* Lists; json_processes.c, json_over_time.c. */
json_t *sc_json_processes(const struct sc_report_run *run, bool *bad);
json_t *sc_json_over_time(const struct sc_report_over_time *over, bool *bad);
json_t *sc_json_failures(const struct sc_report *report, bool *bad);

#endif
