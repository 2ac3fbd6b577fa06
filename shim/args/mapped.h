/*
 * mapped.h: mappings that store into files. A store is no call; which pages the program touched is in its page table
 * (core/present.h), so that is looked at where it is about to lose something: before munmap, mremap, a mapping over it,
 * advice that drops pages, exec and the end; and before msync, for a process that is killed later. What the pages held
 * is copied by the kernel, since another process may cut the file meanwhile.
 */
#ifndef SC_MAPPED_H
#define SC_MAPPED_H

#include "call_record.h"
#include "mapped_table.h"

/* Words that stand side by side in means.def. */
static inline bool sc_mapped_concerns(enum sc_means means)
{
    return means >= SC_MEANS_MAP && means <= SC_MEANS_ADVISE_MAPPED;
}

/* Around a call that it concerns. */
void sc_mapped_before(enum sc_means means, const uint64_t *args);
void sc_mapped_after(enum sc_means means, const uint64_t *args, int64_t result);

/* The process is about to exec, which may fail, or to end, and something may be stored until it has. */
void sc_mapped_tell(void);

#endif
