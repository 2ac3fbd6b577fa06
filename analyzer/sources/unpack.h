/*
 * unpack.h: the bytes of a pipe or a packed file (gzip, bzip2, xz, zstd, lz4; by content), by libarchive.
 */
#ifndef SC_UNPACK_H
#define SC_UNPACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"

enum { SC_PACKED_MAGIC = 6 }; /* so many first bytes tell whether something is packed */

bool sc_is_packed(const unsigned char *head, size_t len);

/* What has been unpacked into a spool. */
struct sc_unpacked {
    uint64_t bytes;
    char damage[256]; /* why that is not all; empty: it is */
};

/*
 * Writes what fd has, unpacked where it is packed, into spool, at most limit bytes. 0, or -errno and ret_error, which
 * begins with name. Bytes before a damage are a success.
 */
int sc_unpack(int fd, const char *name, int spool, uint64_t limit, struct sc_unpacked *ret_unpacked,
              struct sc_error *ret_error);

/* The first bytes of fd, unpacked: how many, or -1. */
ssize_t sc_unpack_head(int fd, void *head, size_t bytes);

/* A file without a name in TMPDIR; in memory where there is none to be had, then *ret_memory. Or -errno. */
int sc_spool_new(bool *ret_memory);

#endif
