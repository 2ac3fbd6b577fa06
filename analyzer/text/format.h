/*
 * format.h: an event as a line in strace's syntax, with nothing in it that is specific to the run: no line numbers,
 * times, pids, addresses (0xADDR) or descriptor numbers (<table.f0>), nor whose call it is. Buffers print as
 * zeros[3328] or data[3328], addresses of what was mapped before as 0xADDR[1048576] or 0xADDR<table.f0>+4096.
 */
#ifndef SC_FORMAT_H
#define SC_FORMAT_H

#include "../model/event.h"
#include "../model/files.h"
#include "../model/string_builder.h"
#include "../model/xlat.h"
#include "mappings.h"
#include "normalise.h"
#include "unseen.h"

/*
 * Where each file was last sought and read or written at: what steps are counted from. by_thread: by each thread, so
 * that what others do in between makes no difference.
 */
struct sc_steps;
struct sc_steps *sc_steps_new(bool by_thread); /* NULL where memory is short */
void sc_steps_free(struct sc_steps *steps);
/* What formatting the event with steps does to them, where its line is known already. */
struct sc_formatter;
void sc_steps_move(const struct sc_formatter *formatter, const struct sc_event *event);

struct sc_formatter {
    const struct sc_files *files; /* already brought to the state before the event */
    struct sc_normaliser *normaliser;
    const struct sc_mappings *mappings; /* in the state before the event; or NULL: addresses are shown as 0xADDR */
    const struct sc_unseen *unseen;     /* of a pair: what was written there is not told; or NULL */
    bool show_data;                     /* first bytes of buffers, where the source has them */
    const struct sc_access *access; /* what sc_files_apply made of this very event: files may be in the state after it
                                       then, and the name of a file that is opened is exact even after a chdir.
                                       NULL: not applied yet */
    struct sc_steps *steps;         /* for timelines: offsets as steps from the last one of their file (+3328), and no
                                       result where it says nothing new, so that loops have equal lines; or NULL */
};

/*
 * Writes event's line, NUL-terminated and without a newline, into line (capacity bytes; longer lines are cut and end
 * with "..."). Without formatter->access call this BEFORE applying the event, so that the descriptor of a close still
 * means its file. Returns the line's length.
 */
size_t sc_format_line(const struct sc_formatter *formatter, const struct sc_event *event, char *line, size_t capacity);

/* What the event itself does not say. */
struct sc_strace_hints {
    bool without_loader; /* an execve's loader is not among the events, see SC_WITHOUT_LOADER */
    bool makes_thread;   /* what clone3 made, whose flags a capture has not */
};

/*
 * The same as strace -y prints it, added to out, with everything in it that is of this run: numbers, addresses, real
 * names. files are in the state after the event; of formatter files and access are looked at.
 */
void sc_format_strace(const struct sc_formatter *formatter, const struct sc_event *event, struct sc_strace_hints hints,
                      struct sc_out *out);

#endif
