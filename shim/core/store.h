/*
 * store.h: the capture's file while it is recorded: growing it, and mapping pieces of it.
 *
 * No descriptor stays open. New pieces are mapped by duplicating the mapping of the header (mremap with an old size of
 * 0), which needs none. What does need one is done as helper.h says.
 */
#ifndef SC_STORE_H
#define SC_STORE_H

#include "state.h"

/*
 * Reserves bytes (a multiple of SC_GRANULE) of the file for the calling process and maps them, with their space
 * allocated, so that no store can fail later. NULL where recording stops: sc_stop() was called.
 */
struct sc_chunk *sc_store_chunk(uint32_t bytes);
void sc_store_unmap(struct sc_chunk *chunk);

/*
 * A process that has ended but for its exit leaves a chunk of SC_CHUNK_FIRST bytes, in which nobody stores any more,
 * and one that begins goes on in it: else every short process would take up a chunk. NULL: there is none.
 */
void sc_store_bequeath(struct sc_chunk *chunk);
struct sc_chunk *sc_store_inherit(void);

/* The table that the session's processes keep in the file, of bytes at least; NULL where it cannot be had. */
void *sc_store_map_cache(size_t bytes);
void sc_store_unmap_cache(void *cache);

/* Recording ends in this process: nothing is stored from now on, calls are only counted as lost. */
void sc_stop(enum sc_stop reason, int error);

/* The capture opened anew: a descriptor, or -errno; -ESTALE where another file has its name. */
long sc_store_open(void);

/* Allocates [from, to) of the file, where nothing stands yet. 0 or -errno. */
long sc_store_allocate(long fd, uint64_t from, uint64_t to);

/* May a file become so large? Growing past RLIMIT_FSIZE would not only fail but send SIGXFSZ. */
bool sc_store_fits(uint64_t size);

#endif
