/*
 * render.h: a report as text, as JSON, as the focused file. Renderers see the report and nothing else.
 */
#ifndef SC_RENDER_H
#define SC_RENDER_H

#include <jansson.h>
#include <stdio.h>

#include "../model/report.h"
#include "../model/report_baseline.h"
#include "../model/report_repeat.h"

/* What a terminal can show. Without it nothing is lost. */
struct sc_style {
    bool color; /* only emphasises */
    bool utf8;  /* lines and bars of characters that ASCII has not */
};

/* The summary. Errors of writing stay in out (ferror). */
void sc_render_text(FILE *out, const struct sc_report *report, struct sc_style style);
void sc_render_batch_text(FILE *out, const struct sc_report_batch *batch, struct sc_style style);

/* The processes below those that made them. */
void sc_render_tree(FILE *out, const struct sc_report *report, struct sc_style style);

/* What each run did in each interval of its time, on a screen so many columns wide. */
void sc_render_over_time(FILE *out, const struct sc_report *report, unsigned columns, struct sc_style style);

/* Several runs against several. */
void sc_render_repeat_text(FILE *out, const struct sc_report_repeat *repeat, bool color);
json_t *sc_render_repeat_json(const struct sc_report_repeat *repeat);

/* A run held against a baseline. */
void sc_render_held_text(FILE *out, const struct sc_report_baseline *held, bool color);
void sc_render_held_junit(FILE *out, const struct sc_report_baseline *held);
void sc_render_held_markdown(FILE *out, const struct sc_report_baseline *held);
json_t *sc_render_held_json(const struct sc_report_baseline *held);

/* Two runs in two columns, on a screen so many columns wide. */
void sc_render_side_by_side(FILE *out, const struct sc_report *report, unsigned columns, bool color);

/* Key differences by operation type, side by side. */
void sc_render_focused(FILE *out, const struct sc_report *report);

/* The object of schema syscap-summary/1; a new reference, or NULL where memory is short. */
json_t *sc_render_json(const struct sc_report *report);
json_t *sc_render_batch_json(const struct sc_report_batch *batch);

/* Of a batch a row a pair, with keys as in its whole report: name, totals, comparison, of the causes the first. */
json_t *sc_render_batch_table_json(const struct sc_report_batch *batch);

#endif
