/*
 * input_name.h: what an input's name says: that it was packed, and that it is one of the files of strace -ff. Only
 * names and labels depend on it; what a file holds is told by its content.
 */
#ifndef SC_INPUT_NAME_H
#define SC_INPUT_NAME_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the ending that a packer gave (".gz" and the like), 0: none, or nothing stands before it. */
size_t sc_packed_ending(const char *name, size_t len);

/* Bytes of the name, which has no folder, without a packer's ending and the one before it: run of run.bin.zst. */
size_t sc_stem_length(const char *name, size_t len);

/* The number of NAME.number, or of NAME.number with a packer's ending, where entry is so called; or 0. */
int32_t sc_family_member(const char *entry, const char *name, size_t name_len);

#endif
