/*
 * lane.h: lanes and the chunks behind them.
 */
#ifndef SC_LANE_H
#define SC_LANE_H

#include "state.h"

/* What the writer tells the session, which knows more of the process than that it has records to store. */
struct sc_writer_events {
    bool (*forked)(void);                   /* before the first call of a forked child. False: it is not recorded */
    void (*first)(void);                    /* the process has its first chunk */
    void (*returned)(struct sc_lane *lane); /* the thread whose end was taken for the process's makes calls again */
};

/*
 * By the constructor, before there is a lane. False where forks that are not seen can't be told (Linux before 4.14).
 * events stays valid.
 */
bool sc_lane_begin(const struct sc_writer_events *events);

/*
 * The calling thread's lane with a chunk behind it; begins recording in a new thread or forked child. NULL where
 * nothing is recorded. Slow path: may make system calls.
 */
struct sc_lane *sc_lane_get(void);

/* The lane to store a record in: lane itself, or, while it is busy, a nested one. NULL where there is none. */
struct sc_lane *sc_lane_enter_slow(struct sc_lane *lane);

static inline struct sc_lane *sc_lane_enter(struct sc_lane *lane)
{
    if (SC_UNLIKELY(lane->busy) && !(lane = sc_lane_enter_slow(lane)))
        return NULL;
    lane->busy = 1; /* a handler that comes between the test and this ends before we go on */
    SC_BARRIER();
    return lane;
}

static inline void sc_lane_leave(struct sc_lane *lane)
{
    SC_BARRIER();
    lane->busy = 0;
}

/*
 * Makes room for bytes more in an entered lane, changing its chunk if need be. False where recording has stopped; the
 * lost record is counted then.
 */
bool sc_lane_room(struct sc_lane *lane, size_t bytes);

/* Counts a call that is not recorded, in the lane's chunk, the process's first, or the header. */
void sc_lane_lost(const struct sc_lane *lane);

/* Appends a meta record to an entered lane: head, then more. False where there is no room. */
bool sc_lane_meta(struct sc_lane *lane, unsigned type, const void *head, size_t head_bytes, const void *more,
                  size_t more_bytes);

/* What the calling thread stores from now on belongs to lane->process and lane->tid. */
void sc_lane_new_segment(struct sc_lane *lane);

/* The same for the calling thread, entering and leaving its lane. */
void sc_put_meta(unsigned type, const void *head, size_t head_bytes, const void *more, size_t more_bytes);

/* A NOTE of the process, now. */
void sc_put_note(enum sc_note_what what, uint64_t a, uint64_t b);

/* The calling thread ends: its lane with the rest of its chunk is left to the next thread. */
void sc_lane_end_thread(struct sc_lane *lane);

/* sc_lane_own where the lane is a stand-in. */
struct sc_lane *sc_lane_owner_of(struct sc_lane *stand_in);

/* The calling thread's lane as it is, which may have no chunk; NULL in a process that is not recorded, see below. */
static inline struct sc_lane *sc_lane_own(void)
{
    struct sc_lane *lane = sc_current()->lane;
    return SC_UNLIKELY(lane && lane->shares) ? sc_lane_owner_of(lane) : lane;
}

/*
 * A process is about to run beside the calling thread with that one's storage, and so with its lane: from now on only
 * the thread itself records.
 */
void sc_lane_share(struct sc_lane *lane);

/* The process ends with this thread: the rest of its chunk, where it is worth it, goes to a later process. */
void sc_lane_bequeath(struct sc_lane *lane);

/* All lanes of the process, those of threads being live. Follow all_next. */
struct sc_lane *sc_lane_first(void);

/* In a forked child that was seen to begin, where the kernel does not wipe. */
void sc_lane_forked_child(void);

/* In a forked child: forget the parent's lists. */
void sc_lane_forget(void);

#endif
