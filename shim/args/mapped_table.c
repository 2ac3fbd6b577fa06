#include "mapped_table.h"

#include "../core/raw_syscall.h"
#include "../core/state.h"

enum { PIECES = 512, TRIES = 1000 };

static struct sc_piece pieces[PIECES]; /* end 0: free */
uint32_t sc_pieces_used;               /* places from there on are free */
static uint32_t locked;

static bool lock(void)
{
    for (unsigned tries = 0; __atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE); tries++) {
        if (tries == TRIES || sc_process.no_syscalls)
            return false;
        sc_syscall(SYS_sched_yield, 0);
    }
    return true;
}

static void unlock(void)
{
    __atomic_store_n(&locked, 0, __ATOMIC_RELEASE);
}

void sc_pieces_forked(void)
{
    unlock();
    for (uint32_t i = 0; i < sc_pieces_used; i++)
        pieces[i].told = 0; /* its page table is its own */
}

static struct sc_piece *free_place(void)
{
    for (uint32_t i = 0; i < PIECES; i++)
        if (!pieces[i].end) {
            if (i >= sc_pieces_used)
                __atomic_store_n(&sc_pieces_used, i + 1, __ATOMIC_RELAXED);
            return &pieces[i];
        }
    return NULL;
}

static void shrink_used(void)
{
    uint32_t used = sc_pieces_used;
    while (used && !pieces[used - 1].end)
        used--;
    __atomic_store_n(&sc_pieces_used, used, __ATOMIC_RELAXED);
}

bool sc_pieces_add(const struct sc_piece *piece)
{
    if (!lock())
        return false;
    struct sc_piece *place = free_place();
    if (place)
        *place = *piece;
    unlock();
    return place;
}

static bool overlaps(const struct sc_piece *piece, uint64_t begin, uint64_t end)
{
    return piece->end && piece->begin < end && piece->end > begin;
}

static void cut(struct sc_piece *piece, uint64_t begin, uint64_t end)
{
    if (piece->begin < begin) {
        piece->page += (begin - piece->begin) / SC_GRANULE;
        piece->begin = begin;
    }
    if (piece->end > end)
        piece->end = end;
}

enum sc_piece_answer sc_pieces_next(uint64_t begin, uint64_t end, uint32_t *at, struct sc_piece *ret_piece)
{
    enum sc_piece_answer answer = SC_PIECE_NONE;
    if (!lock())
        return SC_PIECE_MISSED;
    while (*at < sc_pieces_used && answer == SC_PIECE_NONE) {
        *ret_piece = pieces[(*at)++];
        if (overlaps(ret_piece, begin, end))
            answer = SC_PIECE_FOUND;
    }
    unlock();
    cut(ret_piece, begin, end);
    return answer;
}

/* Are both parts of one mapping? */
static bool is_of(const struct sc_piece *piece, const struct sc_piece *other)
{
    return piece->end && piece->owner == other->owner && piece->number == other->number;
}

bool sc_pieces_open(uint64_t begin, uint64_t end, struct sc_piece *ret_piece)
{
    bool any = false;
    if (!lock())
        return false;
    for (uint32_t i = 0; i < sc_pieces_used && !any; i++)
        if (!pieces[i].stores && overlaps(&pieces[i], begin, end)) {
            *ret_piece = pieces[i];
            any = true;
        }
    for (uint32_t i = 0; i < sc_pieces_used && any; i++)
        pieces[i].stores |= is_of(&pieces[i], ret_piece);
    unlock();
    return any;
}

static bool is_last(const struct sc_piece *taken)
{
    for (uint32_t i = 0; i < sc_pieces_used; i++)
        if (is_of(&pieces[i], taken))
            return false;
    return true;
}

/* The piece loses [begin, end) in its middle, its end or its begin; *ret_taken is what it lost. */
static void take_from(struct sc_piece *piece, uint64_t begin, uint64_t end, struct sc_piece *ret_taken)
{
    struct sc_piece behind = *piece, *place = NULL;
    *ret_taken = *piece;
    cut(&behind, end, UINT64_MAX);
    bool before = piece->begin<begin, after = piece->end> end;
    if (before && after && !(place = free_place()))
        after = false;
    cut(ret_taken, begin, after ? end : UINT64_MAX);
    if (before)
        piece->end = begin;
    else if (after)
        *piece = behind;
    else
        piece->end = 0;
    if (place)
        *place = behind;
}

enum sc_piece_answer sc_pieces_take(uint64_t begin, uint64_t end, struct sc_piece *ret_piece)
{
    enum sc_piece_answer answer = SC_PIECE_NONE;
    if (!lock())
        return SC_PIECE_MISSED;
    for (uint32_t i = 0; i < sc_pieces_used && answer == SC_PIECE_NONE; i++)
        if (overlaps(&pieces[i], begin, end)) {
            take_from(&pieces[i], begin, end, ret_piece);
            ret_piece->last = is_last(ret_piece);
            answer = SC_PIECE_FOUND;
        }
    shrink_used();
    unlock();
    return answer;
}

void sc_pieces_extend(uint64_t end, uint64_t new_end)
{
    if (!lock())
        return;
    for (uint32_t i = 0; i < sc_pieces_used; i++)
        if (pieces[i].end == end)
            pieces[i].end = new_end;
    unlock();
}

void sc_pieces_told(uint32_t at, const struct sc_piece *piece, uint64_t pages)
{
    if (!lock())
        return;
    if (at < sc_pieces_used && is_of(&pieces[at], piece))
        pieces[at].told = pages;
    unlock();
}
