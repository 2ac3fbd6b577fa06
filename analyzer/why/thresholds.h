/*
 * thresholds.h: from what on something is a finding. One table; each number with its source.
 */
#ifndef SC_THRESHOLDS_H
#define SC_THRESHOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum sc_threshold {
#define SC_THRESHOLD(name, id, key, value, source) SC_T_##name,
#include "thresholds.def"
    SC_T_COUNT
};

struct sc_thresholds {
    int64_t values[SC_T_COUNT];
};

void sc_thresholds_default(struct sc_thresholds *thresholds);

/* "zero-fill.calls=8". 0, or -EINVAL where there is no such key or it is no number from 0 on. */
int sc_thresholds_set(struct sc_thresholds *thresholds, const char *text);

/* Each finding has a threshold: is that the id of one? */
bool sc_is_finding(const char *id, size_t len);

/* One line each: key, number, source. */
void sc_thresholds_list(FILE *out);

#endif
