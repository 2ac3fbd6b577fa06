/*
 * source.h: where events come from. One row per kind of input in source.c; each kind has a file of its own.
 */
#ifndef SC_SOURCE_H
#define SC_SOURCE_H

#include "../model/event.h"
#include "../model/run.h"
#include "error.h"

struct sc_source;
struct sc_input; /* input.h */

/*
 * Opens path: a capture, a strace log (a file, or the prefix of an -ff family), or a strace -c table; packed or not, a
 * pipe, or "-" for standard input. The kind is recognised by content. 0 and a source that sc_source_close frees, or
 * -errno and ret_error filled: -ENOENT, -EACCES, -EISDIR and the like from the system, -EBADMSG for a file that is none
 * of these.
 */
int sc_source_open(const char *path, struct sc_source **ret_source, struct sc_error *ret_error);

/*
 * The next events, at most capacity, in order: by start within a thread, merged by time over threads where times are
 * known. Returns how many (0: the end), or -errno and ret_error where reading failed (not for damage in a capture or
 * log, which is read over and said in the run's warnings).
 */
int64_t sc_source_next(struct sc_source *source, struct sc_event *events, size_t capacity, struct sc_error *ret_error);

/*
 * How a source of a pair is read, so that both know the same and what one of them does not say is no difference. All
 * zero: as it is.
 */
struct sc_terms {
    const char *cwd;  /* the root's working directory, where the source does not say it */
    bool own_names;   /* a file goes by the name it was opened by, not by the kernel's (strace -y), if both are known */
    bool loader_only; /* start-up is what the loader does, which no capture has; constructors are the program's */
};
/* Opens it to be read so. */
int sc_source_open_agreed(const char *path, const struct sc_terms *terms, struct sc_source **ret_source,
                          struct sc_error *ret_error);

/* What is known so far; complete after sc_source_next returned 0. */
const struct sc_run *sc_source_run(const struct sc_source *source);

/* How much of the input has been read, in bytes, and how much there is (0: not known); for progress. */
void sc_source_progress(const struct sc_source *source, uint64_t *ret_done, uint64_t *ret_total);

/* strace -c tables hold no calls but counts: the count of each call, by name, for such a source. */
struct sc_counted_call {
    const char *name;
    uint64_t calls;
    uint64_t errors;
    uint64_t time_ns;
};
/* 0 and the rows (owned by the source), or -ENOTSUP where the source holds calls. */
int sc_source_counts(const struct sc_source *source, const struct sc_counted_call **ret_rows, size_t *ret_count);

void sc_source_close(struct sc_source *source);

/* What a kind of source implements; private to analyzer/sources. */
struct sc_source_ops {
    const char *name;
    /* true where the first bytes (up to 4096, len of them) look like this kind */
    bool (*recognise)(const char *path, const unsigned char *head, size_t len);
    int (*open)(const char *path, struct sc_source **ret_source, struct sc_error *ret_error);
    int64_t (*next)(struct sc_source *source, struct sc_event *events, size_t capacity, struct sc_error *ret_error);
    void (*progress)(const struct sc_source *source, uint64_t *ret_done, uint64_t *ret_total);
    int (*counts)(const struct sc_source *source, const struct sc_counted_call **ret_rows, size_t *ret_count);
    void (*close)(struct sc_source *source);
};

/* Every source's struct begins with this. */
struct sc_source {
    const struct sc_source_ops *ops;
    struct sc_run run;
    struct sc_input *input; /* NULL: read in place */
    struct sc_terms terms;  /* cwd is the run's now */
};

/* Says in the run what of the input could not be unpacked. 0 or -ENOMEM. */
int sc_source_damaged(struct sc_source *source, const char *path, const struct sc_input *input);

extern const struct sc_source_ops sc_capture_source;        /* capture.c */
extern const struct sc_source_ops sc_strace_source;         /* strace_log.c */
extern const struct sc_source_ops sc_strace_summary_source; /* strace_summary.c */

#endif
