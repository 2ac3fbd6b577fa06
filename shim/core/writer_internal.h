/* writer_internal.h: what writer.c and writer_pool.c share; private to them. */
#ifndef SC_WRITER_INTERNAL_H
#define SC_WRITER_INTERNAL_H

#include "writer.h"

extern bool sc_cannot_wipe; /* Linux before 4.14: forks that we do not see go unnoticed */

/* An idle writer, or a new one, known among all. NULL if there is no memory. */
struct sc_writer *sc_pool_take(void);
/* An idle one alone, which takes no system call. NULL if there is none. */
struct sc_writer *sc_pool_take_idle(void);
/* It is idle from now on. */
void sc_pool_give_back(struct sc_writer *writer);
/* The same of writers whose chunks are kept (kept.h): an idle one or a new one, an idle one alone, and back. */
struct sc_writer *sc_pool_take_kept(void);
struct sc_writer *sc_pool_take_idle_kept(void);
void sc_pool_give_kept(struct sc_writer *writer);
/* Gives a writer that has none its first chunk. False: there is none to be had. */
bool sc_writer_first_chunk(struct sc_writer *writer);
/* In a forked child: the parent's writers are none of ours. */
void sc_pool_forget(void);

#endif
