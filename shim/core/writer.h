/* writer.h: writers and the chunks that they fill. */
#ifndef SC_WRITER_H
#define SC_WRITER_H

#include "state.h"

/* Events that the writer reports to the session, which knows the process. */
struct sc_writer_events {
    bool (*forked)(void); /* before the first call of a forked child. False: do not record it */
    void (*first)(void);  /* the process has its first chunk */
    void (*returned)(
        struct sc_writer *writer); /* the thread whose end was recorded as the process's end makes calls again */
};

/*
 * By the constructor, before any writer exists. False if unseen forks go unnoticed (Linux before 4.14). events must
 * stay valid.
 */
bool sc_writer_begin(const struct sc_writer_events *events);

/*
 * The calling thread's writer, with a chunk; begins recording in a new thread or forked child. NULL if nothing is
 * recorded. Slow path: may make system calls.
 */
struct sc_writer *sc_writer_get(void);

/* The writer to store a record in: writer itself, or a nested one while it is busy. NULL if there is none. */
struct sc_writer *sc_writer_enter_slow(struct sc_writer *writer);

static inline struct sc_writer *sc_writer_enter(struct sc_writer *writer)
{
    if (SC_UNLIKELY(writer->busy) && !(writer = sc_writer_enter_slow(writer)))
        return NULL;
    writer->busy = 1; /* a handler that comes between the test and this is done before we go on */
    SC_BARRIER();
    return writer;
}

static inline void sc_writer_leave(struct sc_writer *writer)
{
    SC_BARRIER();
    writer->busy = 0;
}

/*
 * Makes room for bytes more in a writer that was entered, changing its chunk if needed. False: recording has stopped;
 * the lost record is counted.
 */
bool sc_writer_room(struct sc_writer *writer, size_t bytes);

/* Counts a call that is not recorded, in the writer's chunk, the process's first, or the header. */
void sc_writer_lost(const struct sc_writer *writer);

/* Appends a meta record, head and then more, to a writer that was entered. False if there is no room. */
bool sc_writer_meta(struct sc_writer *writer, unsigned type, const void *head, size_t head_bytes, const void *more,
                    size_t more_bytes);

/* Records that the calling thread stores from now on belong to writer->process and writer->tid. */
void sc_writer_new_segment(struct sc_writer *writer);

/* The same for the calling thread, entering and leaving its writer. */
void sc_put_meta(unsigned type, const void *head, size_t head_bytes, const void *more, size_t more_bytes);

/* A NOTE of the process, now. */
void sc_put_note(enum sc_note_what what, uint64_t a, uint64_t b);

/* The calling thread ends: the next thread may take its writer and the rest of its chunk. */
void sc_writer_end_thread(struct sc_writer *writer);

/* sc_writer_own for a writer that is a stand-in. */
struct sc_writer *sc_writer_owner_of(struct sc_writer *stand_in);

/* The calling thread's writer as it is, perhaps without a chunk. NULL in a process that is not recorded, see below. */
static inline struct sc_writer *sc_writer_own(void)
{
    struct sc_writer *writer = sc_current()->writer;
    return SC_UNLIKELY(writer && writer->shares) ? sc_writer_owner_of(writer) : writer;
}

/*
 * A process is about to run beside the calling thread with that thread's storage, and so with its writer: from now on
 * only the thread itself records.
 */
void sc_writer_share(struct sc_writer *writer);

/* The process ends with this thread: a later process may use the rest of its chunk, if it is large enough. */
void sc_writer_bequeath(struct sc_writer *writer);

/* All writers of the process, linked by all_next; those that belong to threads are live. */
struct sc_writer *sc_writer_first(void);

/* In a forked child that we saw begin, if the kernel does not wipe. */
void sc_writer_forked_child(void);

/* In a forked child: forget the parent's lists. */
void sc_writer_forget(void);

#endif
