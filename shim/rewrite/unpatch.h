/*
 * unpatch.h: the code that was changed, and changing it back.
 */
#ifndef SC_CHANGED_H
#define SC_CHANGED_H

#include <stdbool.h>

#include "site.h"

/* Is there room to remember one more segment? Room that was seen stays there for the thread that holds the loader's
 * lock. */
bool sc_unpatch_room(void);

/*
 * The pages of a segment, with the protection that they have, in which sites were overwritten: last and those before it
 * (sc_site.previous). Nobody runs in them yet.
 */
void sc_unpatch_remember(uint64_t begin, uint64_t end, int protection, const struct sc_site *last);

/* Memory is about to be unmapped or mapped over: nothing there is to be changed back any more. */
void sc_unpatch_forget(uint64_t begin, uint64_t end);

/*
 * Every site as it was, also those of objects that come later; other threads may run in the code meanwhile. They come
 * back from trampolines in which they are; the trampolines stay. False where some of it could not be changed back.
 */
bool sc_unpatch_all(void);

#endif
