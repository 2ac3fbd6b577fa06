/*
 * store.h: the capture's file while it is recorded: growing it and mapping pieces of it.
 *
 * No descriptor stays open. A new piece is mapped by duplicating the header's mapping (mremap with an old size of 0),
 * which needs none. What needs a descriptor runs as helper.h says.
 */
#ifndef SC_STORE_H
#define SC_STORE_H

#include "state.h"

/*
 * Reserves bytes (a multiple of SC_GRANULE) of the file for the calling process and maps them, allocated, so that no
 * store can fail later. NULL: recording has stopped, sc_stop() was called.
 */
struct sc_chunk *sc_store_chunk(uint32_t bytes);
void sc_store_unmap(struct sc_chunk *chunk);

/* Its parts. Whether another chunk can be asked for; if not, recording has stopped. */
bool sc_store_may_grow(void);
/* Maps what is given to us, allocated. NULL: recording has stopped. */
struct sc_chunk *sc_store_map_chunk(uint64_t offset, uint32_t bytes);
/* Writes the header of the chunk that begins at offset; used is set already. */
void sc_store_begin_chunk(struct sc_chunk *chunk, uint64_t offset, uint32_t bytes);

/* Another mapping of the capture from offset on. Its address, or -errno. */
long sc_store_map_piece(uint64_t offset, uint64_t bytes);

/*
 * A process that is about to exit leaves a chunk of bytes, in which nobody stores any more, and one that begins
 * continues in it: else every short process would take up a chunk. The list of them is in the header: left_chunks, all
 * of one size. NULL: there is none.
 */
void sc_store_bequeath(uint64_t *list, struct sc_chunk *chunk);
struct sc_chunk *sc_store_inherit(uint64_t *list, uint32_t bytes);

/* The table that the session's processes keep in the file, of bytes at least; NULL where it cannot be had. */
void *sc_store_map_cache(size_t bytes);
void sc_store_unmap_cache(void *cache);

/* Ends recording in this process: nothing is stored from now on, calls are only counted as lost. */
void sc_stop(enum sc_stop reason, int error);

/* Opens the capture again: a descriptor, or -errno; -ESTALE if another file has its name. */
long sc_store_open(void);

/* Allocates [from, to) of the file, where nothing stands yet. 0 or -errno. */
long sc_store_allocate(long fd, uint64_t from, uint64_t to);

/* May a file grow to this size? Growing past RLIMIT_FSIZE would not only fail but send SIGXFSZ. */
bool sc_store_fits(uint64_t size);

#endif
