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
    bool real;   /* sc_format_strace: names and numbers as they were; there is no normaliser */
};

/* Appends argument i; nothing where this call does not have it (open's mode). separator stands before it. */
void sc_line_arg(const struct sc_line *line, unsigned i, const char *separator);

/* Appends <name>, <?> where it is not known. */
void sc_line_name(const struct sc_line *line, const char *name);

/* The file that argument i, a descriptor, means, by model, source or number. NULL where it is not known. */
const char *sc_line_fd_name(const struct sc_line *line, unsigned i);

/* Argument i, a path whose text is known, as it is shown. The normaliser's. */
const char *sc_line_path(const struct sc_line *line, unsigned i);

/* A read of what the process has mapped: how much it is depends on the machine, where libraries lie and are called. */
bool sc_line_of_mappings(const struct sc_line *line);

/* Appends what stands behind argument i, a pointer to a structure. False where its kind is none of these. */
bool sc_line_struct(const struct sc_line *line, unsigned i);

/* The requests that the event hands over. */
void sc_line_requests(const struct sc_line *line);

/* How many arguments are shown: those that only some sources tell are left out. */
unsigned sc_line_arg_count(const struct sc_event *event);

/* fcntl's third argument, by its command. */
void sc_line_fcntl_arg(const struct sc_line *line, unsigned i, const char *separator);

/* Whether argument i is not there, by the others: open's mode where nothing is made. */
bool sc_line_absent(const struct sc_event *event, unsigned i);

/* clone's flags, by name: what stands between its brackets. */
void sc_line_clone(const struct sc_line *line);

/* "-1 ENOENT (No such file or directory)", of a call that failed. */
void sc_line_error(struct sc_out *out, const struct sc_event *event);

/* The result of F_GETFD and F_GETFL, of flags of that kind. */
void sc_line_flags_result(struct sc_out *out, unsigned kind, int64_t flags);

/* fcntl's command; -1: another call, or not known. */
int64_t sc_fcntl_command(const struct sc_event *event);

/* A descriptor's number and, where its name is known, <name>: as strace -y prints it. */
void sc_line_real_fd(const struct sc_line *line, int64_t fd, uint32_t file);

/* The file that argument i, a descriptor, means, after the event as well as before it; or SC_NO_FILE. */
uint32_t sc_line_file(const struct sc_line *line, unsigned i);

bool sc_fcntl_is_dup(const struct sc_event *event);

/* Of an argument that is an offset: appends the step from the file's last one. False where steps do not apply to it. */
bool sc_line_step(const struct sc_line *line);

/* That step, where there is one. */
bool sc_step_known(const struct sc_formatter *formatter, const struct sc_event *event, int64_t *ret_step);

#endif
