/*
 * format_internal.h: the parts of a line. Private to format*.c.
 */
#ifndef SC_FORMAT_INTERNAL_H
#define SC_FORMAT_INTERNAL_H

#include "../model/string_builder.h"
#include "format.h"

struct sc_line {
    const struct sc_formatter *formatter;
    const struct sc_event *event;
    struct sc_out *out;
    bool failed; /* or not known to have succeeded: nothing is known of what the call would have filled in */
};

/* Appends argument i; nothing where this call does not have it (open's mode). separator stands before it. */
void sc_line_arg(const struct sc_line *line, unsigned i, const char *separator);

/* Appends <name>, <?> where it is not known. */
void sc_line_name(const struct sc_line *line, const char *name);

/* The file that argument i, a descriptor, means, by model, source or number. NULL where it is not known. */
const char *sc_line_fd_name(const struct sc_line *line, unsigned i);

/* A read of what the process has mapped: how much it is depends on the machine, where libraries lie and are called. */
bool sc_line_of_mappings(const struct sc_line *line);

/* Appends what stands behind argument i, a pointer to a structure. False where its kind is none of these. */
bool sc_line_struct(const struct sc_line *line, unsigned i);

/* How many arguments are shown: those that only some sources tell are left out. */
unsigned sc_line_arg_count(const struct sc_event *event);

/* fcntl's third argument, by its command. */
void sc_line_fcntl_arg(const struct sc_line *line, unsigned i, const char *separator);

bool sc_fcntl_is_dup(const struct sc_event *event);

/* Of an argument that is an offset: appends the step from the file's last one. False where steps do not apply to it. */
bool sc_line_step(const struct sc_line *line);

/* That step, where there is one. */
bool sc_step_known(const struct sc_formatter *formatter, const struct sc_event *event, int64_t *ret_step);

#endif
