/*
 * normalise_internal.h: a normaliser, and which component of a path is replaced by what. Private to normalise*.c.
 */
#ifndef SC_NORMALISE_INTERNAL_H
#define SC_NORMALISE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "../model/files.h"
#include "../model/intern.h"
#include "../model/run.h"
#include "normalise.h"

/*
 * More than any program's names have. Each component is held to the outputs, and each that is replaced has the path up
 * to it kept: without an end a long name would cost its square.
 */
enum {
    SC_OUTPUT_MAX = 4096, /* bytes of an output's path (PATH_MAX) */
    SC_ANYWHERE_MAX = 32, /* relative outputs in a working directory that is not known */
    SC_REPLACED_MAX = 16, /* components of one path that are replaced */
};

enum { SC_COMPONENT_MAX = 300 }; /* a replaced name: NAME_MAX and what the rules add */

/* ---- normalise_words.c ---- */

enum {
    SC_WORD_PAIRS = 16,
    SC_WORD_ARGUMENTS = 256, /* each is looked up in the other's command line */
};

/* Small letters and digits only. */
struct sc_word_pairs {
    char *words[SC_WORD_PAIRS][2];
    unsigned count;
};

/* 0, or -ENOMEM; sc_word_pairs_free in both cases. */
int sc_word_pairs_find(const struct sc_run *const runs[2], char *const labels[2], struct sc_word_pairs *ret_pairs);
void sc_word_pairs_free(struct sc_word_pairs *pairs);

/* Where the word ends that begins at at, whatever the case of its letters and with any "-", "_", "." in it; 0: none. */
size_t sc_match_word(const char *component, size_t len, size_t at, const char *word);
/* The same, anywhere between other words. */
bool sc_find_word(const char *component, size_t len, const char *word, size_t *ret_from, size_t *ret_to);

struct sc_rules {
    struct sc_intern outputs;           /* paths of the run's output, up to and with the component to be replaced */
    struct sc_intern names;             /* what that component becomes */
    uint32_t *output_names;             /* by number of the output: number of its name */
    size_t longest;                     /* bytes of an output's path */
    uint32_t anywhere[SC_ANYWHERE_MAX]; /* outputs that may stand below any directory: the working one is not known */
    uint32_t anywhere_count;
    struct sc_intern directories; /* /tmp/x that are known to be directories */
    struct sc_intern drawn; /* paths whose last component ends with a part that was drawn, whatever it looks like */
    struct sc_intern draws; /* ways of drawing that both runs have, see normalise_drawn.c */
    struct sc_intern hashes;
    uint32_t *hash_numbers; /* from 1 on, by number of the hash; 0: there is but one */
    size_t hash_capacity;
};

/* 0, or -ENOMEM; sc_rules_free in both cases. */
int sc_rules_init(struct sc_rules *rules, const struct sc_run *run, const char *label, const struct sc_run *other,
                  const char *other_label);
void sc_rules_free(struct sc_rules *rules);

/* The path[0, len) is an output of the run; its last component is shown as TABLE and rest. 0, or -ENOMEM. */
int sc_rules_add_output(struct sc_rules *rules, const char *path, size_t len, bool anywhere, const char *rest,
                        size_t rest_len);

/* The last component of path[0, len) is shown as name. 0, or -ENOMEM. */
int sc_rules_add_name(struct sc_rules *rules, const char *path, size_t len, bool anywhere, const char *name,
                      size_t name_len);

/* ---- normalise_arguments.c ---- */

/* Learns what both runs wrote at paths that stand for one another in the command lines. written: the names of what each
 * wrote, from the working directory. 0, or -ENOMEM. */
int sc_rules_find_arguments(struct sc_rules *const rules[2], const struct sc_files *const files[2],
                            const struct sc_run *const runs[2], const struct sc_intern *const written[2]);

/* ---- normalise_hashes.c ---- */

/* Learns which hashes in the names of two runs' files stand for one another. 0, or -ENOMEM. */
int sc_rules_find_hashes(struct sc_rules *const rules[2], const struct sc_files *const files[2]);
/* The component with HASH for the one in it that was learned, in text (SC_COMPONENT_MAX bytes); false: it has none. */
bool sc_rules_hash(const struct sc_rules *rules, const char *component, size_t len, char *text);

/* ---- normalise_drawn.c ---- */

/* Learns what each of two runs drew for itself from the files that they made. 0, or -ENOMEM. */
int sc_rules_find_drawn(struct sc_rules *const rules[2], const struct sc_files *const files[2],
                        const struct sc_run *const runs[2]);
/* The component path[begin, end) with TEMP for what was drawn in a way that was learned, in text; or NULL. */
const char *sc_rules_drawn(const struct sc_rules *rules, const char *path, size_t begin, size_t end, char *text);

/* Letters and digits as no word or number has them. */
bool sc_looks_drawn(const char *text, size_t len);

/* ---- normalise_files.c ---- */

/* A file that the run made or wrote to. */
bool sc_is_written(const struct sc_file *file);

/* Its names, the last and the first: lines have both. */
unsigned sc_names_of(const struct sc_file *file, const char *ret_names[2]);
/* The path from the working directory, or as it is. */
const char *sc_from_cwd(const struct sc_run *run, const char *path);

enum { SC_NORMALISER_LINES = 64 }; /* a run may make thousands of temporary files */

struct sc_line_list {
    struct sc_intern texts;
    const char *items[SC_NORMALISER_LINES + 1];
    size_t count;
};

/* Per raw path. */
struct sc_path_entry {
    const char *path; /* normalised; NULL: not yet asked for */
    const char *name; /* short; NULL: not yet asked for */
};

struct sc_normaliser {
    struct sc_rules rules;
    bool keep_names; /* no rule but --map's */
    const char *cwd; /* the run's */
    bool cwd_rule;   /* paths below it are shown below CWD */
    char *shown_cwd; /* as the other rules show it; NULL until it is needed */
    const struct sc_map_rule *maps;
    size_t map_count, longest_map; /* bytes of the longest TO */
    bool *map_used;                /* for the path at hand, by rule */
    bool beginning_mapped;         /* of it, by a rule for a path */
    struct sc_intern raw;
    struct sc_path_entry *entries; /* by number in raw */
    size_t entry_capacity;
    struct sc_intern results; /* what was given out for paths and replaced directories: a name is given once */
    uint32_t *again;          /* by number in results: how often another name would have been the same */
    size_t again_capacity;
    struct sc_intern prefixes; /* raw paths up to a component that is replaced */
    const char **prefix_results;
    size_t prefix_capacity;
    struct sc_intern short_names;
    struct sc_intern upward; /* relative paths with "..", as they are shown */
    const char **by_number;
    size_t number_capacity;
    struct sc_line_list mappings;
};

/* What is given out where memory is short. */
extern const char sc_normalise_no_memory[];

/* The entry of a raw path, valid until the next one is made. NULL: memory is short. */
struct sc_path_entry *sc_normalise_entry(struct sc_normaliser *normaliser, const char *path, size_t len);

/*
 * The component path[begin, end), with '/' or len behind it: what replaces it, or NULL where nothing does.
 * text has SC_COMPONENT_MAX bytes and may be what is returned. ret_directory: the component is known to be a directory.
 */
const char *sc_rules_replace(const struct sc_rules *rules, const char *path, size_t len, size_t begin, size_t end,
                             char *text, bool *ret_directory);

/*
 * path without doubled slashes, "." components and a leading "./" (text: len + 1 bytes). Where resolve is set, ".." is
 * resolved too, as if there were no symbolic links. Returns the length.
 */
size_t sc_clean_path(const char *path, size_t len, bool resolve, char *text);

/* FROM with a leading slash is a directory or file and all below; without one it is any text. */
bool sc_map_matches(const struct sc_map_rule *rule, const char *text, size_t at);
/* Applies one --map rule to *text (owned, replaced by a new one where the rule matches). 0, 1 where it did, -ENOMEM. */
int sc_apply_map(const struct sc_map_rule *rule, char **text);

#endif
