/*
 * writer.h: writers and the chunks behind them.
 */
#ifndef SC_LANE_H
#define SC_LANE_H

#include "state.h"

/* What the writer tells the session, which knows more of the process than that it has records to store. */
struct sc_writer_events {
    bool (*forked)(void);                       /* before the first call of a forked child. False: it is not recorded */
    void (*first)(void);                        /* the process has its first chunk */
    void (*returned)(struct sc_writer *writer); /* the thread whose end was taken for the process's makes calls again */
};

/*
 * By the constructor, before there is a writer. False where forks that are not seen can't be told (Linux before 4.14).
 * events stays valid.
 */
bool sc_writer_begin(const struct sc_writer_events *events);

/*
 * The calling thread's writer with a chunk behind it; begins recording in a new thread or forked child. NULL where
 * nothing is recorded. Slow path: may make system calls.
 */
struct sc_writer *sc_writer_get(void);

/* The writer to store a record in: writer itself, or, while it is busy, a nested one. NULL where there is none. */
struct sc_writer *sc_writer_enter_slow(struct sc_writer *writer);

static inline struct sc_writer *sc_writer_enter(struct sc_writer *writer)
{
    if (SC_UNLIKELY(writer->busy) && !(writer = sc_writer_enter_slow(writer)))
        return NULL;
    writer->busy = 1; /* a handler that comes between the test and this ends before we go on */
    SC_BARRIER();
    return writer;
}

static inline void sc_writer_leave(struct sc_writer *writer)
{
    SC_BARRIER();
    writer->busy = 0;
}

/*
 * Makes room for bytes more in an entered writer, changing its chunk if need be. False where recording has stopped; the
 * lost record is counted then.
 */
bool sc_writer_room(struct sc_writer *writer, size_t bytes);

/* Counts a call that is not recorded, in the writer's chunk, the process's first, or the header. */
void sc_writer_lost(const struct sc_writer *writer);

/* Appends a meta record to an entered writer: head, then more. False where there is no room. */
bool sc_writer_meta(struct sc_writer *writer, unsigned type, const void *head, size_t head_bytes, const void *more,
                    size_t more_bytes);

/* What the calling thread stores from now on belongs to writer->process and writer->tid. */
void sc_writer_new_segment(struct sc_writer *writer);

/* The same for the calling thread, entering and leaving its writer. */
void sc_put_meta(unsigned type, const void *head, size_t head_bytes, const void *more, size_t more_bytes);

/* A NOTE of the process, now. */
void sc_put_note(enum sc_note_what what, uint64_t a, uint64_t b);

/* The calling thread ends: its writer with the rest of its chunk is left to the next thread. */
void sc_writer_end_thread(struct sc_writer *writer);

/* sc_writer_own where the writer is a stand-in. */
struct sc_writer *sc_writer_owner_of(struct sc_writer *stand_in);

/* The calling thread's writer as it is, which may have no chunk; NULL in a process that is not recorded, see below. */
static inline struct sc_writer *sc_writer_own(void)
{
    struct sc_writer *writer = sc_current()->writer;
    return SC_UNLIKELY(writer && writer->shares) ? sc_writer_owner_of(writer) : writer;
}

/*
 * A process is about to run beside the calling thread with that one's storage, and so with its writer: from now on only
 * the thread itself records.
 */
void sc_writer_share(struct sc_writer *writer);

/* The process ends with this thread: the rest of its chunk, where it is worth it, goes to a later process. */
void sc_writer_bequeath(struct sc_writer *writer);

/* All writers of the process, those of threads being live. Follow all_next. */
struct sc_writer *sc_writer_first(void);

/* In a forked child that was seen to begin, where the kernel does not wipe. */
void sc_writer_forked_child(void);

/* In a forked child: forget the parent's lists. */
void sc_writer_forget(void);

#endif
