/*
 * baseline.h: what a later run is held against: counts of a run, or their ranges over several, as a small JSON file
 * that is made to be committed: docs/syscap-baseline.schema.json.
 *
 * It is made from the JSON of a report, so that a count has the same key here as there. Nothing in it is of one machine
 * or one run: no times, numbers of processes, addresses, no names but normalised ones.
 */
#ifndef SC_BASELINE_H
#define SC_BASELINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../model/report_baseline.h"
#include "limit.h"

#define SC_BASELINE_SCHEMA "syscap-baseline/1"

enum { SC_BASELINE_WHY = 1024 };

/* Of the only run of a report; startup: what --startup says. A new reference, or NULL where memory is short. */
json_t *sc_baseline_make(const json_t *report, const char *startup);

/*
 * Takes in what another run counted: each count becomes the range of what was seen. 0, -ENOMEM, or -EINVAL and in why
 * (SC_BASELINE_WHY bytes) what of the two does not go together.
 */
int sc_baseline_widen(json_t *baseline, const json_t *another, char *why);

/* What the counts of now make of the baseline: a range that holds them stays. A new reference, or NULL. */
json_t *sc_baseline_renew(const json_t *baseline, const json_t *now);

/* A baseline from a file. 0, or -EINVAL and in why what is wrong with it. */
int sc_baseline_read(const char *path, json_t **ret_baseline, char *why);

/* One count or one file a line, by name. Errors of writing stay in out (ferror). 0 or -ENOMEM. */
int sc_baseline_write(const json_t *baseline, FILE *out);

/*
 * Holds the counts of now against the baseline. Without limits no total may grow (soft). 0, -ENOMEM, or -EINVAL and in
 * why what can't be held against what. The report is to be freed with sc_report_baseline_free in any case.
 */
int sc_baseline_compare(const json_t *baseline, const json_t *now, const struct sc_limit *limits, size_t limit_count,
                        struct sc_report_baseline *ret_report, char *why);

/* Private to analyzer/baseline. */

struct sc_baseline_section {
    const char *name;
    bool by_name; /* of each name several counts, else counts */
    bool total;   /* its counts are those that may not grow */
};

enum { SC_BASELINE_SECTIONS = 8 };
extern const struct sc_baseline_section sc_baseline_sections[SC_BASELINE_SECTIONS];

/* false: not known (null). NULL, what did not occur, is 0. */
bool sc_baseline_range(const json_t *value, int64_t *ret_min, int64_t *ret_max);

/* 0, or -EINVAL and in why what keeps the two from being compared. */
int sc_baseline_match(const json_t *baseline, const json_t *now, char *why);

#endif
