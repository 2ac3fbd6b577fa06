/*
 * strings.h: lists of owned strings, and the few texts that every report needs.
 *
 * A list remembers that memory was short (failed), so that whoever fills it asks once at the end.
 */
#ifndef SC_STRINGS_H
#define SC_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "run.h"

struct sc_strings {
    char **items;
    size_t count;
    bool failed;
};

void sc_strings_add(struct sc_strings *list, const char *text);
void sc_strings_addf(struct sc_strings *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool sc_strings_has(const struct sc_strings *list, const char *text);
void sc_strings_free(struct sc_strings *list);

/* "SIGABRT"; "signal 99" for a number without a name. Returns text. */
const char *sc_signal_text(int signal, char *text, size_t capacity);

/* "exited with 0", "killed by SIGABRT", "unknown: killed, crashed or still running". Returns text. */
const char *sc_end_text(const struct sc_end *end, char *text, size_t capacity);

#endif
