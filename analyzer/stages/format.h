/*
 * format.h: an event as a line in strace's syntax, with nothing in it that is specific to the run: no line numbers,
 * times, pids, addresses (0xADDR) or descriptor numbers (<table.f0>). Buffers print as zeros[3328] or data[3328].
 */
#ifndef SC_FORMAT_H
#define SC_FORMAT_H

#include "../model/event.h"
#include "../model/files.h"
#include "../model/values.h"
#include "normalise.h"

struct sc_formatter {
    const struct sc_files *files;     /* already brought to the state before the event */
    struct sc_normaliser *normaliser;
    bool show_data;                   /* first bytes of buffers, where the source has them */
    bool multi;                       /* more than one thread or process: each line begins with "[P0.T1] " */
};

/*
 * Writes event's line, NUL-terminated and without a newline, into line (capacity bytes; longer lines are cut and end
 * with "..."). access is what sc_files_apply made of it; call this BEFORE applying the event for close and its kind, so
 * that the descriptor still means its file. Returns the line's length.
 */
size_t sc_format_line(const struct sc_formatter *formatter, const struct sc_event *event, char *line, size_t capacity);

/* The name that a file has in a line: <table.f0>, the last component of its normalised path. */
size_t sc_format_file(const struct sc_formatter *formatter, uint32_t file, char *text, size_t capacity);

#endif
