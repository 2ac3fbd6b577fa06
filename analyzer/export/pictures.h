/*
 * pictures.h: what the pictures of a page show, collected while the runs are read: counts in bins, as many of them for
 * a small run as for a large one. Both runs are on the same scales.
 */
#ifndef SC_PICTURES_H
#define SC_PICTURES_H

#include "export.h"

struct sc_pictures;

/* Of the runs of a complete report, which stays the caller's. NULL where memory is short. */
struct sc_pictures *sc_pictures_new(const struct sc_report *report);
void sc_pictures_free(struct sc_pictures *pictures);

/* Forgets which file of the run before is which. */
void sc_pictures_begin_run(struct sc_pictures *pictures);
/* A call that is shown. 0, or -ENOMEM. */
int sc_pictures_add(struct sc_pictures *pictures, const struct sc_export_run *run, const struct sc_event *event,
                    const struct sc_access *access);

/* As a JSON object of numbers alone: names are in the report's JSON, whose files and processes it counts off. */
void sc_pictures_write(FILE *out, const struct sc_pictures *pictures);

#endif
