/*
 * format_memo.h: lines that were formatted before. A long run makes the same few calls again and again, and what a
 * plain read, write or lseek looks like depends on a few numbers: a call with the same ones has the same line, which is
 * found without formatting it and without a look at its text.
 */
#ifndef SC_FORMAT_MEMO_H
#define SC_FORMAT_MEMO_H

#include "format.h"

/* Whatever a line depends on, packed: calls with a file or size without room here are formatted each time. */
struct sc_memo_key {
    uint64_t call;   /* which call and file */
    uint64_t moved;  /* size and result; of an lseek the offset, or the step */
    uint64_t offset; /* or the step; of an lseek the result */
};

/* The last call of its hash, and its line's number. */
struct sc_memo_entry {
    struct sc_memo_key key;
    uint32_t id; /* + 1; 0: none yet */
};

struct sc_memo;
struct sc_memo *sc_memo_new(void); /* NULL where memory is short */
void sc_memo_free(struct sc_memo *memo);

/*
 * Where a call's lines are remembered: as it is, and in a timeline, with its offset as a step. False for a call whose
 * lines depend on more. The formatter has steps; to be asked before the call is formatted.
 */
struct sc_memo_place {
    struct sc_memo_key key;
    struct sc_memo_entry *entry;
};
bool sc_memo_places(struct sc_memo *memo, const struct sc_formatter *formatter, const struct sc_event *event,
                    struct sc_memo_place ret_places[2]);

/* Has the places of an event that will be asked for soon fetched, as far as they are known. */
void sc_memo_fetch(const struct sc_memo *memo, const struct sc_event *event);

/* The line's number, or false. */
bool sc_memo_get(const struct sc_memo_place *place, uint32_t *ret_id);
void sc_memo_put(const struct sc_memo_place *place, uint32_t id);

#endif
