/*
 * kept.h: where the oldest calls are overwritten (ring.h), what later ones depend on must stay: who the processes are,
 * what they run and have mapped, how they ended. It stands in chunks of its own, which a process's threads take turns
 * at: each takes one that is idle, or a new one, stores its record behind a SEGMENT of its own, and gives it back.
 */
#ifndef SC_KEPT_H
#define SC_KEPT_H

#include "writer.h"

/* Whether a meta record of that type must stay. */
bool sc_kept_is(unsigned type);

/* Stores one in the name of that writer, see sc_writer_meta. */
void sc_kept_meta(const struct sc_writer *writer, unsigned type, const void *head, size_t head_bytes, const void *more,
                  size_t more_bytes);

/* The process ends: later ones may use what is left of its chunks. */
void sc_kept_bequeath(void);

#endif
