/*
 * sequence.h: the normalised calls of a run as numbers, one per distinct line, for diffing and folding.
 */
#ifndef SC_SEQUENCE_H
#define SC_SEQUENCE_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Distinct lines, shared by both sides of a comparison. */
struct sc_lines;
struct sc_lines *sc_lines_new(void);
void sc_lines_free(struct sc_lines *lines);
/* The number of that line, the same for the same bytes. 0, or -ENOMEM. */
int sc_lines_intern(struct sc_lines *lines, const char *line, size_t len, uint32_t *ret_id);
/* The same for several lines at a time (SC_LINES_MANY at most), which is faster. */
enum { SC_LINES_MANY = 32 };
int sc_lines_intern_many(struct sc_lines *lines, const char *const *texts, const size_t *lens, size_t count,
                         uint32_t *ret_ids);
const char *sc_lines_text(const struct sc_lines *lines, uint32_t id);
const char *sc_lines_get(const struct sc_lines *lines, uint32_t id, size_t *ret_len);
/* Has soon's text fetched, and where the one of later stands, while something else is done. */
void sc_lines_fetch(const struct sc_lines *lines, uint32_t soon, uint32_t later);
/* Adds all lines of from. ret_ids: for each of their numbers the one in to; to be freed. 0, or -ENOMEM. */
int sc_lines_merge(struct sc_lines *to, const struct sc_lines *from, uint32_t **ret_ids);

struct sc_sequence {
    uint32_t *ids;
    size_t count, capacity;
};
/* Room for one more. 0, or -ENOMEM. */
int sc_sequence_grow(struct sc_sequence *sequence);
static inline int sc_sequence_add(struct sc_sequence *sequence, uint32_t id)
{
    if (__builtin_expect(sequence->count == sequence->capacity, 0) && sc_sequence_grow(sequence))
        return -ENOMEM;
    sequence->ids[sequence->count++] = id;
    return 0;
}
void sc_sequence_renumber(struct sc_sequence *sequence, const uint32_t *ids);
void sc_sequence_free(struct sc_sequence *sequence);

/*
 * A unified diff (three lines of context) of two sequences, as `patch` applies it, with the names in its first two
 * lines; nothing is written where they are equal. Bounded cost: where the sides differ too much for the exact answer it
 * falls back to a longer, still correct diff. Returns the number of differing lines, or -ENOMEM or -EIO.
 *
 * Only the first lines of each side may be compared: then the diff changes those and no others, with the lines behind
 * them as context (patch takes a hunk without context at its end for one at the file's end).
 */
struct sc_diff_side {
    const struct sc_sequence *lines; /* of the whole file */
    size_t compared;                 /* of them, from the first on */
    const char *name;
};
int64_t sc_write_unified(FILE *out, const struct sc_lines *lines, const struct sc_diff_side *a,
                         const struct sc_diff_side *b);

/* What differs: bit by bit (a byte each) which lines of a and of b have no counterpart. 0, or -ENOMEM. */
struct sc_diff {
    uint8_t *only_a; /* a->count of them */
    uint8_t *only_b;
};
int sc_diff_make(const struct sc_sequence *a, const struct sc_sequence *b, struct sc_diff *ret_diff);
void sc_diff_free(struct sc_diff *diff);

/*
 * The timeline: the sequence in order with loops folded, nested where that is shorter:
 *     353 x { lseek(<table.f0>, +3328, SEEK_SET); write(<table.f0>, zeros[3328]) }
 * on one line where it fits 160 columns, as an indented block otherwise. Folding is over equal lines; the caller passes
 * lines in which offsets that step are written as steps (struct sc_formatter.steps). 0, or -ENOMEM.
 */
struct sc_line_writer;
int sc_write_timeline(struct sc_line_writer *log, const struct sc_sequence *sequence);

/*
 * The folded sequence: items are numbers of lines, or loops where SC_FOLD_LOOP is set. Loops repeat a body of items;
 * equal loops are one. Nothing is lost: sc_unfold gives the sequence back.
 */
#define SC_FOLD_LOOP UINT32_C(0x80000000)
struct sc_fold;
int sc_fold_make(const struct sc_sequence *sequence, struct sc_fold **ret_fold);
void sc_fold_free(struct sc_fold *fold);
const uint32_t *sc_fold_items(const struct sc_fold *fold, size_t *ret_count);
/* A loop's body of *ret_count items into items (SC_FOLD_PERIOD of room); returns how often it runs. */
enum { SC_FOLD_PERIOD = 256 };
uint32_t sc_fold_loop(const struct sc_fold *fold, uint32_t item, uint32_t *items, size_t *ret_count);
/* Writes an item as the timeline does, on one line where it fits so many columns (160 at most). 0, or -ENOMEM. */
int sc_fold_write(FILE *out, const struct sc_lines *lines, const struct sc_fold *fold, uint32_t item, unsigned columns);
int sc_unfold(const struct sc_fold *fold, struct sc_sequence *ret_sequence);

#endif
