/*
 * sequence.h: the normalised calls of a run as numbers, one per distinct line, for diffing and folding.
 */
#ifndef SC_SEQUENCE_H
#define SC_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Distinct lines, shared by both sides of a comparison. */
struct sc_lines;
struct sc_lines *sc_lines_new(void);
void sc_lines_free(struct sc_lines *lines);
/* The number of that line, the same for the same bytes. 0, or -ENOMEM. */
int sc_lines_intern(struct sc_lines *lines, const char *line, size_t len, uint32_t *ret_id);
const char *sc_lines_text(const struct sc_lines *lines, uint32_t id);

struct sc_sequence {
    uint32_t *ids;
    size_t count, capacity;
};
int sc_sequence_add(struct sc_sequence *sequence, uint32_t id);
void sc_sequence_free(struct sc_sequence *sequence);

/*
 * A unified diff (three lines of context) of two sequences, as `patch` applies it, with the names in its first two
 * lines; nothing is written where they are equal. Bounded cost: where the sides differ too much for the exact answer it
 * falls back to a longer, still correct diff. Returns the number of differing lines, or -ENOMEM or -EIO.
 */
int64_t sc_write_unified(FILE *out, const struct sc_lines *lines, const struct sc_sequence *a, const char *name_a,
                         const struct sc_sequence *b, const char *name_b);

/*
 * The timeline: the sequence in order with loops folded, nested where that is shorter:
 *     353 x {
 *         lseek(<table.f0>, +3328, SEEK_SET) ...
 * Folding is over equal lines; the caller passes lines in which offsets that step are written as steps (+3328).
 * 0, -ENOMEM or -EIO.
 */
int sc_write_timeline(FILE *out, const struct sc_lines *lines, const struct sc_sequence *sequence);

#endif
