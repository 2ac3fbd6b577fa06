/*
 * unseen.h: files of which one of two runs does not know all that was written to them: a capture does not look at what
 * goes to /dev/null, a log of strace -s 0 has no bytes. There both show buf[7], whatever the other one knows: data[7]
 * here and buf[7] there would be no difference of the programs.
 */
#ifndef SC_UNSEEN_H
#define SC_UNSEEN_H

#include "../model/files.h"
#include "normalise.h"

/* All zero is none. */
struct sc_unseen {
    struct sc_intern names;
};

/* Adds those of a run by the names that its normaliser has for them, which are the same on both sides. 0, or -ENOMEM.
 */
int sc_unseen_add(struct sc_unseen *unseen, struct sc_normaliser *normaliser, const struct sc_files *files);
void sc_unseen_free(struct sc_unseen *unseen);

bool sc_is_unseen(const struct sc_unseen *unseen, struct sc_normaliser *normaliser, const struct sc_file *file);

#endif
