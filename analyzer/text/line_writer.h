/*
 * line_writer.h: a text file while it is written, line by line. Its lines can be noted as numbers as well, so that the
 * file can be compared with another one without being read again.
 */
#ifndef SC_LINE_WRITER_H
#define SC_LINE_WRITER_H

#include <stdio.h>

#include "sequence.h"

enum { SC_LOG_BYTES = 1 << 16 }; /* more than any line */

struct sc_line_writer {
    FILE *out;
    const struct sc_lines *lines; /* what numbers mean */
    struct sc_lines *noted;       /* the same, where the file's lines are asked for */
    struct sc_sequence *whole;    /* these lines */
    int error;                    /* -ENOMEM: some are missing there */
    size_t used, line;            /* of bytes; where the line under construction begins */
    char bytes[SC_LOG_BYTES];
};

void sc_line_writer_begin(struct sc_line_writer *log, FILE *out, const struct sc_lines *lines);
/* From here on every line gets a number in lines, and goes into whole. lines: those that the log began with. */
void sc_line_writer_note(struct sc_line_writer *log, struct sc_lines *lines, struct sc_sequence *whole);

/* Appends to the line under construction, which holds no newline. */
void sc_line_writer_add(struct sc_line_writer *log, const char *text, size_t len);
void sc_line_writer_text(struct sc_line_writer *log, const char *text);
void sc_line_writer_printf(struct sc_line_writer *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sc_line_writer_spaces(struct sc_line_writer *log, size_t count);
void sc_line_writer_end_line(struct sc_line_writer *log);

/* A line, or several, by number. Between lines only. */
void sc_line_writer_number(struct sc_line_writer *log, uint32_t id);
void sc_line_writer_numbers(struct sc_line_writer *log, const uint32_t *ids, size_t count);

/* All that was added is out; errors of writing stay in there. 0, or -ENOMEM. */
int sc_line_writer_finish(struct sc_line_writer *log);

#endif
