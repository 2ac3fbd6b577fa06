/*
 * growth_text.h: how a run held against a baseline is put into words, in all formats; private to analyzer/render.
 */
#ifndef SC_GROWTH_TEXT_H
#define SC_GROWTH_TEXT_H

#include <stddef.h>

#include "../model/report_baseline.h"

/* So many lines of a kind; of the rest there is one that says how many. */
enum { SC_GROWTHS_SHOWN = 20, SC_GROWTH_TEXT = 80 };

/* "ok", "soft", "hard". */
const char *sc_verdict_word(enum sc_verdict verdict);

/* "4", or of several runs "3 to 5". Returns text, of SC_GROWTH_TEXT bytes, as the next one does. */
const char *sc_growth_was(const struct sc_growth *growth, char *text);

/* "+4 (+2.5%)". */
const char *sc_growth_change(const struct sc_growth *growth, char *text);

/* The first line: what came of it all. */
const char *sc_held_verdict(const struct sc_report_baseline *held, char *text, size_t capacity);

/* How many of others grew: they come first. */
size_t sc_held_causes(const struct sc_report_baseline *held);

#endif
