/*
 * mapped_table.h: what the process has mapped that stores into files: where, and which part of which mapping that is.
 *
 * A lock is held for a few instructions and never waited for long: a thread that does not get it (its handler
 * interrupted those instructions) is told so, and the record says that something was missed. A forked child begins with
 * its parent's table, as with its parent's mappings.
 */
#ifndef SC_MAPPED_TABLE_H
#define SC_MAPPED_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* A part of a mapping that lies together. */
struct sc_piece {
    uint64_t begin, end;
    uint64_t page;  /* of the file, that begin is */
    uint32_t owner; /* the process that made the mapping, and its number there */
    uint32_t number;
    uint64_t told; /* pages that the last msync's record told of */
    bool stores;   /* the program could store through it */
    bool last;     /* of one that was taken: nothing else is left of its mapping */
};

/* Is there anything at all? Asked before each munmap. */
extern uint32_t sc_pieces_used;
static inline bool sc_pieces_any(void)
{
    return __builtin_expect(__atomic_load_n(&sc_pieces_used, __ATOMIC_RELAXED) != 0, 0);
}

/* False: there is no room, or no lock to be had. */
bool sc_pieces_add(const struct sc_piece *piece);

enum sc_piece_answer { SC_PIECE_NONE, SC_PIECE_FOUND, SC_PIECE_MISSED };

/*
 * The next one that has addresses of [begin, end), cut to these, from place *at on, which is moved behind it (0 at
 * first). MISSED: the lock was not to be had.
 */
enum sc_piece_answer sc_pieces_next(uint64_t begin, uint64_t end, uint32_t *at, struct sc_piece *ret_piece);

/*
 * Takes one out, cut to these addresses. What it has beyond them stays; where there is no room for another piece, what
 * lies behind them does not: then the piece that is returned is longer.
 */
enum sc_piece_answer sc_pieces_take(uint64_t begin, uint64_t end, struct sc_piece *ret_piece);

/*
 * From now on a mapping that has such addresses can be stored into; *ret_piece is of it. False: all of them could
 * before, or nothing has these addresses.
 */
bool sc_pieces_open(uint64_t begin, uint64_t end, struct sc_piece *ret_piece);

/* The one that ends there reaches further; and the one at that place told of so many pages. */
void sc_pieces_extend(uint64_t end, uint64_t new_end);
void sc_pieces_told(uint32_t at, const struct sc_piece *piece, uint64_t pages);

/* In a forked child, whose threads are gone. */
void sc_pieces_forked(void);

#endif
