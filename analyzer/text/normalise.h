/*
 * normalise.h: what differs from run to run by itself is taken out, by the type of the argument and never by its value.
 *
 * Paths: /tmp/<x>/ -> /tmp/TEMP/, /home/<x>/ -> /home/USER/, a run's output -> TABLE.<ending>, random temporary
 * names -> TEMP, what else lies below the working directory -> CWD/. What a --map rule names is left to it, before and
 * behind all others. Within one run two different names never become one: the second gets "#2".
 */
#ifndef SC_NORMALISE_H
#define SC_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../model/run.h"

struct sc_normaliser;

struct sc_map_rule {
    const char *from;
    const char *to;
};

/*
 * For one run. label: the run's label in lower case with letters and digits only ("rust", "cpp" for "C++"); a path
 * component that begins with it or equals it, taken from run->argv and what lies below it, is the run's output, where
 * other (the other side's run, or NULL) has its counterpart. The rules stay the caller's. NULL where memory is short.
 */
struct sc_normaliser *sc_normaliser_new(const struct sc_run *run, const char *label, const struct sc_run *other,
                                        const char *other_label, const struct sc_map_rule *rules, size_t rule_count);
/* A run that is looked at alone: nothing is replaced but what --map names. To be called before any name is asked for.
 */
void sc_normaliser_keep_names(struct sc_normaliser *normaliser);

/*
 * However the captures are called: where both runs wrote files whose paths differ only in a word of theirs and in the
 * directories above (/a/rust.ms/table.f0, /b/cpp.ms/table.f0), that component is their output too. Words are the
 * labels, and those in which the command lines differ. To be called before any name is asked for. 0, or -ENOMEM.
 */
struct sc_file;
struct sc_files;
int sc_normaliser_pair_files(struct sc_normaliser *const normalisers[2], const struct sc_files *const files[2],
                             const struct sc_run *const runs[2], char *const labels[2]);

void sc_normaliser_free(struct sc_normaliser *normaliser);

/* The path's normalised form, NUL-terminated, owned by the normaliser and the same pointer for the same path. */
const char *sc_normalise_path(struct sc_normaliser *normaliser, const char *path, size_t len);

/*
 * A relative path by the names that it has from directory (absolute): the same components as the normalised full path
 * has there. The same path everywhere else: an absolute one, one with ".." behind a name, or directory NULL.
 */
const char *sc_normalise_below(struct sc_normaliser *normaliser, const char *directory, const char *path, size_t len);

/*
 * The name that a file has in a line, without the angle brackets: the last component of its normalised path, and as
 * much of the path as it takes to tell it from another file that had that name first; "pipe", "socket" for what has no
 * path. Owned by the normaliser; the same pointer for the same path.
 */
const char *sc_normalise_name(struct sc_normaliser *normaliser, const char *path, size_t len);

/*
 * What has no path, by the beginning of the name that the kernel or strace has for it: "pipe", "eventfd", and "?" for
 * "fd 7". NULL for all else.
 */
const char *sc_kind_without_path(const char *path, size_t len);

/* The same for a path relative to directory (NULL: to the run's working directory), as the model of the files joins
 * them. */
const char *sc_normalise_name_at(struct sc_normaliser *normaliser, const char *directory, const char *path, size_t len);

/* The same for a file of the model, remembered by its path's number. */
const char *sc_normalise_file(struct sc_normaliser *normaliser, const struct sc_file *file);

/* path as it is from directory (NULL: not known), folded and without "..". The caller's; NULL where memory is short. */
char *sc_path_below(const char *directory, const char *path);

/* The mappings that took effect ("/tmp/abc/ -> /tmp/TEMP/"), in order of first use. */
size_t sc_normaliser_mappings(const struct sc_normaliser *normaliser, const char *const **ret_lines);

/* A name that several files of a run would have; they are told apart by numbers, "#2", in the order of first use. */
struct sc_unlike_name {
    const char *name;
    uint32_t files[2]; /* of each side */
};

/*
 * How many such names there are that one run has for more files than the other, so that which file stands for which is
 * not known; ret_first is the first of them, where there is one.
 */
size_t sc_normaliser_unlike(const struct sc_normaliser *a, const struct sc_normaliser *b,
                            struct sc_unlike_name *ret_first);

#endif
