/*
 * store.h: the capture's file: creating or joining it, growing it, mapping pieces of it.
 *
 * No descriptor stays open. New pieces are mapped by duplicating the mapping of the header (mremap with an old size of
 * 0), which needs none. What does need one is run in a helper that shares our memory but has a copy of the descriptor
 * table (sc_outside), so that no thread of the program can meet it.
 */
#ifndef SC_STORE_H
#define SC_STORE_H

#include "state.h"

struct sc_options;

/* Creates the capture of a new session at options' output name. 0, or -errno (with sc_process untouched). */
int sc_store_create(const struct sc_options *options);

/* Joins the session that options describes. 0; -ESTALE where the file is not that very one; -errno. */
int sc_store_join(const struct sc_options *options);

/*
 * Reserves bytes (a multiple of SC_GRANULE) of the file for the calling process and maps them, with their space
 * allocated, so that no store can fail later. NULL where recording stops: sc_stop() was called.
 */
struct sc_chunk *sc_store_chunk(uint32_t bytes);
void sc_store_unmap(struct sc_chunk *chunk);

/* The table that the session's processes keep in the file, of bytes at least; NULL where it cannot be had. */
void *sc_store_map_cache(size_t bytes);
void sc_store_unmap_cache(void *cache);

/* Recording ends in this process: nothing is stored from now on, calls are only counted as lost. */
void sc_stop(enum sc_stop reason, int error);

/*
 * Runs function(argument) with all signals blocked in a child that shares memory but no descriptors, and waits for it.
 * function must use nothing but sc_sys. 0, or -errno where no such child could be made.
 */
int sc_outside(void (*function)(void *argument), void *argument);

#endif
